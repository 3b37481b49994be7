package redis_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// Who was told of a write by one instance finds it on another that has not heard of it.
func TestVersionsAcrossInstances(t *testing.T) {
	server := testkit.Redis(t)
	writer := open(t, server)
	line, own := &line{commands: []string{"xread"}}, far(t, server)
	own.AddHook(line)
	c := open(t, server, func(o *options) { o.client, o.tier.ReadTimeout = own, 50*time.Millisecond })
	id := uuid.New()
	s := cachetest.NewSource(id)
	cachetest.WantTitle(t, c, s, id, "old")
	g := cachetest.NewGate()
	line.held.Store(&g)
	testkit.Receive(t, "the follower stands still", g.Reached)

	ctx, scope := cachetest.Operation(t.Context(), writer, false)
	if v := scope.Version(); v != "" {
		t.Fatalf("version %q where nothing was written", v)
	}
	s.Write(id, "new")
	testkit.Must(t, writer.Replace(ctx, []cache.Tag{kinds.DocumentTag(id)}))
	if !cachetest.InNear(c.Documents, id) {
		t.Fatal("the instance has heard of the write: this test shows nothing")
	}
	d, _, err := c.Documents.One(c.NotBefore(t.Context(), scope.Version()), id, s.Load)
	testkit.Must(t, err)
	if d.Title != "new" {
		t.Errorf("got %q", d.Title)
	}
	close(g.Opened)
	testkit.Eventually(t, "the write is heard of", func() bool { return cachetest.Title(t, c, s, id) == "new" })
	testkit.Eventually(t, "who has heard of it reads its own cache", func() bool {
		before := s.Loaded(id)
		d, _, err := c.Documents.One(c.NotBefore(t.Context(), scope.Version()), id, s.Load)
		testkit.Must(t, err)
		return d.Title == "new" && s.Loaded(id) == before
	})
}

// A version that names no moment of late, or none at all, asks for nothing; one that Redis has not heard of asks the
// source for as long as an entry may be stale.
func TestVersionsOfAllKinds(t *testing.T) {
	server := testkit.Redis(t)
	c := open(t, server)
	id := uuid.New()
	s := cachetest.NewSource(id)
	cachetest.WantTitle(t, c, s, id, "old")
	now := time.Now()
	for version, loads := range map[string]int{
		"":          0,
		"nonsense":  0,
		"!":         0,
		"-":         0,
		"0-0":       0,
		"!nonsense": 0,
		fmt.Sprintf("%d-0", now.Add(-time.Hour).UnixMilli()): 0,
		fmt.Sprintf("%d-0", now.Add(time.Hour).UnixMilli()):  0,
		fmt.Sprintf("!%d", now.Add(-time.Hour).UnixMilli()):  0,
		fmt.Sprintf("!%d", now.UnixMilli()):                  1,
	} {
		t.Run(version, func(t *testing.T) {
			before := s.Loaded(id)
			_, _, err := c.Documents.One(c.NotBefore(t.Context(), cache.Version(version)), id, s.Load)
			testkit.Must(t, err)
			cachetest.WantLoads(t, s, id, before+loads)
		})
	}
}

func TestVersionOfAWriteThatRedisDoesNotHearOf(t *testing.T) {
	server := testkit.StartRedis(t)
	c := served(t, server.URL, server.Prefix)
	server.Stop()
	ctx, scope := cachetest.Operation(t.Context(), c, false)
	if err := c.Replace(ctx, []cache.Tag{"something"}); err == nil {
		t.Fatal("a write that Redis did not hear of was no error")
	}
	if v := scope.Version(); len(v) < 2 || v[0] != '!' {
		t.Errorf("its version is %q", v)
	}
}
