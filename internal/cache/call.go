package cache

import (
	"sync"

	"docsquare/internal/cache/near"
	"docsquare/internal/cache/tags"
)

// call is the load of one key from the far tier or the source. Other fetches of the key wait for it.
type call struct {
	key  near.Key
	tags []Tag
	slot *near.Slot[entry] // for the result. Its snapshots are captured before the first read; other fetches wait only while they are current

	done  chan struct{}
	entry *entry // set before done is closed; nil if err is set
	err   error
}

// newCalls returns a call for each key. It captures the snapshots of the tags, so call it before anything is read.
func (f *family) newCalls(keys []near.Key) []*call {
	calls := make([]*call, len(keys))
	for i, key := range keys {
		calls[i] = f.newCall(key)
	}
	return calls
}

func (f *family) newCall(key near.Key) *call {
	c := &call{key: key, tags: append(f.tags(key.Value), f.tag, Everything), slot: near.NewSlot[entry](key), done: make(chan struct{})}
	c.capture(f.engine.tags)
	return c
}

// capture captures the snapshots of the tags.
func (c *call) capture(table *tags.Table) {
	e := &c.slot.Entry
	e.snapshots = table.Capture(e.usual[:0], c.tags)
}

func (c *call) finished() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// calls are the calls of one kind that are in flight in this process.
type calls struct {
	mu       sync.Mutex
	inFlight map[any]*call
}

func newCalls() *calls {
	return &calls{inFlight: map[any]*call{}}
}

// join splits calls into new ones and ones already in flight. A call in flight is not joined after a write to one of its tags.
func (f *calls) join(wanted []*call) (mine, others []*call) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range wanted {
		if other := f.inFlight[w.key.Value]; other != nil && tags.Current(other.slot.Entry.snapshots) {
			others = append(others, other)
			continue
		}
		f.inFlight[w.key.Value] = w
		mine = append(mine, w)
	}
	return mine, others
}

// start begins all calls, also those of keys that are already in flight.
func (f *calls) start(wanted []*call) []*call {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range wanted {
		f.inFlight[w.key.Value] = w
	}
	return wanted
}

// finish sets the result of a call and wakes the fetches that wait for it.
func (f *calls) finish(c *call, e *entry, err error) {
	f.mu.Lock()
	if f.inFlight[c.key.Value] == c {
		delete(f.inFlight, c.key.Value)
	}
	f.mu.Unlock()
	c.entry, c.err = e, err
	close(c.done)
}
