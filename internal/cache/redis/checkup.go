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

// OldestVersion is the first version of Redis that has all that the engine uses: SET with NX and GET at once, and the count
// of all entries that a stream ever had.
const OldestVersion = "7.0"

// The bounds of a check-up, which is patient with what is slow and takes a few seconds all the same.
const (
	checkupPatience = 3 * time.Second
	questions       = 20 // for each server
	sampleScans     = 20 // for each server, of sampleCount keys each
	sampleCount     = 250
	probeLife       = 10 * time.Second
	clusterProbes   = 16 // keys, so that each server of a usual cluster gets one
)

// Checkup is what is behind a REDIS_URL.
type Checkup struct {
	Topology string          // single, Sentinel or Cluster
	Servers  []ServerCheckup // all that are written to, or the single one
	Cluster  string          // cluster_state of a Cluster: ok, or not
	Refused  error           // why it does not take writes; nil: it does
}

// ServerCheckup is what one server says of itself, and how it answers. What it does not say is zero.
type ServerCheckup struct {
	Addr, Version string
	Replica       bool

	Memory, MaxMemory int64   // bytes
	Policy            string  // of what goes where the memory is full
	Fragmentation     float64 // memory of the process over that in use

	Snapshots, AppendOnly bool // what is kept on disk
	Clients, MaxClients   int
	Replicas              int
	WantsReplicas         bool // it takes no writes without one

	Ahead         time.Duration // by how much its clock is later than ours
	Median, Worst time.Duration // of the answers to short questions

	Sampled, Eternal int // keys with the prefix, and those that have no time to live
}

// CheckUp looks at the Redis of a URL. It writes one key below the prefix, which it removes and which goes by itself where
// it cannot, and changes nothing else. The error says why Redis cannot be talked to.
func CheckUp(ctx context.Context, o Endpoint, prefix string) (Checkup, error) {
	o.Timeout = checkupPatience
	u, err := o.universal()
	if err != nil {
		return Checkup{}, err
	}
	client := newClient(u)
	defer func() { _ = client.Close() }() // nothing is under way
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

// Refusal is the word with which Redis has refused something, such as WRONGPASS, or empty.
func Refusal(err error) string {
	refused, ok := errors.AsType[redis.Error](err)
	if !ok || errors.Is(err, redis.Nil) {
		return ""
	}
	word, _, _ := strings.Cut(refused.Error(), " ")
	if strings.ToUpper(word) != word { // the client's own words
		return ""
	}
	return word
}

// visit looks at every server.
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
	if save, err := server.ConfigGet(ctx, "save").Result(); err == nil { // which not everybody may ask for
		s.Snapshots = save["save"] != ""
	}
	if err := s.question(ctx, server); err != nil {
		return s, err
	}
	if err := s.sample(ctx, server, prefix); Refusal(err) == "" { // it may not be asked for keys
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
	_, s.WantsReplicas = says["min_slaves_good_slaves"] // it is told only then
}

// question asks what time it is: as short as PING, and it tells the clock as well. Of the clock the fastest answer knows best.
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

// sample looks for keys that have no time to live among the first that the server comes across.
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
			if life.Val() == -1 { // as the client says it
				s.Eternal++
			}
		}
		if place = next; place == 0 {
			break
		}
	}
	return nil
}

// probeWrites writes as a read of the engine does, and removes what it wrote.
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

// Supported says whether the server has all that the engine uses.
func (s ServerCheckup) Supported() bool { return !older(s.Version, OldestVersion) }

// older compares versions such as 7.0.15, as far as the second has numbers.
func older(version, than string) bool {
	a, b := strings.Split(version, "."), strings.Split(than, ".")
	for i := range b {
		if i == len(a) {
			return true
		}
		have, _ := strconv.Atoi(a[i]) // what is no number is older than any
		want, _ := strconv.Atoi(b[i])
		if have != want {
			return have < want
		}
	}
	return false
}
