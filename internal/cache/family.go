package cache

import (
	"context"
	"hash/maphash"
	"reflect"

	"docsquare/internal/explain"
)

// family is a kind without its types: keys are of the type keys, values of the type values. It does all that a hit in the near
// tier does not need.
type family struct {
	Spec
	engine  *Engine
	prefix  string // of its keys in the far tier: its name and version
	tag     Tag    // of all its entries
	keys    reflect.Type
	values  reflect.Type
	hash    func(key any) uint64
	text    func(key any) string // the key in the far tier
	tags    func(key any) []Tag  // without tag and Everything
	seed    maphash.Seed         // of the hashes of its keys: in the near tier, and among the hot keys
	near    *near
	flights *flights
	meter   *meter

	ofViewers bool // see Kind.aboutViewers
}

// boxed is a key with its hash.
type boxed struct {
	hash uint64
	key  any
}

// request is what one call of Fetch wants: how to load keys, and where to put the values.
type request struct {
	load  func(ctx context.Context, keys []any) (map[any]any, error)
	found func(key, value any) // called by the goroutine of the call
}

// fetch is Kind.Fetch for keys that look has not answered.
func (f *family) fetch(ctx context.Context, keys []boxed, to request) error {
	if passesBy(ctx) {
		f.noteAll(ctx, keys)
		return f.fly(ctx, f.flights.take(f.departAll(keys)), to, fromSource)
	}
	misses := f.fromNear(ctx, keys, to)
	if len(misses) == 0 {
		return nil
	}
	mine, others := f.flights.board(misses)
	mine = f.fromNearAfterAll(ctx, mine, to)
	if err := f.fly(ctx, mine, to, accept); err != nil {
		return err
	}
	return f.join(ctx, others, to)
}

// fromNear answers what the near tier has and prepares a flight for each other key.
func (f *family) fromNear(ctx context.Context, keys []boxed, to request) []*flight {
	s := f.serving(ctx, len(keys), to)
	var misses []*flight
	for _, key := range keys {
		if s.requested(key.hash) {
			s.note(key)
		}
		if e, ok := f.near.get(key, s.now); ok {
			s.count.Near++
			s.serve(key, e)
		} else {
			misses = append(misses, f.depart(key))
		}
	}
	s.end(ctx)
	return misses
}

// fromNearAfterAll answers what a flight of another has brought home between the look at the near tier and the boarding.
func (f *family) fromNearAfterAll(ctx context.Context, mine []*flight, to request) (rest []*flight) {
	s := f.serving(ctx, len(mine), to)
	for _, fl := range mine {
		e, ok := f.near.get(fl.boxed, s.now)
		if !ok {
			rest = append(rest, fl)
			continue
		}
		s.count.Near++
		f.flights.land(fl, e, nil)
		s.serve(fl.boxed, e)
	}
	s.end(ctx)
	return rest
}

// departAll prepares a flight for each key, past the near tier.
func (f *family) departAll(keys []boxed) []*flight {
	flights := make([]*flight, len(keys))
	for i, key := range keys {
		flights[i] = f.depart(key)
	}
	return flights
}

// noteAll notes that the operation has requested keys that no tier is asked for.
func (f *family) noteAll(ctx context.Context, keys []boxed) {
	r := f.newTierRead(ctx, 0)
	for _, key := range keys {
		if r.requested(key.hash) {
			r.note(key)
		}
	}
}

// serving is a tierRead of fetch. It also passes the values on, and gathers the keys to refresh and the entries to audit.
type serving struct {
	tierRead
	to      request
	due     []boxed
	audited map[any]*entry
}

func (f *family) serving(ctx context.Context, n int, to request) serving {
	return serving{tierRead: f.newTierRead(ctx, n), to: to}
}

// serve answers a key from an entry of either tier.
func (s *serving) serve(key boxed, e *entry) {
	s.served(e)
	if !e.absent {
		s.to.found(key.key, e.value)
	}
	if e.due(s.now) {
		s.due = append(s.due, key)
	}
	if s.family.audited(e) {
		if s.audited == nil {
			s.audited = map[any]*entry{}
		}
		s.audited[key.key] = e
	}
}

// end ends the read, and starts the refreshes and audits.
func (s *serving) end(ctx context.Context) {
	s.tierRead.end()
	if len(s.due) > 0 {
		s.family.refresh(ctx, s.due, s.to)
	}
	for key, e := range s.audited {
		s.family.audit(ctx, key, e, s.to)
	}
}

// refresh loads keys again in the background, each at most once at a time.
func (f *family) refresh(ctx context.Context, keys []boxed, to request) {
	mine, _ := f.flights.board(f.departAll(keys))
	if len(mine) == 0 {
		return
	}
	to.found = func(any, any) {}
	f.engine.background(ctx, func(ctx context.Context) {
		if err := f.fly(ctx, mine, to, renew); err != nil {
			f.engine.log.WarnContext(ctx, "entries could not be refreshed", "kind", f.Name, "error", err)
		}
	})
}

// count counts for the kind, and for the operation of the context.
func (f *family) count(ctx context.Context, c explain.Kind) {
	f.countFor(explain.From(ctx), receiptOf(ctx), c)
}

// countFor counts for the kind, and for the operation's record and receipt, which may be nil.
func (f *family) countFor(record *explain.Record, receipt *Receipt, c explain.Kind) {
	if c == (explain.Kind{}) {
		return
	}
	f.meter.count(c)
	record.Kind(f.Name, c)
	receipt.count(c)
}
