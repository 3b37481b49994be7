package testkit

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	farredis "docsquare/internal/cache/redis"
	"docsquare/internal/testkit/process"
)

// Topology is how many servers make one Redis, and how they stand to each other.
type Topology string

// The topologies.
const (
	Single   Topology = "single"
	Sentinel Topology = "sentinel" // a master with one replica, watched by three sentinels
	Cluster  Topology = "cluster"  // three masters, of which the first has a replica
)

// RedisSetup is which Redis to start, and what it asks of clients.
type RedisSetup struct {
	Topology Topology
	Password bool // of the default user
	User     bool // a user who has a password and sees the keys with the prefix alone; the default user has another one
	TLS      bool // nothing else; by a certificate that an authority of the test alone vouches for
}

// The passwords hold what has a meaning in a URL.
const (
	adminPassword    = "ad/min@:%41?"
	userName         = "docsquare"
	userPassword     = "us/er@:%41?"
	sentinelPassword = "sent/inel@:%41?"
)

// RedisSite is a Redis for one test alone, of one or several servers. One of them, the doomed one, can be made to fall.
type RedisSite struct {
	Options farredis.Endpoint // how the application reaches it
	Prefix  string            // of all keys

	tb        testing.TB
	setup     RedisSetup
	authority *authority
	servers   []*RedisServer // what holds data; the first is doomed, and the last its replica where there is one
	sentinels []*RedisServer
	admins    map[string]*redis.Client // by address
}

// StartRedisSite starts a Redis, which is gone at the end of the test. Without redis-server the test is skipped. Call it
// outside a synctest bubble.
func StartRedisSite(tb testing.TB, setup RedisSetup) *RedisSite {
	tb.Helper()
	s := &RedisSite{Prefix: unique() + ":", tb: tb, setup: setup, admins: map[string]*redis.Client{}}
	if setup.TLS {
		s.authority = newAuthority(tb)
		s.Options.CAFile = s.authority.caFile
	}
	switch setup.Topology {
	case Single:
		s.start()
	case Sentinel:
		s.startSentinel()
	case Cluster:
		s.startCluster()
	default:
		tb.Fatalf("there is no topology %q", setup.Topology)
	}
	s.write()
	return s
}

// write writes the options down as an operator would.
func (s *RedisSite) write() {
	u := &url.URL{Scheme: "redis", Host: s.servers[0].Addr}
	if s.setup.TLS {
		u.Scheme = "rediss"
	}
	switch {
	case s.setup.User:
		s.Options.Username, s.Options.Password = userName, userPassword
	case s.setup.Password && s.setup.Topology == Cluster:
		u.User = url.UserPassword("", adminPassword)
	case s.setup.Password:
		s.Options.Password = adminPassword
	}
	switch s.setup.Topology {
	case Sentinel:
		u.Scheme += "-sentinel"
		u.User = url.User(masterName)
		u.Host = addrs(s.sentinels)
		if s.locked() {
			s.Options.SentinelPassword = sentinelPassword
		}
	case Cluster:
		u.Host = addrs(s.servers[1:]) // to find all from some
	}
	s.Options.URL = u.String()
}

func addrs(servers []*RedisServer) string {
	list := make([]string, len(servers))
	for i, s := range servers {
		list[i] = s.Addr
	}
	return strings.Join(list, ",")
}

func (s *RedisSite) locked() bool { return s.setup.Password || s.setup.User }

// start starts one server that holds data.
func (s *RedisSite) start(args ...string) *RedisServer {
	s.tb.Helper()
	args = append(args, "--repl-diskless-sync-delay", "0")
	if s.locked() {
		args = append(args, "--requirepass", adminPassword, "--masterauth", adminPassword)
	}
	if s.setup.User {
		args = append(args, "--user", userName, "on", ">"+userPassword, "~"+s.Prefix+"*", "&*", "+@all")
	}
	server := startRedis(s.tb, s.process(process.RedisOptions{Args: args}))
	s.servers = append(s.servers, server)
	return server
}

func (s *RedisSite) process(o process.RedisOptions) process.RedisOptions {
	if s.authority != nil {
		o.Args, o.TLS = append(o.Args, s.authority.arguments()...), s.authority.client
	}
	return o
}

