package cachetest

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/cache/tags"
	"docsquare/internal/testkit"
)

// Contract checks that a far tier does what cache.Far promises. connect returns a tier over the same store each time, for another
// engine. Contract closes the tiers.
func Contract(t *testing.T, connect func() cache.Far) {
	t.Helper()
	one, two := connect(), connect()
	here, there := Open(t, one), Open(t, two)
	ctx, name := t.Context(), uuid.NewString()
	pair := []cache.Tag{name + ":a", name + ":b"}
	item := func() []cache.FarItem { return []cache.FarItem{{Key: name, Tags: pair}} }
	read := func(far cache.Far) cache.FarItem {
		t.Helper()
		items := item()
		testkit.Must(t, far.Read(ctx, [][]cache.FarItem{items}))
		return items[0]
	}

	peeked := item()
	testkit.Must(t, one.Inspect(ctx, peeked))
	if peeked[0].Raw != nil || !slices.Equal(peeked[0].Stamps, []cache.Stamp{0, 0}) {
		t.Errorf("Inspect of nothing: %+v", peeked[0])
	}
	first := read(one)
	if first.Raw != nil || len(first.Stamps) != 2 || slices.Contains(first.Stamps, 0) || first.Stamps[0] == first.Stamps[1] {
		t.Errorf("the first read: %+v", first)
	}
	one.Fill([]cache.FarFill{{Key: name, Value: []byte("value"), TTL: time.Minute}})
	one.Settle()
	if got := read(two); string(got.Raw) != "value" || !slices.Equal(got.Stamps, first.Stamps) {
		t.Errorf("another engine reads %+v, want the stamps %v", got, first.Stamps)
	}

	var heard atomic.Bool
	defer there.Watch(pair[0], func(sure bool) { heard.Store(heard.Load() || sure) })()
	stamps := []cache.Stamp{tags.NewStamp()}
	version, err := one.Replace(ctx, pair[:1], stamps)
	testkit.Must(t, err)
	if got := read(two); got.Stamps[0] != stamps[0] || got.Stamps[1] != first.Stamps[1] {
		t.Errorf("after Replace: %+v", got)
	}
	testkit.Eventually(t, "the other engine hears of the change", heard.Load)
	testkit.Eventually(t, "both engines have reached the version", func() bool { return one.Reached(ctx, version) && two.Reached(ctx, version) })
	if version == "" || !one.Reached(ctx, "") {
		t.Errorf("version %q", version)
	}
	peeked = item()
	testkit.Must(t, two.Inspect(ctx, peeked))
	if string(peeked[0].Raw) != "value" || peeked[0].Stamps[0] != stamps[0] {
		t.Errorf("Inspect: %+v", peeked[0])
	}

	claims := []cache.Claim{{1}, {2}}
	if got := one.Claim(ctx, name, claims[:1], time.Minute); !slices.Equal(got, claims[:1]) {
		t.Errorf("the first to claim gets %v", got)
	}
	if got := two.Claim(ctx, name, claims, time.Minute); !slices.Equal(got, claims[1:]) {
		t.Errorf("the second to claim gets %v", got)
	}
	if used, _, ok := one.Memory(ctx); !ok || used <= 0 {
		t.Errorf("%d bytes are used, %v", used, ok)
	}
	one.Fill([]cache.FarFill{{Key: name, Value: []byte("short"), TTL: time.Millisecond}})
	one.Settle()
	testkit.Eventually(t, "the entry expires", func() bool { return read(two).Raw == nil })
	if here.State() != cache.OK || there.State() != cache.OK {
		t.Errorf("the far tier is %s and %s", here.State(), there.State())
	}
}
