package connect_test

import (
	"testing"
	"time"

	"docsquare/internal/cache/redis"
	"docsquare/internal/config"
	"docsquare/internal/services/connect"
	"docsquare/internal/testkit"
)

// TestTimeoutsOfTheConfiguration waits for an answer of Redis as long as the longest timeout of the configuration, which may be longer than
// the defaults.
func TestTimeoutsOfTheConfiguration(t *testing.T) {
	server := testkit.StartRedis(t)
	for name, set := range map[string]func(*config.Config){
		"read":  func(c *config.Config) { c.RedisReadTimeout = time.Minute },
		"write": func(c *config.Config) { c.RedisWriteTimeout = time.Minute },
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config.Default()
			cfg.RedisURL = server.URL
			set(&cfg)
			client, err := redis.Connect(connect.RedisEndpoint(cfg))
			testkit.Must(t, err)
			defer func() { testkit.Must(t, client.Close()) }()
			const pause = 600 * time.Millisecond // three times the least timeout of a command
			testkit.Must(t, client.Do(t.Context(), "CLIENT", "PAUSE", pause.Milliseconds(), "ALL").Err())
			began := time.Now()
			testkit.Must(t, client.Ping(t.Context()).Err())
			if waited := time.Since(began); waited < pause/2 {
				t.Errorf("the server answered after %v: it has not paused", waited)
			}
		})
	}
}
