package cache

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/nodeid"
)

// HotKey is a key that is asked for often.
type HotKey struct {
	Kind     string
	Key      string // as text; hashed where it is a secret or personal
	Requests int64  // roughly, in the last minutes
}

const (
	hotSample   = 16 // one of so many requests for a key is counted
	hotCounters = 512
	hotHalf     = time.Minute // after which an old request counts half
	maxLabel    = 120
)

// hotSampled says whether a request is counted.
func hotSampled() bool { return rand.Uint32N(hotSample) == 0 } //nolint:gosec // a sample, no secret

// hotKeys finds the keys that are asked for most in bounded memory: "space saving" (Metwally, Agrawal, El Abbadi: Efficient
// Computation of Frequent and Top-k Elements in Data Streams, 2005), with counts that fade.
type hotKeys struct {
	mu     sync.Mutex
	counts map[hotName]int64
	faded  time.Time
}

type hotName struct{ kind, key string }

func newHotKeys() *hotKeys { return &hotKeys{counts: map[hotName]int64{}, faded: time.Now()} }

func (h *hotKeys) note(kind, key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fade(time.Now())
	name := hotName{kind, key}
	if _, known := h.counts[name]; !known && len(h.counts) >= hotCounters {
		least := h.least()
		h.counts[name] = h.counts[least] // it may have been asked for as often as the one that goes
		delete(h.counts, least)
	}
	h.counts[name]++
}

// least is the key with the lowest count.
func (h *hotKeys) least() (least hotName) {
	lowest := int64(-1)
	for name, n := range h.counts {
		if lowest < 0 || n < lowest {
			least, lowest = name, n
		}
	}
	return least
}

// fade halves the counts for each time that has passed.
func (h *hotKeys) fade(now time.Time) {
	for ; now.Sub(h.faded) >= hotHalf && len(h.counts) > 0; h.faded = h.faded.Add(hotHalf) {
		for name, n := range h.counts {
			if n /= 2; n == 0 {
				delete(h.counts, name)
			} else {
				h.counts[name] = n
			}
		}
	}
	if len(h.counts) == 0 {
		h.faded = now
	}
}

// HotKeys is the keys that this process is asked for most, the hottest first.
func (e *Engine) HotKeys(limit int) []HotKey {
	h := e.hot
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fade(time.Now())
	all := make([]HotKey, 0, len(h.counts))
	for name, n := range h.counts {
		all = append(all, HotKey{name.kind, name.key, n * hotSample})
	}
	slices.SortFunc(all, func(a, b HotKey) int {
		return cmp.Or(cmp.Compare(b.Requests, a.Requests), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
	})
	return all[:min(limit, len(all))]
}

// nodes are the kinds whose keys are those of nodes of the graph.
var nodes = map[string]nodeid.Type{
	"user": nodeid.User, "user_stats": nodeid.User, "document": nodeid.Document, "document_stats": nodeid.Document,
	"comment": nodeid.Comment, "revision": nodeid.Revision, "file": nodeid.File, "editor_session": nodeid.EditorSession,
}

// label is a key as people read it: the global identifier of a node, and the parts of what asks for a list. Plain texts are
// names and addresses of people: of those, and of what calls itself a secret, the text that stands in Redis. The only entry of
// a kind has none.
func (k *Kind[K, V]) label(key K) string {
	text := ""
	switch id := any(key).(type) {
	case string, TokenHash, Subject, Single:
		text = k.text(key)
	case uuid.UUID:
		if text = id.String(); nodes[k.Name] != 0 {
			text = nodeid.ID{Type: nodes[k.Name], UUID: id}.String()
		}
	default:
		text = strings.ReplaceAll(fmt.Sprintf("%+v", key), uuid.Nil.String(), "-")
	}
	if runes := []rune(text); len(runes) > maxLabel {
		text = string(runes[:maxLabel]) + "…"
	}
	return text
}
