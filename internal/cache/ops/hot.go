package ops

import (
	"cmp"
	"slices"

	"docsquare/internal/cache"
)

// HotKey is a frequently requested key.
type HotKey struct {
	Kind     string
	Key      string // see Options.Label
	Requests int64  // estimated, of the last minutes
}

const maxLabel = 120

// hot is an entry of a kind.
type hot struct {
	cache.Entry
	kind cache.View
}

// hottest returns up to limit of the entries that are wanted, the most requested first: by the sampled requests of recent minutes, and
// entries without such a sample by the counters of the eviction policy.
func hottest(views []cache.View, limit int, wanted func(cache.Entry) bool) []hot {
	top := make([]hot, 0, limit+1)
	for _, v := range views {
		for e := range v.Entries {
			if !wanted(e) {
				continue
			}
			at, _ := slices.BinarySearchFunc(top, e, func(in hot, e cache.Entry) int {
				return cmp.Or(cmp.Compare(e.Requests, in.Requests), cmp.Compare(e.Uses, in.Uses), -1)
			})
			if at < limit {
				top = slices.Insert(top, at, hot{e, v})
				top = top[:min(len(top), limit)]
			}
		}
	}
	return top
}

// HotKeys returns up to limit of the keys in the near tier that were requested most, the hottest first.
func (m *Monitor) HotKeys(limit int) []HotKey {
	top := hottest(m.engine.Views(), limit, func(e cache.Entry) bool { return e.Requests > 0 })
	keys := make([]HotKey, len(top))
	for i, h := range top {
		keys[i] = HotKey{h.kind.Name, m.Label(h.kind, h.Key), h.Requests}
	}
	return keys
}

// Label returns a key of a kind as text for people, in at most maxLabel characters.
func (m *Monitor) Label(kind cache.View, key any) string {
	text := m.label(kind.Name, key, kind.Text(key))
	if runes := []rune(text); len(runes) > maxLabel {
		text = string(runes[:maxLabel]) + "…"
	}
	return text
}

// Hottest returns up to limit keys that have a value in the near tier, the most requested first. The order is approximate.
func Hottest[K comparable, V any](k *cache.Kind[K, V], limit int) []K {
	top := hottest([]cache.View{k.View()}, limit, func(e cache.Entry) bool { return e.Valid && !e.Absent })
	keys := make([]K, len(top))
	for i, h := range top {
		keys[i], _ = h.Key.(K)
	}
	return keys
}
