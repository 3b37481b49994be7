package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"docsquare/internal/cache/redis"
)

// What a Redis may be like.
const (
	examineIn       = 30 * time.Second
	usualReadTime   = 50 * time.Millisecond // REDIS_READ_TIMEOUT by itself
	wastedMemory    = 1.5                   // of the process, over what is in use
	worthDefraging  = 256 << 20
	fewClientsAbove = 0.8 // of maxclients
)

// redis looks at what REDIS_URL leads to.
func (e *examination) redis(ctx context.Context) {
	if e.unread("REDIS_URL", "REDIS_DB", "REDIS_CA_FILE") {
		return
	}
	if e.Redis.URL == "" {
		e.ok("reachable", "none is configured: the cache in the process is all there is, and complete for one instance")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, examineIn)
	defer cancel()
	c, err := redis.CheckUp(ctx, e.Redis, e.Config.CachePrefix)
	if err != nil {
		e.fail("reachable", refused(err, "start Redis, or set REDIS_URL to where it is; until then docsquare serve goes on without it"), "%v", err)
		return
	}
	for _, s := range c.Servers {
		e.ok("reachable", "Redis %s, %s, at %s", s.Version, c.Topology, s.Addr)
		e.met = append(e.met, clock{"Redis at " + s.Addr, s.Ahead})
		if !s.Supported() {
			e.fail("version", "upgrade it to "+redis.OldestVersion+" or newer", "%s is older than docsquare can use: SET with NX and GET came with %s", s.Version, redis.OldestVersion)
		}
		e.memoryOf(s)
		e.persistence(s)
		e.clients(s)
		e.latency(s)
		e.replicas(c, s)
		e.keys(s)
	}
	e.writes(c)
}

// refused returns the remedy for an error with which Redis refused a command.
func refused(err error, otherwise string) string {
	switch redis.Refusal(err) {
	case "WRONGPASS", "NOAUTH":
		return "set REDIS_PASSWORD, and REDIS_USERNAME where there is an ACL user, to what Redis knows (requirepass, or ACL SETUSER)"
	case "NOPERM":
		return "ACL SETUSER … +@all ~PREFIX* with the prefix of CACHE_KEY_PREFIX, or name another user in REDIS_USERNAME"
	case "OOM":
		return "CONFIG SET maxmemory-policy allkeys-lru, or raise maxmemory"
	case "MISCONF":
		return "fix the disk of Redis, which cannot write its snapshot, or CONFIG SET save '': a cache needs none"
	case "READONLY":
		return "set REDIS_URL to the master, or REPLICAOF NO ONE there"
	case "NOREPLICAS":
		return "start its replicas, or lower min-replicas-to-write"
	case "CLUSTERDOWN":
		return "redis-cli --cluster fix: not every slot has a server"
	case "LOADING":
		return "wait until Redis has read its data"
	}
	if strings.Contains(err.Error(), "without any password configured") {
		return "leave out REDIS_PASSWORD, and the password in REDIS_URL: Redis asks for none"
	}
	if strings.Contains(err.Error(), "DB index is out of range") {
		return "set REDIS_DB to a database that Redis has (CONFIG GET databases)"
	}
	if strings.Contains(err.Error(), "x509:") || strings.Contains(err.Error(), "tls:") {
		return "set REDIS_CA_FILE to the certificate of who vouches for Redis, or begin REDIS_URL with redis:// where it does not encrypt"
	}
	return otherwise
}

func (e *examination) memoryOf(s redis.ServerCheckup) {
	evicts := strings.HasPrefix(s.Policy, "volatile-") || strings.HasPrefix(s.Policy, "allkeys-")
	switch {
	case s.MaxMemory == 0:
		e.note("memory", "CONFIG SET maxmemory 1gb, as much as it may have, and CONFIG SET maxmemory-policy allkeys-lru",
			"%s in use, and no maxmemory bounds it: keys live for a day at most", size(s.Memory))
	case !evicts:
		e.warn("memory", "CONFIG SET maxmemory-policy allkeys-lru, or volatile-lru where others keep something in it",
			"maxmemory is %s with %s: once it is full Redis takes no writes, and docsquare goes on without it", size(s.MaxMemory), s.Policy)
	default:
		e.ok("memory", "%s of %s in use, %s", size(s.Memory), size(s.MaxMemory), s.Policy)
	}
	if s.Fragmentation > wastedMemory && s.Memory > worthDefraging {
		e.note("fragmentation", "CONFIG SET activedefrag yes", "the process takes %.1f times what is in use", s.Fragmentation)
	}
}

