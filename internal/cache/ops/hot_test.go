package ops_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/cache/ops"
	"docsquare/internal/kinds"
	"docsquare/internal/nodeid"
	"docsquare/internal/page"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// TestHotKeysAreFound finds the keys that are asked for most among ten thousand, in their order, and keeps few of the others.
func TestHotKeysAreFound(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		const heavy, others = 10, 10_000
		var requests []string
		for i := range heavy {
			for range 1000 + 200*i {
				requests = append(requests, fmt.Sprintf("heavy %d", i))
			}
		}
		for i := range others {
			requests = append(requests, fmt.Sprintf("other %d", i))
		}
		random := rand.New(rand.NewPCG(1, 2))
		random.Shuffle(len(requests), func(i, j int) { requests[i], requests[j] = requests[j], requests[i] })
		for _, key := range requests {
			c.Note("document", key)
		}
		more := len(requests) / ops.HotCounters // than it was, at most, is what a count may say
		for i, k := range c.HotKeys(heavy) {
			n := heavy - 1 - i
			least := int64(cache.RequestSample * (1000 + 200*n))
			if k.Kind != "document" || k.Key != fmt.Sprintf("heavy %d", n) || k.Requests < least || k.Requests > least+int64(cache.RequestSample*more) {
				t.Errorf("place %d: %+v, want heavy %d with %d requests", i, k, n, least)
			}
		}
		if n := len(c.HotKeys(others)); n != ops.HotCounters {
			t.Errorf("%d keys are kept, want %d", n, ops.HotCounters)
		}
	})
}

// TestHotKeysFade halves what was counted each minute, until nothing is left of it.
func TestHotKeysFade(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		want := func(requests ...int64) {
			t.Helper()
			keys := c.HotKeys(9)
			if len(keys) != len(requests) {
				t.Fatalf("%+v, want %d", keys, requests)
			}
			for i, k := range keys {
				if k.Requests != cache.RequestSample*requests[i] {
					t.Fatalf("%+v, want %d", keys, requests)
				}
			}
		}
		want()
		note := func(key string, times int) {
			for range times {
				c.Note("document", key)
			}
		}
		note("old", 8)
		note("rare", 1)
		want(8, 1)
		cachetest.Pass(59 * time.Second)
		want(8, 1)
		cachetest.Pass(2 * time.Second)
		want(4)
		note("new", 6)
		want(6, 4)
		cachetest.Pass(2 * time.Minute)
		want(1, 1)
		cachetest.Pass(20 * time.Minute)
		want()
		note("new", 3)
		cachetest.Pass(59 * time.Second) // since it was counted, however long nothing was before
		want(3)
	})
}

// TestHotKeysEvictTheLowestCount compares each step of random requests and fades with the definition of the algorithm.
func TestHotKeysEvictTheLowestCount(t *testing.T) {
	for seed := range uint64(2) {
		random := rand.New(rand.NewPCG(seed, 1))
		h := ops.NewHotCounts(time.Unix(0, 0))
		for step := range 4000 {
			before := h.Counts()
			if random.IntN(800) == 0 {
				halvings := 1 + random.IntN(3)
				h.Now = h.Now.Add(time.Duration(halvings) * time.Minute)
				for key, n := range before {
					if before[key] = n >> halvings; before[key] == 0 {
						delete(before, key)
					}
				}
				if diff := cmp.Diff(before, h.Counts()); diff != "" {
					t.Fatalf("seed %d, step %d, after fading (-want +got):\n%s", seed, step, diff)
				}
			}
			key := strconv.Itoa(int(random.ExpFloat64() * 300))
			h.Note(key)
			testkit.Must(t, h.Check())
			if err := stepped(before, h.Counts(), key); err != nil {
				t.Fatalf("seed %d, step %d: %v", seed, step, err)
			}
		}
	}
}

// stepped returns an error unless one request for the key leads from the counts before to those after.
func stepped(before, after map[string]int64, key string) error {
	want := maps.Clone(before)
	if _, counted := before[key]; !counted && len(before) == ops.HotCounters {
		lowest := slices.Min(slices.Collect(maps.Values(before)))
		for k, n := range before {
			if _, kept := after[k]; !kept && n == lowest {
				delete(want, k)
			}
		}
		want[key] = lowest
	}
	want[key]++
	if len(want) > ops.HotCounters || !maps.Equal(want, after) {
		return fmt.Errorf("a request for %q: (-want +got)\n%s", key, cmp.Diff(want, after))
	}
	return nil
}

