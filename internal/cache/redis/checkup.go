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
	questions       = 3 // for each server
	probeLife       = 10 * time.Second
	clusterProbes   = 16 // keys, so that each server of a usual cluster gets one
)

// Checkup is the result of CheckUp.
type Checkup struct {
	Topology string          // single, Sentinel or Cluster
	Servers  []ServerCheckup // all that accept writes, or the single one
	Refused  error           // why writes fail; nil if they succeed
}

// ServerCheckup is the settings of one server and the offset of its clock. Fields that the server does not report are zero.
type ServerCheckup struct {
	Addr, Version     string
	Memory, MaxMemory int64         // bytes
	Policy            string        // maxmemory-policy
	WantsReplicas     bool          // it rejects writes without one
	Ahead             time.Duration // of its clock before that of this process
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
	if _, ok := client.UniversalClient.(*redis.ClusterClient); ok {
		c.Topology = "Cluster"
	}
	if err := c.visit(ctx, client.UniversalClient); err != nil {
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
func (c *Checkup) visit(ctx context.Context, client redis.UniversalClient) error {
	err := eachMaster(ctx, client, func(ctx context.Context, node *redis.Client) error {
		one, err := examined(ctx, node)
		c.Servers = append(c.Servers, one)
		return err
	})
	slices.SortFunc(c.Servers, func(a, b ServerCheckup) int { return cmp.Compare(a.Addr, b.Addr) })
	return err
}

func examined(ctx context.Context, server *redis.Client) (s ServerCheckup, err error) {
	s.Addr = server.Options().Addr
	text, err := server.Info(ctx).Result()
	if err != nil {
		return s, err
	}
	info := parseInfo(text)
	s.Version, s.Policy, s.Memory, s.MaxMemory = info["redis_version"], info["maxmemory_policy"], info.number("used_memory"), info.number("maxmemory")
	_, s.WantsReplicas = info["min_slaves_good_slaves"] // reported only if it is set
	return s, s.compareClocks(ctx, server)
}

// compareClocks asks for the time. The fastest answer gives the offset.
func (s *ServerCheckup) compareClocks(ctx context.Context, server *redis.Client) error {
	fastest := checkupPatience
	for range questions {
		asked := time.Now()
		there, err := server.Time(ctx).Result()
		if err != nil {
			return err
		}
		if took := time.Since(asked); took < fastest {
			fastest, s.Ahead = took, there.Sub(asked.Add(took/2))
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
