package redis_test

import (
	"errors"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	farredis "docsquare/internal/cache/redis"
	"docsquare/internal/testkit"
)

// TestCheckUp talks to each server of every topology, and leaves nothing there.
func TestCheckUp(t *testing.T) {
	for name, c := range map[string]struct {
		setup    testkit.RedisSetup
		topology string
		servers  int
	}{
		"single":             {testkit.RedisSetup{Topology: testkit.Single}, "single", 1},
		"single, user":       {testkit.RedisSetup{Topology: testkit.Single, User: true}, "single", 1},
		"Sentinel, password": {testkit.RedisSetup{Topology: testkit.Sentinel, Password: true}, "Sentinel", 1},
		"Cluster, TLS":       {testkit.RedisSetup{Topology: testkit.Cluster, TLS: true}, "Cluster", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := testkit.StartRedisSite(t, c.setup)
			got, err := farredis.CheckUp(t.Context(), site.Options, site.Prefix)
			testkit.Must(t, err)
			if got.Topology != c.topology || len(got.Servers) != c.servers || got.Refused != nil {
				t.Errorf("%+v", got)
			}
			for _, s := range got.Servers {
				if !s.Supported() || s.Ahead.Abs() > time.Second || s.Memory == 0 || s.WantsReplicas {
					t.Errorf("%+v", s)
				}
			}
			if keys := site.Keys(); len(keys) > 0 {
				t.Errorf("left over: %q", keys)
			}
		})
	}
}

// TestCheckUpSettings reads what an operator has set.
func TestCheckUpSettings(t *testing.T) {
	server := testkit.StartRedis(t, "--maxmemory", "50mb", "--maxmemory-policy", "volatile-lfu", "--min-replicas-to-write", "1")
	got, err := farredis.CheckUp(t.Context(), farredis.Endpoint{URL: server.URL}, "p:")
	testkit.Must(t, err)
	s := got.Servers[0]
	if s.MaxMemory != 50<<20 || s.Policy != "volatile-lfu" || !s.WantsReplicas {
		t.Errorf("%+v", s)
	}
	if farredis.Refusal(got.Refused) != "NOREPLICAS" {
		t.Errorf("%v", got.Refused)
	}
}

// TestCheckUpRefusal: it is the word that Redis begins its refusal with, and no other error's.
func TestCheckUpRefusal(t *testing.T) {
	server := testkit.StartRedis(t, "--requirepass", "x")
	_, err := farredis.CheckUp(t.Context(), farredis.Endpoint{URL: server.URL, Password: "y"}, "")
	if farredis.Refusal(err) != "WRONGPASS" {
		t.Errorf("%q: %v", farredis.Refusal(err), err)
	}
	server.Stop()
	_, err = farredis.CheckUp(t.Context(), farredis.Endpoint{URL: server.URL, Password: "y"}, "")
	if err == nil || farredis.Refusal(err) != "" {
		t.Errorf("%q: %v", farredis.Refusal(err), err)
	}
	for _, err := range []error{nil, redis.Nil, errors.New("OOM, we believe")} {
		if word := farredis.Refusal(err); word != "" {
			t.Errorf("%v: %q", err, word)
		}
	}
}

// TestCheckUpSupported compares versions by their numbers.
func TestCheckUpSupported(t *testing.T) {
	for version, want := range map[string]bool{"7.0.0": true, "7": false, "7.0": true, "7.4.1": true, "10.0.1": true, "6.2.14": false, "": false} {
		if got := (farredis.ServerCheckup{Version: version}).Supported(); got != want {
			t.Errorf("%q: %v", version, got)
		}
	}
}
