package redis

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// Client is a client for one Redis: single, Sentinel or Cluster. Each tier has a client. The client connects only to servers
// that accept writes, so a replica that takes over is always reached by a new connection.
type Client struct {
	redis.UniversalClient
	onConnect atomic.Pointer[func(context.Context, *redis.Conn) error] // checks each new connection; see Tier.onConnect
	slots     slotMaps
}

// slotMapTTL is how long a slot map of a cluster is used. After a failover only a server that answers reports that the map is
// old. A server that is down, or that is rejected as a replica, does not, and would be called again and again.
const slotMapTTL = time.Second

func newClient(o *redis.UniversalOptions) *Client {
	c := &Client{}
	switch {
	case o.MasterName != "":
		o.OnConnect = c.checkMaster
		c.UniversalClient = redis.NewFailoverClient(o.Failover())
	case len(o.Addrs) > 1:
		o.OnConnect = c.checkMaster
		cluster := o.Cluster()
		cluster.NewClient = c.slots.node
		cluster.ClusterStateReloadInterval = slotMapTTL
		c.UniversalClient = redis.NewClusterClient(cluster)
	default:
		o.OnConnect = c.check
		c.UniversalClient = redis.NewClient(o.Simple())
	}
	return c
}

// Universal returns the client for other users than a tier. It returns nil for a nil Client.
func (c *Client) Universal() redis.UniversalClient {
	if c == nil {
		return nil
	}
	return c
}

// Close closes all connections.
func (c *Client) Close() error { return errors.Join(c.UniversalClient.Close(), c.slots.close()) }

func (c *Client) check(ctx context.Context, cn *redis.Conn) error {
	if check := c.onConnect.Load(); check != nil {
		return (*check)(ctx, cn)
	}
	return nil
}

var errReplica = errors.New("cache: redis server is a replica, which may not have the last stamps")

// checkMaster rejects a connection to a replica: after a failover nothing would check that connection again. A connection to a
// sentinel, whose INFO has no role, is not checked.
func (c *Client) checkMaster(ctx context.Context, cn *redis.Conn) error {
	text, err := cn.Info(ctx, "replication").Result()
	switch {
	case err != nil:
		return err
	case strings.Contains(text, "role:slave"):
		return errReplica
	case !strings.Contains(text, "role:"):
		return nil
	}
	return c.check(ctx, cn)
}

// slotMaps reads the slot map of a cluster over separate connections, and removes the replicas from it. The cluster client may ask a
// replica for the map, and would keep the connection.
type slotMaps struct {
	mu    sync.Mutex
	nodes map[string]*redis.Client // by address
}

// node returns the client of one node of a cluster.
func (m *slotMaps) node(o *redis.Options) *redis.Client {
	separate := *o
	separate.OnConnect, separate.PoolSize = nil, 1
	c := redis.NewClient(o)
	c.AddHook(slotMapHook{maps: m, options: &separate})
	return c
}

// separate returns the client that reads the map from one node.
func (m *slotMaps) separate(o *redis.Options) *redis.Client {
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

// slotMapHook answers CLUSTER SLOTS instead of the client of a node.
type slotMapHook struct {
	maps    *slotMaps
	options *redis.Options
}

// DialHook implements redis.Hook.
func (slotMapHook) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessPipelineHook implements redis.Hook.
func (slotMapHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// ProcessHook implements redis.Hook.
func (h slotMapHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		slots, ok := cmd.(*redis.ClusterSlotsCmd)
		if !ok {
			return next(ctx, cmd)
		}
		found, err := h.maps.separate(h.options).ClusterSlots(ctx).Result() //nolint:staticcheck // the command that the client has sent
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
