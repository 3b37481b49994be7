package cache

import (
	"fmt"
	"reflect"
	"time"
	"unsafe"
)

// Put keeps a value in the near tier, as a load does.
func (k *Kind[K, V]) Put(key K, value V, ttl time.Duration) {
	e := k.entry(false, time.Now().Add(ttl))
	e.value, e.holds = value, k.depart(key).holds
	k.near.put(key, e)
}

// SlotBytes returns the weight of an entry whose key and value refer to no memory.
func (k *Kind[K, V]) SlotBytes() int64 { return entryOverhead + int64(unsafe.Sizeof(slot[K, V]{})) }

// Get returns what the near tier would serve.
func (k *Kind[K, V]) Get(key K) (value V, ok bool) {
	e, ok := k.near.get(key, time.Now())
	if ok {
		value = e.value
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
func (e *Engine) IdleTagBytes() int64 { return e.cells.table.limit }

// EvictAll evicts every entry.
func (e *Engine) EvictAll() {
	e.budget.mu.Lock()
	defer e.budget.mu.Unlock()
	limit := e.budget.limit
	e.budget.limit = 0
	e.budget.shrink(time.Now())
	e.budget.limit = limit
}

// linked is what the index of one kind refers to.
type linked struct {
	nodes map[*node]bool
	holds [][]hold
	bytes int64 // as the kind counts them
}

func (k *Kind[K, V]) linked() (linked, error) {
	l := linked{nodes: map[*node]bool{}, bytes: k.near.bytes}
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
			if k.near.find(s.key) != s {
				return l, fmt.Errorf("%s: a slot is not found by its key", k.Name)
			}
			l.nodes[&s.node] = true
			l.holds = append(l.holds, s.entry.holds)
		}
	}
	if buckets != k.near.index.used || live != k.near.index.live || live != len(l.nodes) {
		return l, fmt.Errorf("%s: %d buckets, %d slots, %d nodes, counted otherwise", k.Name, buckets, live, len(l.nodes))
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
	pins, nodes := map[*cell]int{}, 0
	for _, f := range e.kinds {
		k, _ := f.(interface{ linked() (linked, error) })
		l, err := k.linked()
		if err != nil {
			return err
		}
		bytes := int64(0)
		for n := range l.nodes {
			if !queued[n] {
				return fmt.Errorf("an entry of %s is in no queue", f.usage().Name)
			}
			bytes += n.weight
		}
		if nodes += len(l.nodes); bytes != l.bytes {
			return fmt.Errorf("%s has %d bytes, counted %d", f.keys(), bytes, l.bytes)
		}
		for _, holds := range l.holds {
			for _, h := range holds {
				pins[h.cell]++
			}
		}
	}
	if nodes != len(queued) {
		return fmt.Errorf("%d entries in the indexes, %d in the queues", nodes, len(queued))
	}
	if w := e.budget.weight(); w > e.budget.limit && nodes > 0 {
		return fmt.Errorf("the weight is %d of %d", w, e.budget.limit)
	}
	return e.cells.table.check(pins)
}

// queued returns the nodes of both queues.
func (b *budget) queued() (map[*node]bool, error) {
	nodes := map[*node]bool{}
	for _, q := range []*queue{&b.small, &b.main} {
		weight, newer := int64(0), (*node)(nil)
		for n := q.first; n != nil; newer, n = n, n.next {
			if n.prev != newer || n.queue != q || nodes[n] {
				return nil, fmt.Errorf("a queue is broken")
			}
			nodes[n] = true
			weight += n.weight
		}
		if q.last != newer || q.weight != weight {
			return nil, fmt.Errorf("a queue of %d bytes counts %d", weight, q.weight)
		}
	}
	return nodes, nil
}

// check compares the cells with the entries that depend on them.
func (t *tagTable) check(pins map[*cell]int) error {
	idle, idleBytes, newer := map[*cell]bool{}, int64(0), (*cell)(nil)
	for c := t.idle.first; c != nil; newer, c = c, c.next {
		if c.prev != newer || idle[c] {
			return fmt.Errorf("the list of idle cells is broken")
		}
		idle[c] = true
		idleBytes += c.weight()
	}
	if t.idle.last != newer || idleBytes != t.idle.weight || idleBytes > t.limit {
		return fmt.Errorf("idle cells have %d bytes, counted %d of %d", idleBytes, t.idle.weight, t.limit)
	}
	bytes := int64(0)
	for tag, c := range t.cells {
		if c.tag != tag || c.pins != pins[c] || idle[c] == (c.pins > 0) || c.current.Load() == nil {
			return fmt.Errorf("%s has %d pins, counted %d; idle: %v", tag, pins[c], c.pins, idle[c])
		}
		delete(pins, c)
		bytes += c.weight()
	}
	if len(pins) > 0 || bytes != t.budget.tags {
		return fmt.Errorf("%d cells are pinned but dropped; %d bytes, counted %d", len(pins), bytes, t.budget.tags)
	}
	return nil
}
