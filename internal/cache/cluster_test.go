package cache_test

import (
	"net"
	"strings"
	"testing"

	"docsquare/internal/cache"
	"docsquare/internal/explain"
	"docsquare/internal/testkit"
)

// startCluster starts a Redis Cluster of three nodes and gives its REDIS_URL.
func startCluster(t *testing.T) string {
	t.Helper()
	const nodes, slots = 3, 16384
	servers := make([]*testkit.RedisServer, nodes)
	addrs := make([]string, nodes)
	for i := range servers {
		servers[i] = testkit.StartRedis(t, "--cluster-enabled", "yes")
		addrs[i] = servers[i].Addr
	}
	host, port, err := net.SplitHostPort(addrs[0])
	testkit.Must(t, err)
	for i, s := range servers {
		node := client(t, s)
		testkit.Must(t, node.ClusterAddSlotsRange(t.Context(), i*slots/nodes, (i+1)*slots/nodes-1).Err())
		if i > 0 {
			testkit.Must(t, node.ClusterMeet(t.Context(), host, port).Err())
		}
	}
	for _, s := range servers {
		node := client(t, s)
		testkit.Eventually(t, "the nodes have met", func() bool {
			info := node.ClusterInfo(t.Context()).Val()
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_size:3")
		})
	}
	return "redis://" + strings.Join(addrs, ",")
}

func TestRedisCluster(t *testing.T) {
	url := startCluster(t)
	here, there := served(t, url, "cluster:", farOnly), served(t, url, "cluster:")
	wantState(t, here, "ok")
	wantState(t, there, "ok")
	ids := newIDs(30)
	s := newSource(ids...)
	_, err := here.Documents.Fetch(t.Context(), ids, s.load)
	testkit.Must(t, err)
	here.Settle()
	testkit.Eventually(t, "all entries come from the cluster", func() bool {
		ctx, record := explain.With(t.Context())
		got, err := there.Documents.Fetch(ctx, ids, s.load)
		testkit.Must(t, err)
		k := ofDocuments(record)
		there.Settle()
		return len(got) == len(ids) && k.Loads == 0 && k.Near+k.Far == len(ids)
	})

	tags := make([]cache.Tag, len(ids))
	for i, id := range ids {
		s.write(id, "new")
		tags[i] = cache.DocumentTag(id)
	}
	testkit.Eventually(t, "the stamps are replaced", func() bool { return here.Replace(t.Context(), tags) == nil })
	for _, id := range ids {
		wantTitle(t, here, s, id, "new")
		testkit.Eventually(t, "the stream is followed", func() bool { return title(t, there, s, id) == "new" })
	}
}
