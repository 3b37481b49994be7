package redis

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// OldestVersion is the first version of Redis with all that the tier uses: SET with both NX and GET, and the number of entries ever
// added to a stream.
const OldestVersion = "7.0"

// The bounds of CheckUp, which takes a few seconds at most.
const (
	checkupPatience = 3 * time.Second
	questions       = 20 // for each server
	sampleScans     = 20 // for each server, of sampleCount keys each
	sampleCount     = 250
	probeLife       = 10 * time.Second
	clusterProbes   = 16 // keys, so that each server of a usual cluster gets one
)

// Checkup is the result of CheckUp.
type Checkup struct {
	Topology string          // single, Sentinel or Cluster
	Servers  []ServerCheckup // all that accept writes, or the single one
	Cluster  string          // cluster_state of a Cluster; otherwise empty
	Refused  error           // why writes fail; nil if they succeed
}

// ServerCheckup is the settings of one server and its latency. Fields that the server does not report are zero.
type ServerCheckup struct {
	Addr, Version string
	Replica       bool

	Memory, MaxMemory int64   // bytes
	Policy            string  // maxmemory-policy
	Fragmentation     float64 // memory of the process over that in use

	Snapshots, AppendOnly bool // persistence
	Clients, MaxClients   int
	Replicas              int
	WantsReplicas         bool // it rejects writes without one

	Ahead         time.Duration // of its clock before that of this process
	Median, Worst time.Duration // round trip

	Sampled, Eternal int // keys with the prefix, and those without a TTL
}

// CheckUp examines the Redis of an endpoint. It writes a few keys below the prefix and deletes them; they also expire. It returns an
// error if Redis cannot be reached.
func CheckUp(ctx context.Context, o Endpoint, prefix string) (Checkup, error) {
	o.Timeout = checkupPatience
	u, err := o.universal()
	if err != nil {
		return Checkup{}, err
	}
	client := newClient(u)
	defer func() { _ = client.Close() }() // no call is in progress
	c := Checkup{Topology: "single"}
	if u.MasterName != "" {
		c.Topology = "Sentinel"
	}
	cluster, ok := client.UniversalClient.(*redis.ClusterClient)
	if ok {
		c.Topology = "Cluster"
		says, err := cluster.ClusterInfo(ctx).Result()
		if err != nil {
			return c, err
		}
		c.Cluster = parseInfo(says)["cluster_state"]
	}
	if err := c.visit(ctx, client.UniversalClient, prefix); err != nil {
		return c, err
	}
	c.Refused = probeWrites(ctx, client.UniversalClient, prefix+layout)
	return c, nil
}

// Refusal returns the code of an error reply of Redis, such as WRONGPASS, or an empty string.
func Refusal(err error) string {
	refused, ok := errors.AsType[redis.Error](err)
	if !ok || errors.Is(err, redis.Nil) {
		return ""
	}
	word, _, _ := strings.Cut(refused.Error(), " ")
	if strings.ToUpper(word) != word { // an error of the client
		return ""
	}
	return word
}

// visit examines every server.
func (c *Checkup) visit(ctx context.Context, client redis.UniversalClient, prefix string) error {
	err := eachMaster(ctx, client, func(ctx context.Context, node *redis.Client) error {
		one, err := examined(ctx, node, prefix)
		c.Servers = append(c.Servers, one)
		return err
	})
	slices.SortFunc(c.Servers, func(a, b ServerCheckup) int { return cmp.Compare(a.Addr, b.Addr) })
	return err
}

func examined(ctx context.Context, server *redis.Client, prefix string) (s ServerCheckup, err error) {
	s.Addr = server.Options().Addr
	text, err := server.Info(ctx).Result()
	if err != nil {
		return s, err
	}
	s.read(parseInfo(text))
	if save, err := server.ConfigGet(ctx, "save").Result(); err == nil { // which needs a permission
		s.Snapshots = save["save"] != ""
	}
	if err := s.question(ctx, server); err != nil {
		return s, err
	}
	if err := s.sample(ctx, server, prefix); Refusal(err) == "" { // an ACL may forbid SCAN
		return s, err
	}
	return s, nil
}

