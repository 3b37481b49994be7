package ops_test

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/nodeid"
	"docsquare/internal/page"
	"docsquare/internal/testkit/cachetest"
)

// TestHotKeysAreFound finds the keys that are requested most among a thousand, in their order.
func TestHotKeysAreFound(t *testing.T) {
	c := cachetest.Open(t, nil)
	const heavy, others = 5, 1000
	ids := cachetest.NewIDs(heavy + others)
	s := cachetest.NewSource(ids...)
	var requests []uuid.UUID
	for i := range heavy {
		for range 2000 << i {
			requests = append(requests, ids[i])
		}
	}
	requests = append(requests, ids[heavy:]...)
	random := rand.New(rand.NewPCG(1, 2))
	random.Shuffle(len(requests), func(i, j int) { requests[i], requests[j] = requests[j], requests[i] })
	for _, id := range requests {
		cachetest.WantTitle(t, c, s, id, "old")
	}
	keys := c.HotKeys(heavy)
	for i, k := range keys {
		id := ids[heavy-1-i]
		if k.Kind != "document" || k.Key != (nodeid.ID{Type: nodeid.Document, UUID: id}).String() {
			t.Errorf("place %d: %+v, want %v", i, k, id)
		}
	}
	if len(keys) != heavy || !slices.Equal(keys[:2], c.HotKeys(2)) {
		t.Errorf("the hottest two are %+v of %+v", c.HotKeys(2), keys)
	}
}

// TestHotKeysFade halves what was counted each minute, until nothing is left of it.
func TestHotKeysFade(t *testing.T) {
	cachetest.Embedded(t, func(t *testing.T, c *kinds.Cache) {
		id := uuid.New()
		s := cachetest.NewSource(id)
		for range 2000 {
			cachetest.WantTitle(t, c, s, id, "old")
		}
		for before := c.HotKeys(9)[0].Requests; before > 1; {
			cachetest.Pass(time.Minute)
			now := c.HotKeys(9)[0].Requests
			if now != before/2 {
				t.Fatalf("%d requests became %d after a minute", before, now)
			}
			before = now
		}
		cachetest.Pass(time.Minute)
		if keys := c.HotKeys(9); len(keys) > 0 {
			t.Errorf("%+v", keys)
		}
	})
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
