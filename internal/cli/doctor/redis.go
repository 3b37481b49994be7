package doctor

import (
	"context"
	"strings"
	"time"

	"docsquare/internal/cache/redis"
)

// examineIn is the longest that the examination of all servers of Redis may take.
const examineIn = 30 * time.Second

// redis looks at what REDIS_URL leads to.
func (e *examination) redis(ctx context.Context) {
	if e.unread("REDIS_URL", "REDIS_DB", "REDIS_CA_FILE") {
		return
	}
	if e.Redis.URL == "" {
		e.ok("reachable", "not configured (optional): the in-memory cache is used")
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
		e.memory(s)
		if c.Topology != "single" && !s.WantsReplicas {
			e.warn("role", "CONFIG SET min-replicas-to-write 1", "master %s takes writes that no replica has: cut off together with an instance it would keep that instance's cache as it was", s.Addr)
		}
	}
	if c.Refused != nil {
		e.fail("writes", refused(c.Refused, "look into the log of Redis"), "writes are refused: %v", c.Refused)
	} else {
		e.ok("writes", "a key was written, and removed again")
	}
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

func (e *examination) memory(s redis.ServerCheckup) {
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
}