// admin returns a client of one server, in whatever role it is at the moment, for all that a test looks at and does there.
func (s *RedisSite) admin(server *RedisServer) *redis.Client {
	s.tb.Helper()
	if c := s.admins[server.Addr]; c != nil {
		return c
	}
	const patient = 20 * time.Second // a busy machine is no outage
	o := &redis.Options{Addr: server.Addr, ContextTimeoutEnabled: true, DialTimeout: patient, ReadTimeout: patient, WriteTimeout: patient}
	if s.locked() {
		o.Password = adminPassword
		if server.sentinel {
			o.Password = sentinelPassword
		}
	}
	if s.authority != nil {
		o.TLSConfig = s.authority.client.Clone()
	}
	c := redis.NewClient(o)
	s.tb.Cleanup(func() { _ = c.Close() })
	s.admins[server.Addr] = c
	return c
}

// Keys is every key of every server that answers.
func (s *RedisSite) Keys() (keys []string) {
	s.tb.Helper()
	for _, server := range s.servers {
		if server.private().Running() {
			found, err := s.admin(server).Keys(s.tb.Context(), "*").Result()
			s.check(err)
			keys = append(keys, found...)
		}
	}
	return keys
}

func (s *RedisSite) check(err error) {
	s.tb.Helper()
	if err != nil {
		s.tb.Fatal(err)
	}
}

// waitFor sends a command to a server until its answer matches.
func (s *RedisSite) waitFor(server *RedisServer, what, pattern string, command ...any) {
	s.tb.Helper()
	wanted := regexp.MustCompile(pattern)
	Eventually(s.tb, fmt.Sprintf("%s (%v answers %s)", what, command, pattern), func() bool {
		answer, err := s.admin(server).Do(s.tb.Context(), command...).Result()
		return err == nil && wanted.MatchString(fmt.Sprint(answer))
	})
}

func hostPort(addr string) (host, port string) {
	host, port, _ = net.SplitHostPort(addr)
	return host, port
}

// masterName is what the sentinels call their master.
const masterName = "docsquare-test"

func (s *RedisSite) startSentinel() {
	s.tb.Helper()
	master := s.start()
	host, port := hostPort(master.Addr)
	replica := s.start("--replicaof", host, port)
	s.waitFor(replica, "the replica is in step", "master_link_status:up", "info", "replication")
	conf := fmt.Sprintf("sentinel monitor %[1]s %s %s 2\nsentinel down-after-milliseconds %[1]s 1500\nsentinel failover-timeout %[1]s 5000\n", masterName, host, port)
	if s.locked() {
		conf += fmt.Sprintf("sentinel auth-pass %s %q\nrequirepass %q\nsentinel sentinel-pass %q\n", masterName, adminPassword, sentinelPassword, sentinelPassword)
	}
	for range 3 {
		sentinel := startRedis(s.tb, s.process(process.RedisOptions{Sentinel: conf}))
		sentinel.sentinel = true
		s.sentinels = append(s.sentinels, sentinel)
	}
	for _, sentinel := range s.sentinels {
		s.waitFor(sentinel, "the sentinels know each other", `num-other-sentinels[ :]2\b`, "sentinel", "master", masterName)
		s.waitFor(sentinel, "the sentinels know the replica", `num-slaves[ :]1\b`, "sentinel", "master", masterName)
		s.waitFor(sentinel, "the replica is known to the sentinels", `master-link-status[ :]ok`, "sentinel", "replicas", masterName)
	}
}

func (s *RedisSite) startCluster() {
	s.tb.Helper()
	const masters, slots = 3, 16384
	for range masters + 1 {
		s.start("--cluster-enabled", "yes", "--cluster-node-timeout", "1500", "--cluster-replica-validity-factor", "0")
	}
	host, port := hostPort(s.servers[0].Addr)
	for i, server := range s.servers {
		node := s.admin(server)
		if i < masters {
			s.check(node.ClusterAddSlotsRange(s.tb.Context(), i*slots/masters, (i+1)*slots/masters-1).Err())
		}
		if i > 0 {
			s.check(node.ClusterMeet(s.tb.Context(), host, port).Err())
		}
	}
	for _, server := range s.servers {
		s.waitFor(server, "the nodes have met", `cluster_known_nodes:`+strconv.Itoa(masters+1), "cluster", "info")
	}
	first, replica := s.servers[0], s.servers[masters]
	id, err := s.admin(first).ClusterMyID(s.tb.Context()).Result()
	s.check(err)
	s.waitFor(replica, "the replica is one", "OK", "cluster", "replicate", id)
	s.waitFor(replica, "the replica is in step", "master_link_status:up", "info", "replication")
	for _, server := range s.servers {
		s.waitFor(server, "the cluster is in order", "cluster_state:ok[^z]*cluster_size:3", "cluster", "info")
		s.waitFor(server, "the replica is known", id+` [0-9]+ [0-9]+ [0-9]+ connected|slave `+id, "cluster", "nodes")
	}
}
