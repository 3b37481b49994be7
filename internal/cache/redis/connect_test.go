package redis_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	farredis "docsquare/internal/cache/redis"
	"docsquare/internal/testkit"
)

func connect(t *testing.T, o farredis.Endpoint) redis.UniversalClient {
	t.Helper()
	c, err := farredis.Connect(o)
	testkit.Must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c.UniversalClient
}

// reached is what a client was told, whatever the topology.
type reached struct {
	addrs                       []string
	username, password, encrypt string
	db                          int
}

func reachedBy(t *testing.T, client redis.UniversalClient) (r reached) {
	t.Helper()
	tls := false
	switch c := client.(type) {
	case *redis.Client:
		o := c.Options()
		r, tls = reached{addrs: []string{o.Addr}, username: o.Username, password: o.Password, db: o.DB}, o.TLSConfig != nil
	case *redis.ClusterClient:
		o := c.Options()
		r, tls = reached{addrs: o.Addrs, username: o.Username, password: o.Password}, o.TLSConfig != nil
	default:
		t.Fatalf("%T", client)
	}
	if tls {
		r.encrypt = "TLS"
	}
	return r
}

func TestConnectReadsTheOptions(t *testing.T) {
	if c, err := farredis.Connect(farredis.Endpoint{}); c != nil || err != nil {
		t.Fatalf("no URL: %v, %v", c, err)
	}
	sentinels := []string{"FailoverClient"} // the client's word for the current master
	for _, c := range []struct {
		o    farredis.Endpoint
		want reached
	}{
		{farredis.Endpoint{URL: "redis://a"}, reached{addrs: []string{"a:6379"}}},
		{farredis.Endpoint{URL: "redis://[::1]:1"}, reached{addrs: []string{"[::1]:1"}}},
		{farredis.Endpoint{URL: "unix:///redis.sock?db=3"}, reached{addrs: []string{"/redis.sock"}, db: 3}},
		{farredis.Endpoint{URL: "rediss://ann:s%40crt@a:1/2"}, reached{[]string{"a:1"}, "ann", "s@crt", "TLS", 2}},
		{farredis.Endpoint{URL: "redis://ann:url@a:1/2", Username: "bob", Password: "own", DB: 3}, reached{[]string{"a:1"}, "bob", "own", "", 3}},
		{farredis.Endpoint{URL: "rediss://ann:s%40crt@a:1,b"}, reached{[]string{"a:1", "b:6379"}, "ann", "s@crt", "TLS", 0}},
		{farredis.Endpoint{URL: "redis://[::1]:1,[::1]:2/", Username: "bob", Password: "own"}, reached{[]string{"[::1]:1", "[::1]:2"}, "bob", "own", "", 0}},
		{farredis.Endpoint{URL: "redis-sentinel://m@a,b"}, reached{addrs: sentinels}},
		{farredis.Endpoint{URL: "rediss-sentinel://m:s%40crt@a,b/2", Username: "ann"}, reached{sentinels, "ann", "s@crt", "TLS", 2}},
		{farredis.Endpoint{URL: "redis-sentinel://m:url@a/2", Password: "own", DB: 3}, reached{sentinels, "", "own", "", 3}},
	} {
		got := reachedBy(t, connect(t, c.o))
		if !slices.Equal(got.addrs, c.want.addrs) {
			t.Errorf("%+v: got %v", c.o, got.addrs)
		}
		got.addrs, c.want.addrs = nil, nil
		if got.username != c.want.username || got.password != c.want.password || got.encrypt != c.want.encrypt || got.db != c.want.db {
			t.Errorf("%+v: got %+v", c.o, got)
		}
	}
}

// TestConnectSaysWhatIsWrong: each error begins with the variable, explains how to fix it, and does not contain the password.
func TestConnectSaysWhatIsWrong(t *testing.T) {
	noPEM := filepath.Join(t.TempDir(), "ca.pem")
	testkit.Must(t, os.WriteFile(noPEM, []byte("secret"), 0o600))
	for _, c := range []struct {
		o              farredis.Endpoint
		variable, help string
	}{
		{farredis.Endpoint{URL: "http://:secret@a"}, "REDIS_URL", "redis://"},
		{farredis.Endpoint{URL: "a:6379"}, "REDIS_URL", "redis://"},
		{farredis.Endpoint{URL: "secret"}, "REDIS_URL", "redis://"},
		{farredis.Endpoint{URL: "redis://:secret%zz@a"}, "REDIS_URL", "%XX"},
		{farredis.Endpoint{URL: "redis://:secret/x@a"}, "REDIS_URL", "%XX"},
		{farredis.Endpoint{URL: "redis://a,:secret/x@b"}, "REDIS_URL", "leave out"},
		{farredis.Endpoint{URL: "redis://:secret@a/x"}, "REDIS_URL", "database"},
		{farredis.Endpoint{URL: "redis://:secret@a,"}, "REDIS_URL", "address 2"},
		{farredis.Endpoint{URL: "redis://:secret@a,b:x"}, "REDIS_URL", "HOST:PORT"},
		{farredis.Endpoint{URL: "redis://:secret@a,b/2"}, "REDIS_URL", "leave out"},
		{farredis.Endpoint{URL: "redis://:secret@a,b", DB: 2}, "REDIS_URL", "REDIS_DB"},
		{farredis.Endpoint{URL: "redis-sentinel://:secret@a"}, "REDIS_URL", "MASTER@"},
		{farredis.Endpoint{URL: "redis-sentinel://m:secret@a/x"}, "REDIS_URL", "number of the database"},
		{farredis.Endpoint{URL: "redis-sentinel://m:secret@a/1x"}, "REDIS_URL", "number of the database"},
		{farredis.Endpoint{URL: "redis-sentinel://m:secret@"}, "REDIS_URL", "address 1"},
		{farredis.Endpoint{URL: "redis://:secret@a", CAFile: noPEM}, "REDIS_CA_FILE", "rediss://"},
		{farredis.Endpoint{URL: "rediss://:secret@a", CAFile: noPEM + "x"}, "REDIS_CA_FILE", "can be read"},
		{farredis.Endpoint{URL: "rediss-sentinel://m:secret@a", CAFile: noPEM}, "REDIS_CA_FILE", "BEGIN CERTIFICATE"},
	} {
		got, err := farredis.Connect(c.o)
		if err == nil || got != nil || !strings.HasPrefix(err.Error(), c.variable) || !strings.Contains(err.Error(), c.help) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v", c.o, err)
		}
	}
}
