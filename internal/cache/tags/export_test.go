package tags

import "fmt"

// Check returns an error if pins, the list of idle tags and the table contradict each other. entries are what is pinned.
func (t *Table) Check(reserved int64, entries ...[]Snapshot) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	pins := map[*state]int{}
	for _, e := range entries {
		for _, h := range e {
			pins[h.state]++
		}
	}
	idle, idleBytes, newer := map[*state]bool{}, int64(0), (*state)(nil)
	for s := t.idle.First; s != nil; newer, s = s, s.links.Older {
		if s.links.Newer != newer || idle[s] {
			return fmt.Errorf("the list of idle tags is broken")
		}
		idle[s] = true
		idleBytes += s.Bytes()
	}
	if t.idle.Last != newer || idleBytes != t.idle.Weight || idleBytes > t.limit {
		return fmt.Errorf("idle tags have %d bytes, counted %d of %d", idleBytes, t.idle.Weight, t.limit)
	}
	bytes := int64(0)
	for tag, s := range t.states {
		if s.tag != tag || s.pins != pins[s] || idle[s] == (s.pins > 0) || s.current.Load() == nil {
			return fmt.Errorf("%s has %d pins, counted %d; idle: %v", tag, pins[s], s.pins, idle[s])
		}
		delete(pins, s)
		bytes += s.Bytes()
	}
	if len(pins) > 0 || bytes != reserved {
		return fmt.Errorf("%d tags are pinned but dropped; %d bytes, reserved %d", len(pins), bytes, reserved)
	}
	return nil
}
