package tags_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"docsquare/internal/cache/near"
	"docsquare/internal/cache/tags"
	"docsquare/internal/testkit"
)

type entry struct{ snapshots []tags.Snapshot }

// tier returns a near tier whose entries pin their tags.
func tier(limit, idle int64) (tier *near.Tier[entry], table *tags.Table) {
	tier = near.New(limit, near.Owner[entry]{
		Dead:    func(e *entry, _ time.Time) bool { return !tags.Current(e.snapshots) },
		Added:   func(e *entry) bool { return table.Pin(e.snapshots) },
		Removed: func(e *entry) { table.Unpin(e.snapshots) },
	})
	table = tags.NewTable(tier, idle)
	return tier, table
}

// TestTagsOfEntries captures, stores, replaces and evicts at random, at the same time. Exactly the tags of entries are pinned, the others are
// bounded, and the bytes of all are reserved.
func TestTagsOfEntries(t *testing.T) {
	const idle = 4 << 10
	memory, table := tier(64<<10, idle)
	entries := memory.NewTable()
	var all sync.WaitGroup
	for seed := range uint64(4) {
		all.Go(func() {
			random := rand.New(rand.NewPCG(seed, 1))
			for range 5000 {
				n := random.IntN(400)
				own := []tags.Tag{fmt.Sprint("own:", n), fmt.Sprint("shared:", n%7), "all"}
				switch random.IntN(10) {
				case 0:
					table.Replace(own[random.IntN(2)], tags.NewStamp())
				case 1:
					table.Capture(nil, own) // of a load that fills nothing
				default:
					s := near.NewSlot[entry](near.Key{Hash: uint64(n + 1), Value: n})
					s.Entry.snapshots = table.Capture(nil, own)
					entries.Put(s, random.Int64N(500))
				}
			}
		})
	}
	all.Wait()
	check := func() {
		t.Helper()
		var kept [][]tags.Snapshot
		for s := range entries.All {
			kept = append(kept, s.Entry.snapshots)
		}
		testkit.Must(t, table.Check(memory.Reserved(), kept...))
	}
	check()
	memory.Reserve(64 << 10) // evicts all
	memory.Release(64 << 10)
	if n, _ := entries.Size(); n != 0 || memory.Reserved() > idle {
		t.Errorf("%d entries and %d bytes of tags are left", n, memory.Reserved())
	}
	check()
}

// TestDroppedTagIsNotCurrent drops idle tags: what was captured of them is not current, and cannot be pinned.
func TestDroppedTagIsNotCurrent(t *testing.T) {
	_, table := tier(1<<20, 4<<10)
	first := table.Capture(nil, []tags.Tag{"first"})
	for n := range 100 {
		table.Capture(nil, []tags.Tag{fmt.Sprint("tag:", n)})
	}
	if tags.Current(first) || table.Pin(first) || table.Stamp("first") != 0 {
		t.Error("a dropped tag counts")
	}
	if again := table.Capture(nil, []tags.Tag{"first"}); !tags.Current(again) || again[0] == first[0] {
		t.Error("a tag that comes back has no new generation")
	}
}

// TestConfirm ends a generation that the far tier contradicts.
func TestConfirm(t *testing.T) {
	_, table := tier(1<<20, 4<<10)
	capture := func() tags.Snapshot { return table.Capture(nil, []tags.Tag{"tag"})[0] }
	one := capture()
	one.Confirm(5)
	one.Confirm(5)
	if !one.Current() || table.Stamp("tag") != 5 {
		t.Errorf("current: %v, stamp %v", one.Current(), table.Stamp("tag"))
	}
	one.Confirm(6)
	two := capture()
	if one.Current() || !two.Current() || !two.Follows(one) || one.Follows(two) {
		t.Error("the generation goes on with another stamp")
	}
	table.Replace("tag", 7)
	table.Replace("tag", 7) // the second pass of one write
	if three := capture(); !three.Follows(two) || table.Stamp("tag") != 7 {
		t.Error("the two passes of a write count as two")
	}
}
