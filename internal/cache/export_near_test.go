package cache

import (
	"fmt"
	"reflect"
	"time"
)

// Put keeps a value in the near tier, as a load does.
func (k *Kind[K, V]) Put(key K, value V, ttl time.Duration) {
	e := k.family.entry(false, time.Now().Add(ttl))
	e.value, e.snapshots = value, k.family.newCall(box(k, key)).snapshots
	k.family.near.put(box(k, key), e)
}

// Get returns what the near tier would serve.
func (k *Kind[K, V]) Get(key K) (value V, ok bool) {
	e, ok := k.family.near.get(box(k, key), time.Now())
	if ok {
		value, _ = e.value.(V)
	}
	return value, ok
}

// SizeOf returns the bytes of memory that a value refers to.
func SizeOf[V any](v V) int64 { return sizeOf(reflect.ValueOf(&v).Elem()) }

// Weight returns how much the near tier holds, in bytes, tags included.
func (e *Engine) Weight() int64 {
	e.budget.mu.Lock()
	defer e.budget.mu.Unlock()
	return e.budget.weight()
}

// IdleTagBytes returns the bound of the tags that no entry in the near tier depends on.
func (e *Engine) IdleTagBytes() int64 { return e.tags.table.limit }

// EvictAll evicts every entry.
func (e *Engine) EvictAll() {
	e.budget.mu.Lock()
	defer e.budget.mu.Unlock()
	limit := e.budget.limit
	e.budget.limit = 0
	e.budget.shrink(time.Now())
	e.budget.limit = limit
}

// contents is what the index of one kind refers to.
type contents struct {
	slots     map[*slot]bool
	snapshots [][]snapshot
	bytes     int64 // as the kind counts them
}

func (k *family) contents() (contents, error) {
	l := contents{slots: map[*slot]bool{}, bytes: k.near.bytes}
	buckets, live := 0, 0
	if table := k.near.index.buckets.Load(); table != nil {
		for i := range *table {
			b := &(*table)[i]
			if b.hash.Load() != 0 {
				buckets++
			}
			s := b.slot.Load()
			if s == nil {
				continue
			}
			live++
			if k.near.find(s.boxed) != s {
				return l, fmt.Errorf("%s: a slot is not found by its key", k.Name)
			}
			l.slots[s] = true
			l.snapshots = append(l.snapshots, s.entry.snapshots)
		}
	}
	if buckets != k.near.index.used || live != k.near.index.live || live != len(l.slots) {
		return l, fmt.Errorf("%s: %d buckets, %d slots, %d slots in the set, counted otherwise", k.Name, buckets, live, len(l.slots))
	}
	return l, nil
}

// CheckBudget returns an error if the weights, queues, indexes, pins and lists of the near tier contradict each other.
func (e *Engine) CheckBudget() error {
	e.budget.mu.Lock()
	defer e.budget.mu.Unlock()
	queued, err := e.budget.queued()
	if err != nil {
		return err
	}
	pins, nodes := map[*tagState]int{}, 0
	for _, f := range e.kinds {
		l, err := f.contents()
		if err != nil {
			return err
		}
		bytes := int64(0)
		for n := range l.slots {
			if !queued[n] {
				return fmt.Errorf("an entry of %s is in no queue", f.Name)
			}
			bytes += n.weight
		}
		if nodes += len(l.slots); bytes != l.bytes {
			return fmt.Errorf("%s has %d bytes, counted %d", f.Name, bytes, l.bytes)
		}
		for _, snapshots := range l.snapshots {
			for _, h := range snapshots {
				pins[h.state]++
			}
		}
	}
	if nodes != len(queued) {
		return fmt.Errorf("%d entries in the indexes, %d in the queues", nodes, len(queued))
	}
	if w := e.budget.weight(); w > e.budget.limit && nodes > 0 {
		return fmt.Errorf("the weight is %d of %d", w, e.budget.limit)
	}
	return e.tags.table.check(pins)
}

// queued returns the slots of both queues.
func (b *budget) queued() (map[*slot]bool, error) {
	slots := map[*slot]bool{}
	for _, q := range []*queue{&b.small, &b.main} {
		weight, newer := int64(0), (*slot)(nil)
		for n := q.first; n != nil; newer, n = n, n.links.older {
			if n.links.newer != newer || n.queue != q || slots[n] {
				return nil, fmt.Errorf("a queue is broken")
			}
			slots[n] = true
			weight += n.weight
		}
		if q.last != newer || q.weight != weight {
			return nil, fmt.Errorf("a queue of %d bytes counts %d", weight, q.weight)
		}
	}
	return slots, nil
}

// check compares the cells with the entries that depend on them.
func (t *tagTable) check(pins map[*tagState]int) error {
	idle, idleBytes, newer := map[*tagState]bool{}, int64(0), (*tagState)(nil)
	for c := t.idle.first; c != nil; newer, c = c, c.links.older {
		if c.links.newer != newer || idle[c] {
			return fmt.Errorf("the list of idle cells is broken")
		}
		idle[c] = true
		idleBytes += c.bytes()
	}
	if t.idle.last != newer || idleBytes != t.idle.weight || idleBytes > t.limit {
		return fmt.Errorf("idle cells have %d bytes, counted %d of %d", idleBytes, t.idle.weight, t.limit)
	}
	bytes := int64(0)
	for tag, c := range t.states {
		if c.tag != tag || c.pins != pins[c] || idle[c] == (c.pins > 0) || c.current.Load() == nil {
			return fmt.Errorf("%s has %d pins, counted %d; idle: %v", tag, pins[c], c.pins, idle[c])
		}
		delete(pins, c)
		bytes += c.bytes()
	}
	if len(pins) > 0 || bytes != t.budget.tags {
		return fmt.Errorf("%d cells are pinned but dropped; %d bytes, counted %d", len(pins), bytes, t.budget.tags)
	}
	return nil
}
