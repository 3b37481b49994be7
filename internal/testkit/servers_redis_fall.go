package testkit

import (
	"regexp"
	"strconv"

	"github.com/redis/go-redis/v9"
)

// Doomed reports whether a key is on the server that can be made to fall.
func (s *RedisSite) Doomed(key string) bool {
	s.tb.Helper()
	if s.setup.Topology != Cluster {
		return true
	}
	slot, err := s.admin(s.servers[1]).ClusterKeySlot(s.tb.Context(), key).Result()
	s.check(err)
	return slot < 16384/3
}

// Value returns what the doomed server, or the server that took over from it, has under a key.
func (s *RedisSite) Value(key string) string {
	s.tb.Helper()
	text, err := s.admin(s.servers[0]).Get(s.tb.Context(), key).Result()
	s.check(err)
	return text
}

// Forget has what is written to the doomed server from here on be lost when it falls: it is not in the snapshot, nor has
// the replica heard of it.
func (s *RedisSite) Forget() {
	s.tb.Helper()
	doomed := s.admin(s.servers[0])
	if s.setup.Topology == Single {
		s.check(doomed.Save(s.tb.Context()).Err())
		return
	}
	replica := s.admin(s.replica())
	at := s.offset(doomed)
	Eventually(s.tb, "the replica is in step", func() bool { return s.offset(replica) >= at })
	s.check(replica.ConfigSet(s.tb.Context(), "masterauth", "wrong").Err())
	s.check(doomed.Do(s.tb.Context(), "client", "kill", "type", "replica").Err())
	s.waitFor(s.servers[0], "the replica is cut off", "connected_slaves:0", "info", "replication")
}

func (s *RedisSite) replica() *RedisServer { return s.servers[len(s.servers)-1] }

var offsetLine = regexp.MustCompile(`(?m)^master_repl_offset:(\d+)`)

func (s *RedisSite) offset(server *redis.Client) int {
	s.tb.Helper()
	text, err := server.Info(s.tb.Context(), "replication").Result()
	s.check(err)
	found := offsetLine.FindStringSubmatch(text)
	if found == nil {
		s.tb.Fatalf("no offset in %q", text)
	}
	n, err := strconv.Atoi(found[1])
	s.check(err)
	return n
}

// Fall kills the doomed server.
func (s *RedisSite) Fall() {
	s.tb.Helper()
	s.servers[0].Stop()
}

// Rise waits until the site is whole again: until the replica has taken over; a single server is started again, from its
// snapshot.
func (s *RedisSite) Rise() {
	s.tb.Helper()
	if s.setup.Topology == Single {
		s.servers[0].Restart()
		return
	}
	s.succeed()
}

// Usurp has the replica take over while the doomed server is there. A single server has none.
func (s *RedisSite) Usurp() {
	s.tb.Helper()
	switch s.setup.Topology {
	case Sentinel:
		s.check(s.admin(s.sentinels[0]).Do(s.tb.Context(), "sentinel", "failover", masterName).Err())
	case Cluster:
		s.check(s.admin(s.replica()).Do(s.tb.Context(), "cluster", "failover", "takeover").Err())
	default:
		s.tb.Fatal("a single server has no replica")
	}
	s.succeed()
}

// succeed waits until the replica is the master and everybody knows.
func (s *RedisSite) succeed() {
	s.tb.Helper()
	heir := s.replica()
	s.waitFor(heir, "the replica has taken over", "role:master", "info", "replication")
	s.servers[0], s.servers[len(s.servers)-1] = heir, s.servers[0]
	_, port := hostPort(heir.Addr)
	for _, sentinel := range s.sentinels {
		s.waitFor(sentinel, "the sentinels agree", port, "sentinel", "get-master-addr-by-name", masterName)
	}
	if s.setup.Topology == Cluster {
		for _, server := range s.servers[:3] {
			s.waitFor(server, "the cluster is in order", "cluster_state:ok", "cluster", "info")
		}
	}
}
