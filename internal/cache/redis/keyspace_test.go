package redis_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"docsquare/ent"
	farredis "docsquare/internal/cache/redis"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// TestKeyspaceStats counts the keys under the prefix alone, whatever letters that has, by what they are.
func TestKeyspaceStats(t *testing.T) {
	server := testkit.Redis(t)
	prefix := server.Prefix + `we?rd*[a-z]\:`
	c := open(t, server, func(o *options) { o.tier.Prefix = prefix })
	ids := cachetest.NewIDs(4)
	s := cachetest.NewSource(ids[:3]...) // and one that is missing is an entry too
	_, err := c.Documents.Fetch(t.Context(), ids, s.Load)
	testkit.Must(t, err)
	_, err = c.DocumentStats.Fetch(t.Context(), ids[:2], func(context.Context, []uuid.UUID) (map[uuid.UUID]*ent.DocumentStats, error) {
		return nil, nil //nolint:nilnil // there is nothing
	})
	testkit.Must(t, err)
	c.Settle()

	raw := client(t, server)
	const budgets = 2500 // more than one round trip looks at
	_, err = raw.Pipelined(t.Context(), func(p redis.Pipeliner) error {
		for i := range budgets {
			p.Set(t.Context(), fmt.Sprintf("%sbudget:%d", prefix, i), "", time.Minute)
		}
		key, release := cachetest.FarKey(c.Documents, ids[0]), fmt.Sprintf("document.%d:", c.Documents.View().Version)
		if !strings.HasPrefix(key, release) {
			t.Fatalf("the key %q does not begin with %q", key, release)
		}
		p.Set(t.Context(), prefix+layoutPrefix+strings.Replace(key, release, "document.1:", 1), "", time.Minute) // of another release
		p.Set(t.Context(), strings.Replace(prefix+layoutPrefix+key, ":v1:", ":v0:", 1), "", time.Minute)         // of another layout
		for _, other := range []string{`weird*[a-z]\:`, `we?rdest[a-z]\:`, `we?rd*x\:`, `we?rd*[a-z]:`} {
			p.Set(t.Context(), server.Prefix+other+layoutPrefix+key, "", time.Minute) // of other servers
		}
		return nil
	})
	testkit.Must(t, err)

	var seen []int64
	got, err := keyspace(t, c, func(n int64) { seen = append(seen, n) })
	testkit.Must(t, err)
	if want := map[string]int64{"document": 4, "document_stats": 2}; !maps.Equal(got.Entries, want) {
		t.Errorf("entries %v, want %v", got.Entries, want)
	}
	if want := int64(4 + 2 + 2 + 1); got.Stamps != want { // of documents, statistics, kinds and everything
		t.Errorf("%d stamps, want %d", got.Stamps, want)
	}
	inOrder := int64(0) // what keeps the cache in order
	for key := range found(t, raw, server.Prefix) {
		if strings.HasPrefix(key, prefix+"v1:@@") {
			inOrder++
		}
	}
	if want := budgets + 2 + inOrder; got.Others != want || inOrder == 0 {
		t.Errorf("%d others, want %d", got.Others, want)
	}
	if got.Scanned != 4+2+got.Stamps+got.Others || len(seen) < 3 || !slices.IsSorted(seen) || seen[len(seen)-1] != got.Scanned {
		t.Errorf("%+v, seen %v", got, seen)
	}
	if got.Used <= 0 {
		t.Errorf("Redis uses %d bytes", got.Used)
	}
}

// keyspace counts the keys of a cache with Redis.
func keyspace(t *testing.T, c *kinds.Cache, progress func(int64)) (farredis.KeyspaceStats, error) {
	t.Helper()
	tier, _ := c.Far().(*farredis.Tier)
	return tier.KeyspaceStats(t.Context(), c.KindOf, progress)
}

// found is every key of a Redis that begins with the prefix.
func found(t *testing.T, raw *redis.Client, prefix string) map[string]bool {
	t.Helper()
	keys := map[string]bool{}
	scan := raw.Scan(t.Context(), 0, prefix+"*", 1000).Iterator()
	for scan.Next(t.Context()) {
		keys[scan.Val()] = true
	}
	testkit.Must(t, scan.Err())
	return keys
}

// TestKeyspaceStatsOfACluster counts the keys of all masters, and what they use together.
func TestKeyspaceStatsOfACluster(t *testing.T) {
	t.Parallel()
	site := testkit.StartRedisSite(t, testkit.RedisSetup{Topology: testkit.Cluster})
	c := on(t, site)
	ids := cachetest.NewIDs(30)
	_, err := c.Documents.Fetch(t.Context(), ids, cachetest.NewSource(ids...).Load)
	testkit.Must(t, err)
	c.Settle()
	keys := map[string]bool{} // a replica has those of its master again
	for _, key := range site.Keys() {
		keys[key] = true
	}
	got, err := keyspace(t, c, func(int64) {})
	testkit.Must(t, err)
	if got.Entries["document"] != 30 || got.Stamps != 32 || got.Scanned != int64(len(keys)) {
		t.Errorf("%+v of %d keys", got, len(keys))
	}
	if got.Used < 3<<20/2 { // each of the three takes at least half a megabyte when it is empty
		t.Errorf("the masters use %d bytes together", got.Used)
	}
}

// TestKeyspaceStatsWithLimit returns the limit of memory. Without Redis it returns an error.
func TestKeyspaceStatsWithLimit(t *testing.T) {
	c := open(t, testkit.StartRedis(t, "--maxmemory", "64mb"))
	got, err := keyspace(t, c, func(int64) {})
	testkit.Must(t, err)
	used, limit, ok := c.FarMemory(t.Context())
	if got.Limit != 64<<20 || limit != 64<<20 || used <= 0 || !ok {
		t.Errorf("%+v; %d of %d, %v", got, used, limit, ok)
	}
	if _, _, ok := cachetest.Open(t, nil).FarMemory(t.Context()); ok {
		t.Error("without Redis its memory is known")
	}
}
