package cache_test

import (
	"testing"

	"github.com/redis/go-redis/v9"

	"docsquare/internal/cache"
	"docsquare/internal/testkit"
)

func connect(t *testing.T, url string) redis.UniversalClient {
	t.Helper()
	c, err := cache.Connect(url, "", 0)
	testkit.Must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c.UniversalClient
}

func TestConnectReadsTheURL(t *testing.T) {
	if c, err := cache.Connect("", "", 0); c != nil || err != nil {
		t.Fatalf("no URL: %v, %v", c, err)
	}
	for _, url := range []string{"http://127.0.0.1", "127.0.0.1:6379", "redis://127.0.0.1/x", "redis://%zz"} {
		if _, err := cache.Connect(url, "", 0); err == nil {
			t.Errorf("%s is no error", url)
		}
	}
	one, ok := connect(t, "rediss://ann:secret@127.0.0.1:1/2").(*redis.Client)
	if !ok {
		t.Fatal("one address is not one server")
	}
	if o := one.Options(); o.TLSConfig == nil || o.Username != "ann" || o.Password != "secret" || o.DB != 2 || o.Addr != "127.0.0.1:1" {
		t.Errorf("one server: %v", o)
	}
	many, ok := connect(t, "rediss://ann:secret@127.0.0.1:1,127.0.0.1:2").(*redis.ClusterClient)
	if !ok {
		t.Fatal("two addresses are no cluster")
	}
	if o := many.Options(); o.TLSConfig == nil || o.Username != "ann" || o.Password != "secret" || len(o.Addrs) != 2 {
		t.Errorf("a cluster: %+v", o)
	}
}
