package redis_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

func TestWriteOfAnotherProcessEndsNearEntries(t *testing.T) {
	server := testkit.Redis(t)
	here, there := open(t, server), open(t, server)
	ids := cachetest.NewIDs(2)
	s := cachetest.NewSource(ids...)
	for _, id := range ids {
		cachetest.WantTitle(t, here, s, id, "old")
	}
	s.Write(ids[0], "new")
	testkit.Must(t, there.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(ids[0])}))
	testkit.Eventually(t, "the write is heard of", func() bool { return cachetest.Title(t, here, s, ids[0]) == "new" })
	testkit.Eventually(t, "the new value is kept", func() bool {
		cachetest.WantTitle(t, here, s, ids[0], "new")
		return cachetest.InNear(here.Documents, ids[0])
	})
	if !cachetest.InNear(here.Documents, ids[1]) {
		t.Fatal("the write ended the entry of another document")
	}
}

// line is what stands between a client and Redis: it can be cut for some commands, or hold them up.
type line struct {
	commands []string
	cut      atomic.Bool
	held     atomic.Pointer[cachetest.Gate]
}

func (*line) DialHook(next redis.DialHook) redis.DialHook { return next }

func (*line) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (l *line) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if slices.Contains(l.commands, cmd.Name()) {
			if l.cut.Load() {
				cmd.SetErr(context.DeadlineExceeded)
				return context.DeadlineExceeded
			}
			if g := l.held.Swap(nil); g != nil {
				close(g.Reached)
				<-g.Opened
			}
		}
		return next(ctx, cmd)
	}
}

// over opens a cache whose commands of these names go over the line.
func over(t *testing.T, server *testkit.RedisServer, commands ...string) (*kinds.Cache, *line) {
	t.Helper()
	l := &line{commands: commands}
	own := far(t, server)
	own.AddHook(l)
	return open(t, server, func(o *options) { o.client = own }), l
}

func TestProcessThatDoesNotHearKeepsNothing(t *testing.T) {
	server := testkit.Redis(t)
	c, line := over(t, server, "xread", "xrevrange")
	id := uuid.New()
	s := cachetest.NewSource(id)
	cachetest.WantTitle(t, c, s, id, "old")
	if !cachetest.InNear(c.Documents, id) {
		t.Fatal("the near tier is not in use")
	}
	line.cut.Store(true)
	cachetest.WantState(t, c, "degraded")
	testkit.Eventually(t, "the near tier is empty", func() bool { return !cachetest.InNear(c.Documents, id) })

	cachetest.WantTitle(t, c, s, id, "old")
	testkit.Eventually(t, "what was read in the meantime is gone after a moment", func() bool { return !cachetest.InNear(c.Documents, id) })

	line.cut.Store(false)
	cachetest.WantState(t, c, "ok")
	cachetest.WantTitle(t, c, s, id, "old")
	if !cachetest.InNear(c.Documents, id) {
		t.Fatal("the near tier is not in use again")
	}
}

func TestProcessThatIsTooFarBehindStartsAnew(t *testing.T) {
	server := testkit.Redis(t)
	writer, raw := open(t, server), client(t, server)
	c, line := over(t, server, "xread")
	id := uuid.New()
	s := cachetest.NewSource(id)
	cachetest.WantTitle(t, c, s, id, "old")

	g := cachetest.NewGate()
	line.held.Store(&g)
	testkit.Receive(t, "the follower stands still", g.Reached)
	s.Write(id, "new")
	testkit.Must(t, writer.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
	pipe := raw.Pipeline()
	for range streamBatch {
		pipe.XAdd(t.Context(), &redis.XAddArgs{Stream: streamKey(server.Prefix), Values: []any{"origin", "x", "tags", ""}})
	}
	pipe.XTrimMaxLen(t.Context(), streamKey(server.Prefix), streamBatch)
	_, err := pipe.Exec(t.Context())
	testkit.Must(t, err)
	close(g.Opened)
	testkit.Eventually(t, "the new value is read", func() bool { return cachetest.Title(t, c, s, id) == "new" })
}

func TestFollowerReadsWhatComesManyAtOnce(t *testing.T) {
	server := testkit.Redis(t)
	writer := open(t, server)
	c, line := over(t, server, "xread")
	id := uuid.New()
	s := cachetest.NewSource(id)
	testkit.Must(t, writer.Replace(t.Context(), []cache.Tag{"something"})) // so that the place is one in the stream
	testkit.Eventually(t, "the stream is followed", func() bool { return c.State() == "ok" })
	cachetest.WantTitle(t, c, s, id, "old")
	g := cachetest.NewGate()
	line.held.Store(&g)
	testkit.Receive(t, "the follower stands still", g.Reached)
	for range 50 {
		testkit.Must(t, writer.Replace(t.Context(), []cache.Tag{"something", "something else"}))
	}
	s.Write(id, "new")
	testkit.Must(t, writer.Replace(t.Context(), []cache.Tag{"something", kinds.DocumentTag(id)}))
	close(g.Opened)
	testkit.Eventually(t, "the last of many is heard of", func() bool { return cachetest.Title(t, c, s, id) == "new" })
}

func TestWordsInTheStreamThatMakeNoSense(t *testing.T) {
	server := testkit.Redis(t)
	writer, raw := open(t, server), client(t, server)
	c := open(t, server)
	id := uuid.New()
	s := cachetest.NewSource(id)
	cachetest.WantTitle(t, c, s, id, "old")
	for _, values := range [][]any{{"nothing", "1"}, {"origin", "x", "tags", "short"}, {"origin", "x", "tags", "12345678\xff\xffcut"}} {
		testkit.Must(t, raw.XAdd(t.Context(), &redis.XAddArgs{Stream: streamKey(server.Prefix), Values: values}).Err())
	}
	s.Write(id, "new")
	testkit.Must(t, writer.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
	testkit.Eventually(t, "what comes after is heard of", func() bool { return cachetest.Title(t, c, s, id) == "new" })
}
