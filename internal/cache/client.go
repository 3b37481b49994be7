package cache

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// Client is a client for one Redis: single, Sentinel or Cluster. One engine has one of its own. Whatever the topology,
// its connections lead to servers that are written to, so that a replica which takes over is always met on a connection
// that is new.
type Client struct {
	redis.UniversalClient
	greet atomic.Pointer[func(context.Context, *redis.Conn) error] // looks at each new connection
	maps  slotMaps
}

// mapLife is how long the map of a cluster is believed. After a failover only a server that answers says that it is old:
// one that is gone, or refused as a replica, does not, and would be called again and again.
const mapLife = time.Second

func newClient(o *redis.UniversalOptions) *Client {
	c := &Client{}
	switch {
	case o.MasterName != "":
		o.OnConnect = c.meetMaster
		c.UniversalClient = redis.NewFailoverClient(o.Failover())
	case len(o.Addrs) > 1:
		o.OnConnect = c.meetMaster
		cluster := o.Cluster()
		cluster.NewClient = c.maps.node
		cluster.ClusterStateReloadInterval = mapLife
		c.UniversalClient = redis.NewClusterClient(cluster)
	default:
		o.OnConnect = c.meet
		c.UniversalClient = redis.NewClient(o.Simple())
	}
	return c
}

// Universal is the client for others than the engine; nil where there is none.
func (c *Client) Universal() redis.UniversalClient {
	if c == nil {
		return nil
	}
	return c
}

// Close closes all connections.
func (c *Client) Close() error { return errors.Join(c.UniversalClient.Close(), c.maps.close()) }

func (c *Client) meet(ctx context.Context, cn *redis.Conn) error {
	if greet := c.greet.Load(); greet != nil {
		return (*greet)(ctx, cn)
	}
	return nil
}

var errReplica = errors.New("cache: this Redis is a replica, which may not have the last stamps")

// meetMaster refuses a connection to a replica: once that took over, nobody would look at the connection again. One to a
// sentinel, which is no Redis and says nothing of replication, is of no interest.
func (c *Client) meetMaster(ctx context.Context, cn *redis.Conn) error {
	text, err := cn.Info(ctx, "replication").Result()
	switch {
	case err != nil:
		return err
	case strings.Contains(text, "role:slave"):
		return errReplica
	case !strings.Contains(text, "role:"):
		return nil
	}
	return c.meet(ctx, cn)
}

// slotMaps fetches the map of a cluster, which every node has, over connections of its own: the client may ask a replica for
// it, and would keep the connection. The replicas are left out of the map.
type slotMaps struct {
	mu    sync.Mutex
	nodes map[string]*redis.Client
}

// node makes the client of one node of a cluster.
func (m *slotMaps) node(o *redis.Options) *redis.Client {
	aside := *o
	aside.OnConnect, aside.PoolSize = nil, 1
	c := redis.NewClient(o)
	c.AddHook(mapHook{maps: m, options: &aside})
	return c
}

func (m *slotMaps) aside(o *redis.Options) *redis.Client {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.nodes[o.Addr]
	if c == nil {
		if m.nodes == nil {
			m.nodes = map[string]*redis.Client{}
		}
		own := *o // the client changes its options
		c = redis.NewClient(&own)
		m.nodes[o.Addr] = c
	}
	return c
}

func (m *slotMaps) close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var problems []error
	for _, c := range m.nodes {
		problems = append(problems, c.Close())
	}
	m.nodes = nil
	return errors.Join(problems...)
}

// mapHook takes the question for the map out of what a node's client sends.
type mapHook struct {
	maps    *slotMaps
	options *redis.Options
}

// DialHook changes nothing.
func (mapHook) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessPipelineHook changes nothing.
func (mapHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// ProcessHook answers CLUSTER SLOTS.
func (h mapHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		slots, ok := cmd.(*redis.ClusterSlotsCmd)
		if !ok {
			return next(ctx, cmd)
		}
		found, err := h.maps.aside(h.options).ClusterSlots(ctx).Result() //nolint:staticcheck // the command that the client has sent
		if err != nil {
			cmd.SetErr(err)
			return err
		}
		for i := range found {
			found[i].Nodes = found[i].Nodes[:min(1, len(found[i].Nodes))]
		}
		slots.SetVal(found)
		return nil
	}
}
