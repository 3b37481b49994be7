package near_test

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"docsquare/internal/cache/near"
	"docsquare/internal/testkit"
)

// value is an entry of the tests.
type value struct {
	number int
	dead   atomic.Bool
}

// owner counts what a tier tells it.
type owner struct {
	added, removed atomic.Int64
	refuse         atomic.Bool
}

func (o *owner) tier(limit int64) *near.Tier[value] {
	return near.New(limit, near.Owner[value]{
		Dead:    func(v *value, _ time.Time) bool { return v.dead.Load() },
		Added:   func(*value) bool { ok := !o.refuse.Load(); o.added.Add(map[bool]int64{true: 1}[ok]); return ok },
		Removed: func(*value) { o.removed.Add(1) },
	})
}

func key(n int) near.Key { return near.Key{Hash: uint64(n)<<32 | uint64(n+1), Value: n} }

// colliding returns a key whose hash is the same for some others.
func colliding(n int) near.Key { return near.Key{Hash: uint64(n%97 + 1), Value: n} }

func put(t *near.Table[value], k near.Key, bytes int64) {
	s := near.NewSlot[value](k)
	s.Entry.number, _ = k.Value.(int)
	t.Put(s, bytes)
}

// TestTablesOfATier stores, replaces, reserves and evicts at random, at the same time. Each step leaves queues, indexes and weights in order.
func TestTablesOfATier(t *testing.T) {
	const limit = 64 << 10
	o := &owner{}
	tier := o.tier(limit)
	one, two := tier.NewTable(), tier.NewTable()
	var all sync.WaitGroup
	for seed := range uint64(4) {
		all.Go(func() {
			random := rand.New(rand.NewPCG(seed, 1))
			for range 3000 {
				n, table := random.IntN(300), one
				if random.IntN(2) == 0 {
					table = two
				}
				switch s := table.Find(colliding(n)); random.IntN(8) {
				case 0, 1, 2:
					put(table, colliding(n), random.Int64N(2000))
				case 3:
					put(table, colliding(n), limit/4) // too large: removes the entry
				case 4:
					bytes := random.Int64N(1000)
					tier.Reserve(bytes)
					tier.Release(bytes)
				case 5:
					if s != nil {
						s.Entry.dead.Store(true)
					}
				default:
					if s != nil && s.Entry.number != n {
						t.Errorf("found %d of %d", s.Entry.number, n)
					} else if s != nil {
						s.Hit()
					}
				}
				if random.IntN(50) == 0 {
					testkit.Must(t, tier.Check(one, two))
				}
			}
		})
	}
	all.Wait()
	testkit.Must(t, tier.Check(one, two))
	entries := 0
	for _, table := range []*near.Table[value]{one, two} {
		n, _ := table.Size()
		for range table.All {
			n--
		}
		if n != 0 {
			t.Errorf("All yields %d entries less than Size counts", n)
		}
		n, _ = table.Size()
		entries += n
	}
	if n := o.added.Load() - o.removed.Load(); n != int64(entries) {
		t.Errorf("%d entries were added and not removed, there are %d", n, entries)
	}
	tier.Reserve(limit)
	if n, bytes := one.Size(); n != 0 || bytes != 0 || tier.Reserved() != limit {
		t.Errorf("%d entries with %d bytes are left of a tier without memory", n, bytes)
	}
	testkit.Must(t, tier.Check(one, two))
}

// TestRefusedEntry keeps the present entry if the owner refuses a new one.
func TestRefusedEntry(t *testing.T) {
	o := &owner{}
	table := o.tier(1 << 20).NewTable()
	put(table, key(1), 10)
	present := table.Find(key(1))
	o.refuse.Store(true)
	put(table, key(1), 10)
	put(table, key(2), 10)
	if table.Find(key(1)) != present || table.Find(key(2)) != nil {
		t.Error("a refused entry was stored")
	}
}

// TestEvictionOrder evicts keys that were requested once before those that were hit, and keeps a key that comes back.
func TestEvictionOrder(t *testing.T) {
	o := &owner{}
	table := o.tier(100 << 10).NewTable()
	for n := range 50 {
		put(table, key(n), 200)
		table.Find(key(n)).Hit()
	}
	for n := 1000; n < 3000; n++ {
		put(table, key(n), 200)
	}
	for n := range 50 {
		if table.Find(key(n)) == nil {
			t.Fatalf("%d was evicted by keys that are requested once", n)
		}
	}
	table.Find(key(0)).Entry.dead.Store(true)
	for n := 3000; n < 6000; n++ {
		put(table, key(n), 200)
		table.Find(key(n)).Hit()
	}
	if table.Find(key(0)) != nil {
		t.Error("a dead entry is kept")
	}
}

// TestRequestsFade halves what was counted in each minute.
func TestRequestsFade(t *testing.T) {
	s, began := near.NewSlot[value](key(1)), time.Unix(600, 0)
	for range 100 {
		s.Requested(began)
	}
	for minutes, want := range map[int]int64{0: 1600, 1: 800, 3: 200, 11: 0, 100: 0, -1: 1600} {
		if got := s.Requests(began.Add(time.Duration(minutes) * time.Minute)); got != want {
			t.Errorf("%d requests after %d minutes, want %d", got, minutes, want)
		}
	}
	s.Requested(began.Add(2 * time.Minute))
	if got := s.Requests(began.Add(2 * time.Minute)); got != 400+near.SampleRate {
		t.Errorf("%d requests", got)
	}
}
