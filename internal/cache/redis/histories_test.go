package redis_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// stoppable holds a writer up on its way to Redis.
type stoppable struct {
	mu   sync.Mutex
	gate *cachetest.Gate
}

func (s *stoppable) stop(g cachetest.Gate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gate = &g
}

func (*stoppable) DialHook(next redis.DialHook) redis.DialHook          { return next }
func (*stoppable) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

func (s *stoppable) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if slices.ContainsFunc(cmds, func(c redis.Cmder) bool { return c.Name() == "xadd" }) {
			s.mu.Lock()
			g := s.gate
			s.gate = nil
			s.mu.Unlock()
			if g != nil {
				close(g.Reached)
				<-g.Opened
			}
		}
		return next(ctx, cmds)
	}
}

// writerOn returns an instance whose writes can be stopped on their way to Redis.
func writerOn(t *testing.T, server *testkit.RedisServer) *cachetest.Writer {
	t.Helper()
	hook, own := &stoppable{}, far(t, server)
	own.AddHook(hook)
	return &cachetest.Writer{Cache: open(t, server, func(o *options) { o.client = own }), Stop: hook.stop}
}

func TestEveryHistoryOfReadersAndAWriter(t *testing.T) {
	server := testkit.Redis(t)
	cachetest.EveryHistoryOfReadersAndAWriter(t, writerOn(t, server), open(t, server), open(t, server, farOnly))
}

func TestEveryHistoryOfAReaderAndTwoWriters(t *testing.T) {
	server := testkit.Redis(t)
	cachetest.EveryHistoryOfAReaderAndTwoWriters(t, writerOn(t, server), writerOn(t, server), open(t, server, farOnly))
}