// TestHotKeysOfFetches counts what is fetched, roughly, whichever tier has it.
func TestHotKeysOfFetches(t *testing.T) {
	c := cachetest.Open(t, nil)
	id := uuid.New()
	s := cachetest.NewSource(id)
	const times = 4000
	for range times {
		cachetest.WantTitle(t, c, s, id, "old")
	}
	keys := c.HotKeys(5)
	if len(keys) != 1 || keys[0].Kind != "document" || keys[0].Key != (nodeid.ID{Type: nodeid.Document, UUID: id}).String() {
		t.Fatalf("%+v", keys)
	}
	if n := keys[0].Requests; n < times/2 || n > 2*times {
		t.Errorf("%d requests were %d", times, n)
	}
}

// label returns a key as people read it.
func label[K comparable, V any](c *kinds.Cache, k *cache.Kind[K, V], key K) string {
	return c.Label(k.View(), key)
}

// TestLabels names nodes as clients do, and the parts of what asks for a list.
func TestLabels(t *testing.T) {
	c := cachetest.Open(t, nil)
	id := uuid.New()
	for typ, got := range map[nodeid.Type][]string{
		nodeid.User:     {label(c, c.Users, id), label(c, c.UserStats, id)},
		nodeid.Document: {label(c, c.Documents, id), label(c, c.DocumentStats, id)},
		nodeid.Revision: {label(c, c.Revisions, id)}, nodeid.Comment: {label(c, c.Comments, id)},
		nodeid.File: {label(c, c.Files, id)}, nodeid.EditorSession: {label(c, c.EditorSessions, id)},
	} {
		for _, label := range got {
			if want := (nodeid.ID{Type: typ, UUID: id}).String(); label != want {
				t.Errorf("a %s is %q, want %q", typ, label, want)
			}
		}
	}
	if got := label(c, c.ReplyTotals, id); got != id.String() {
		t.Errorf("the count of a list is %q", got)
	}
	if got := label(c, c.Categories, kinds.Single{}); got != "" {
		t.Errorf("the only entry of a kind is %q", got)
	}
	square := label(c, c.Square, kinds.SquareKey{Filter: kinds.SquareFilter{Category: "guides"}, Order: kinds.SquareOrder{Field: kinds.OrderCreated}, Args: page.Args{Size: 10}})
	if !strings.Contains(square, "guides") || !strings.Contains(square, kinds.OrderCreated) || strings.Contains(square, uuid.Nil.String()) {
		t.Errorf("a page of the square is %q", square)
	}
	if got := label(c, c.Texts, kinds.RevisionKey{Document: id, Number: 3}); !strings.Contains(got, id.String()) || !strings.Contains(got, "3") {
		t.Errorf("a text is %q", got)
	}
	long := label(c, c.Searches, kinds.SearchKey{Query: strings.Repeat("缓", 1000)})
	if n := utf8.RuneCountInString(long); n != 121 || !utf8.ValidString(long) || !strings.HasSuffix(long, "缓…") {
		t.Errorf("a long search has %d letters: %q", n, long)
	}
}

// TestLabelsTellNoSecrets shows neither names and addresses of people nor what a token leads to, but tells keys apart.
func TestLabelsTellNoSecrets(t *testing.T) {
	c := cachetest.Open(t, nil)
	hash := kinds.TokenHash{1, 2, 3, 250, 251, 252}
	subject := kinds.Subject{Issuer: "https://issuer.example", Name: "somebody-4711"}
	for _, x := range []struct {
		label, other string
		clear        []string
	}{
		{label(c, c.Usernames, "ann@example.org"), label(c, c.Usernames, "ann"), []string{"ann", "example"}},
		{label(c, c.Persisted, "0123456789abcdef"), label(c, c.Persisted, "0"), []string{"0123"}},
		{label(c, c.Identities, subject), label(c, c.Identities, kinds.Subject{Issuer: subject.Issuer, Name: "other"}), []string{"issuer", "somebody", "4711"}},
		{label(c, c.Sessions, hash), label(c, c.Sessions, kinds.TokenHash{}), []string{
			hex.EncodeToString(hash[:6]), base64.RawURLEncoding.EncodeToString(hash[:6]), base64.StdEncoding.EncodeToString(hash[:6]), "1 2 3", string(hash[:6]),
		}},
	} {
		if len(x.label) != 24 || x.label == x.other {
			t.Errorf("%q and %q", x.label, x.other)
		}
		for _, text := range x.clear {
			if strings.Contains(x.label, text) {
				t.Errorf("%q tells %q", x.label, text)
			}
		}
	}
	if label := label(c, c.Sessions, hash); !strings.HasSuffix(cachetest.FarKey(c.Sessions, hash), label) { // so that operators find it there
		t.Errorf("%q is not the key in the far tier", label)
	}
}