func (e *examination) persistence(s redis.ServerCheckup) {
	switch {
	case s.AppendOnly:
		e.note("persistence", "CONFIG SET appendonly no, where nothing else is kept in this Redis",
			"every write goes to a file (AOF) that a cache has no use for: after a restart docsquare starts cold all the same")
	case s.Snapshots:
		e.note("persistence", "CONFIG SET save '', where nothing else is kept in this Redis",
			"snapshots cost memory and time, and a cache has no use for them: after a restart docsquare starts cold all the same")
	default:
		e.ok("persistence", "nothing is written to disk, which a cache needs not")
	}
}

func (e *examination) clients(s redis.ServerCheckup) {
	switch {
	case s.MaxClients == 0:
		return
	case float64(s.Clients) > fewClientsAbove*float64(s.MaxClients):
		e.warn("clients", fmt.Sprintf("CONFIG SET maxclients %d, or end some of them (CLIENT LIST)", 2*s.MaxClients), "%d of %d clients are connected", s.Clients, s.MaxClients)
	default:
		e.ok("clients", "%d of %d clients are connected", s.Clients, s.MaxClients)
	}
}

func (e *examination) latency(s redis.ServerCheckup) {
	limit, remedy := e.Config.RedisReadTimeout, "bring Redis nearer to the server (same machine or network), look at SLOWLOG GET and LATENCY DOCTOR, or raise REDIS_READ_TIMEOUT"
	if limit <= 0 {
		limit = usualReadTime
	}
	median, worst := rounded(s.Median), rounded(s.Worst)
	switch {
	case s.Median >= limit:
		e.fail("latency", remedy, "%s at the median: docsquare gives a read up after %s (REDIS_READ_TIMEOUT), and would do without Redis", median, limit)
	case s.Median > limit/4:
		e.warn("latency", remedy, "%s at the median, %s at worst: more than a quarter of REDIS_READ_TIMEOUT (%s)", median, worst, limit)
	case s.Worst >= limit:
		e.note("latency", remedy, "%s at the median, but %s at worst: above REDIS_READ_TIMEOUT (%s)", median, worst, limit)
	default:
		e.ok("latency", "%s at the median, %s at worst", median, worst)
	}
}

// replicas looks at what a failover would find.
func (e *examination) replicas(c redis.Checkup, s redis.ServerCheckup) {
	switch {
	case s.Replica:
		e.fail("role", "set REDIS_URL to its master, or REPLICAOF NO ONE there", "%s is a replica, which takes no writes", s.Addr)
	case c.Topology == "single":
		e.ok("role", "master")
	case s.Replicas == 0:
		e.warn("role", "REPLICAOF (Sentinel) or redis-cli --cluster add-node --cluster-slave (Cluster), on another machine", "master %s has no replica that could take over", s.Addr)
	case !s.WantsReplicas:
		e.warn("role", "CONFIG SET min-replicas-to-write 1", "master %s takes writes that no replica has: cut off together with an instance it would keep that instance's cache as it was", s.Addr)
	default:
		e.ok("role", "master with %d replicas, and takes no writes without one", s.Replicas)
	}
}

func (e *examination) keys(s redis.ServerCheckup) {
	if s.Eternal > 0 {
		e.warn("keys", "find which other program writes below CACHE_KEY_PREFIX, and give docsquare its own prefix or REDIS_DB",
			"%d of %d keys that begin with %q never expire, and docsquare writes no such keys", s.Eternal, s.Sampled, e.Config.CachePrefix)
		return
	}
	if s.Sampled == 0 {
		e.ok("keys", "none begins with %q yet", e.Config.CachePrefix)
		return
	}
	e.ok("keys", "%d that begin with %q were looked at, and all have a time to live", s.Sampled, e.Config.CachePrefix)
}

func (e *examination) writes(c redis.Checkup) {
	if c.Cluster != "" && c.Cluster != "ok" {
		e.fail("cluster", "redis-cli --cluster check, then --cluster fix: not every slot has a server", "cluster_state is %s", c.Cluster)
	}
	replica := slices.ContainsFunc(c.Servers, func(s redis.ServerCheckup) bool { return s.Replica })
	switch {
	case c.Refused == nil:
		e.ok("writes", "a key was written, and removed again")
	case !replica: // of which the role has told
		e.fail("writes", refused(c.Refused, "look into the log of Redis"), "they are not taken: %v", c.Refused)
	}
}
