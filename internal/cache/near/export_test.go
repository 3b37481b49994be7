package near

import "fmt"

// Check returns an error if the queues and the indexes of the tables contradict each other.
func (t *Tier[E]) Check(tables ...*Table[E]) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	queued, err := t.queued()
	if err != nil {
		return err
	}
	slots := 0
	for _, table := range tables {
		n, err := table.check(queued)
		if err != nil {
			return err
		}
		slots += n
	}
	if slots != len(queued) {
		return fmt.Errorf("%d entries in the indexes, %d in the queues", slots, len(queued))
	}
	if w := t.weight(); w > t.limit && slots > 0 {
		return fmt.Errorf("the weight is %d of %d", w, t.limit)
	}
	return nil
}

// queued returns the slots of both queues.
func (t *Tier[E]) queued() (map[*Slot[E]]bool, error) {
	slots := map[*Slot[E]]bool{}
	for _, q := range []*queue[E]{&t.small, &t.main} {
		weight, newer := int64(0), (*Slot[E])(nil)
		for s := q.First; s != nil; newer, s = s, s.links.Older {
			if s.links.Newer != newer || s.queue != q || slots[s] {
				return nil, fmt.Errorf("a queue is broken")
			}
			slots[s] = true
			weight += s.weight
		}
		if q.Last != newer || q.Weight != weight {
			return nil, fmt.Errorf("a queue of %d bytes counts %d", weight, q.Weight)
		}
	}
	return slots, nil
}

// check returns how many slots the table has. All of them must be found by their keys and be queued.
func (t *Table[E]) check(queued map[*Slot[E]]bool) (int, error) {
	used, live, bytes := 0, 0, int64(0)
	if table := t.index.buckets.Load(); table != nil {
		for i := range *table {
			b := &(*table)[i]
			if b.hash.Load() != 0 {
				used++
			}
			s := b.slot.Load()
			if s == nil {
				continue
			}
			live++
			bytes += s.weight
			if t.Find(s.Key) != s || !queued[s] {
				return 0, fmt.Errorf("the slot of %v is not found or in no queue", s.Key)
			}
		}
	}
	if used != t.index.used || live != t.index.live || bytes != t.bytes {
		return 0, fmt.Errorf("%d buckets, %d slots, %d bytes: counted %d, %d, %d", used, live, bytes, t.index.used, t.index.live, t.bytes)
	}
	return live, nil
}