func (s *ServerCheckup) read(says info) {
	s.Version, s.Replica, s.Policy = says["redis_version"], says["role"] == "slave", says["maxmemory_policy"]
	s.Memory, s.MaxMemory = says.number("used_memory"), says.number("maxmemory")
	s.Fragmentation, _ = strconv.ParseFloat(says["mem_fragmentation_ratio"], 64)
	s.AppendOnly = says["aof_enabled"] == "1"
	s.Clients, s.MaxClients, s.Replicas = int(says.number("connected_clients")), int(says.number("maxclients")), int(says.number("connected_slaves"))
	_, s.WantsReplicas = says["min_slaves_good_slaves"] // reported only if it is set
}

// question measures the round trip of TIME, which is as short as that of PING. The fastest answer gives the offset of the clock.
func (s *ServerCheckup) question(ctx context.Context, server *redis.Client) error {
	var took []time.Duration
	for started := time.Now(); len(took) < questions && (time.Since(started) < checkupPatience || len(took) == 0); {
		asked := time.Now()
		there, err := server.Time(ctx).Result()
		if err != nil {
			return err
		}
		t := time.Since(asked)
		if took = append(took, t); t == slices.Min(took) {
			s.Ahead = there.Sub(asked.Add(t / 2))
		}
	}
	slices.Sort(took)
	s.Median, s.Worst = took[len(took)/2], took[len(took)-1]
	return nil
}

// sample counts keys without a TTL among the first keys of a scan.
func (s *ServerCheckup) sample(ctx context.Context, server *redis.Client, prefix string) error {
	pattern, place := escapePattern(prefix)+"*", uint64(0)
	for scans, started := 0, time.Now(); scans < sampleScans && time.Since(started) < checkupPatience; scans++ {
		keys, next, err := server.Scan(ctx, place, pattern, sampleCount).Result()
		if err != nil {
			return err
		}
		pipe := server.Pipeline()
		lives := make([]*redis.DurationCmd, len(keys))
		for i, key := range keys {
			lives[i] = pipe.PTTL(ctx, key)
		}
		if _, err := pipe.Exec(ctx); err != nil {
			return err
		}
		for _, life := range lives {
			s.Sampled++
			if life.Val() == -1 { // go-redis: no TTL
				s.Eternal++
			}
		}
		if place = next; place == 0 {
			break
		}
	}
	return nil
}

// probeWrites executes the commands of Tier.Read and deletes the keys again.
func probeWrites(ctx context.Context, client redis.UniversalClient, prefix string) error {
	keys := 1
	if _, ok := client.(*redis.ClusterClient); ok {
		keys = clusterProbes
	}
	pipe, name := client.Pipeline(), prefix+"@@doctor:"+rand.Text()
	for n := range keys {
		key := fmt.Sprint(name, n)
		pipe.SetArgs(ctx, key, "", redis.SetArgs{Mode: "NX", Get: true, TTL: probeLife})
		pipe.Del(ctx, key)
	}
	cmds, err := pipe.Exec(ctx)
	return firstFailure(cmds, err)
}

// Supported reports whether the server has all that the tier uses.
func (s ServerCheckup) Supported() bool { return !older(s.Version, OldestVersion) }

// older compares versions such as 7.0.15, by the numbers that the second one has.
func older(version, than string) bool {
	a, b := strings.Split(version, "."), strings.Split(than, ".")
	for i := range b {
		if i == len(a) {
			return true
		}
		have, _ := strconv.Atoi(a[i]) // an invalid number is 0
		want, _ := strconv.Atoi(b[i])
		if have != want {
			return have < want
		}
	}
	return false
}
