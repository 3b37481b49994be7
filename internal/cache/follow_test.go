package cache_test

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
)

func TestWriteOfAnotherProcessEndsNearEntries(t *testing.T) {
	server := testkit.Redis(t)
	here, there := open(t, server), open(t, server)
	ids := newIDs(2)
	s := newSource(ids...)
	for _, id := range ids {
		wantTitle(t, here, s, id, "old")
	}
	s.write(ids[0], "new")
	testkit.Must(t, there.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(ids[0])}))
	testkit.Eventually(t, "the write is heard of", func() bool { return title(t, here, s, ids[0]) == "new" })
	testkit.Eventually(t, "the new value is kept", func() bool {
		wantTitle(t, here, s, ids[0], "new")
		return here.Documents.InNear(ids[0])
	})
	if !here.Documents.InNear(ids[1]) {
		t.Fatal("the write ended the entry of another document")
	}
}

// line is what stands between a client and Redis: it can be cut for some commands, or hold them up.
type line struct {
	commands []string
	cut      atomic.Bool
	held     atomic.Pointer[gate]
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
				close(g.reached)
				<-g.opened
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
	s := newSource(id)
	wantTitle(t, c, s, id, "old")
	if !c.Documents.InNear(id) {
		t.Fatal("the near tier is not in use")
	}
	line.cut.Store(true)
	wantState(t, c, "degraded")
	testkit.Eventually(t, "the near tier is empty", func() bool { return !c.Documents.InNear(id) })

	wantTitle(t, c, s, id, "old")
	testkit.Eventually(t, "what was read in the meantime is gone after a moment", func() bool { return !c.Documents.InNear(id) })

	line.cut.Store(false)
	wantState(t, c, "ok")
	wantTitle(t, c, s, id, "old")
	if !c.Documents.InNear(id) {
		t.Fatal("the near tier is not in use again")
	}
}

func TestProcessThatIsTooFarBehindStartsAnew(t *testing.T) {
	server := testkit.Redis(t)
	writer, raw := open(t, server), client(t, server)
	c, line := over(t, server, "xread")
	id := uuid.New()
	s := newSource(id)
	wantTitle(t, c, s, id, "old")

	g := newGate()
	line.held.Store(&g)
	testkit.Receive(t, "the follower stands still", g.reached)
	s.write(id, "new")
	testkit.Must(t, writer.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
	pipe := raw.Pipeline()
	for range streamBatch {
		pipe.XAdd(t.Context(), &redis.XAddArgs{Stream: streamKey(server.Prefix), Values: []any{"origin", "x", "tags", ""}})
	}
	pipe.XTrimMaxLen(t.Context(), streamKey(server.Prefix), streamBatch)
	_, err := pipe.Exec(t.Context())
	testkit.Must(t, err)
	close(g.opened)
	testkit.Eventually(t, "the new value is read", func() bool { return title(t, c, s, id) == "new" })
}

func TestFollowerReadsWhatComesManyAtOnce(t *testing.T) {
	server := testkit.Redis(t)
	writer := open(t, server)
	c, line := over(t, server, "xread")
	id := uuid.New()
	s := newSource(id)
	testkit.Must(t, writer.Replace(t.Context(), []cache.Tag{"something"})) // so that the place is one in the stream
	testkit.Eventually(t, "the stream is followed", func() bool { return c.State() == "ok" })
	wantTitle(t, c, s, id, "old")
	g := newGate()
	line.held.Store(&g)
	testkit.Receive(t, "the follower stands still", g.reached)
	for range 50 {
		testkit.Must(t, writer.Replace(t.Context(), []cache.Tag{"something", "something else"}))
	}
	s.write(id, "new")
	testkit.Must(t, writer.Replace(t.Context(), []cache.Tag{"something", kinds.DocumentTag(id)}))
	close(g.opened)
	testkit.Eventually(t, "the last of many is heard of", func() bool { return title(t, c, s, id) == "new" })
}

func TestWordsInTheStreamThatMakeNoSense(t *testing.T) {
	server := testkit.Redis(t)
	writer, raw := open(t, server), client(t, server)
	c := open(t, server)
	id := uuid.New()
	s := newSource(id)
	wantTitle(t, c, s, id, "old")
	for _, values := range [][]any{{"nothing", "1"}, {"origin", "x", "tags", "short"}, {"origin", "x", "tags", "12345678\xff\xffcut"}} {
		testkit.Must(t, raw.XAdd(t.Context(), &redis.XAddArgs{Stream: streamKey(server.Prefix), Values: values}).Err())
	}
	s.write(id, "new")
	testkit.Must(t, writer.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
	testkit.Eventually(t, "what comes after is heard of", func() bool { return title(t, c, s, id) == "new" })
}
