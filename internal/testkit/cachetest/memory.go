// Package cachetest tests the cache: a far tier in memory, which works as Redis does and fails on demand, a source of documents
// that is counted, and the orders in which the steps of readers and writers can follow each other. It is imported by tests only.
package cachetest

import (
	"slices"
	"sync"
	"time"

	"docsquare/internal/cache"
)

// Memory is a store of entries and stamps that the tiers of several engines share, as several processes share one Redis. Tests may read
// and change it as an operator could.
type Memory struct {
	mu      sync.Mutex
	entries map[string]stored
	stamps  map[cache.Tag]cache.Stamp
	changes []change // the stream
	tiers   []*Tier
}

type stored struct {
	value   []byte
	expires time.Time
}

// change is one Replace.
type change struct {
	by     *Tier
	tags   []cache.Tag
	stamps []cache.Stamp
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{entries: map[string]stored{}, stamps: map[cache.Tag]cache.Stamp{}}
}

// Entry returns the bytes under a key, nil if there are none. For the key of an entry see FarKey.
func (m *Memory) Entry(key string) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.entry(key)
}

func (m *Memory) entry(key string) []byte {
	if e, ok := m.entries[key]; ok && time.Now().Before(e.expires) {
		return append([]byte{}, e.value...) // not nil
	}
	return nil
}

// SetEntry stores bytes under a key, for an hour.
func (m *Memory) SetEntry(key string, value []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries[key] = stored{value, time.Now().Add(time.Hour)}
}

// Stamps returns the stamps of tags, 0 for a tag without one.
func (m *Memory) Stamps(tags ...cache.Tag) []cache.Stamp {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]cache.Stamp, len(tags))
	for i, tag := range tags {
		out[i] = m.stamps[tag]
	}
	return out
}

// DropStamp removes the stamp of a tag, as Redis may, and reports whether there was one.
func (m *Memory) DropStamp(tag cache.Tag) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.stamps[tag]
	delete(m.stamps, tag)
	return ok
}

// replace sets stamps and returns the tiers that hear of it, and the position of the change.
func (m *Memory) replace(c change) (hear []*Tier, position int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, tag := range c.tags {
		m.stamps[tag] = c.stamps[i]
	}
	m.changes = append(m.changes, c)
	return slices.Clone(m.tiers), len(m.changes)
}

// after returns the changes after a position, and the position of the last one.
func (m *Memory) after(position int) ([]change, int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.changes[position:]), len(m.changes)
}
