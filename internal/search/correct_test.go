package search

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"docsquare/internal/testkit"
)

// TestCorrections asks for words with mistakes, on both databases.
func TestCorrections(t *testing.T) {
	documents := map[string]string{
		"A": "Kubernetes deployments and caching", "B": "PostgreSQL replication", "C": "Kubernetes 部署指南", "D": "a transaction needs isolation", "E": "kuberntes once, misspelled; kubernetes",
		"F": "kubernetes again, and café", "G": "go for the index", "H": strings.Repeat("long ", 10) + "concurrency", "I": "kubernetes", "J": "kubernetes",
	}
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			x, _ := filled(t, dialect, documents)
			for query, want := range map[string]string{
				"kubernetse": "kubernetes", "kuberntes": "kubernetes", "kubernetes": "", "postgersql": "postgresql", "replicaton 部署": "replication 部署", "transacton isolatoin": "transaction isolation",
				"cachign": "caching", "indx": "index", "concurency": "concurrency", "zzzzzzzz": "", "部属": "", "-kubernetse index": "", "kubernetse*": "", "kubernetse.io": "", "gp": "", "the indez": "the index",
				"Kubernetse": "kubernetes", "caff": "cafe", `"isolaton of"`: `"isolation of"`, "": "", "v1.2": "",
			} {
				query = Normal(query)
				q := Parse(query)
				corpus, err := x.Corpus(t.Context())
				testkit.Must(t, err)
				frequencies := map[string]int{}
				if len(q.Units()) > 0 {
					frequencies, err = x.Frequencies(t.Context(), corpus, q.Units())
					testkit.Must(t, err)
				}
				if got, err := x.Correct(t.Context(), query, frequencies); got != want || err != nil {
					t.Errorf("%q is corrected to %q, %v; want %q", query, got, err, want)
				}
			}
		})
	}
}

// TestCorrectionStops ends the context of a correction: no entry is read after that.
func TestCorrectionStops(t *testing.T) {
	x, _ := filled(t, "sqlite", map[string]string{"A": "one", "B": "two", "C": "three"})
	if _, err := x.Correct(patient(t, 0), "thre", nil); err == nil {
		t.Error("a correction goes on after the end of its context")
	}
}

func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want int
	}{
		{"cache", "cache", 0},
		{"cache", "cahce", 1},
		{"cache", "cach", 1},
		{"cache", "caches", 1},
		{"cache", "cazhe", 1},
		{"kubernetes", "kubrentes", 2},
		{"abcd", "badc", 2},
		{"abc", "xyz", 3},
		{"", "ab", 2},
		{"a", "abcd", 3},
		{"index", "idnxe", 2},
	} {
		if got := apart(tc.a, tc.b, 2); got != tc.want {
			t.Errorf("%s, %s: %d", tc.a, tc.b, got)
		}
		if got := apart(tc.b, tc.a, 2); got != tc.want {
			t.Errorf("%s, %s: %d", tc.b, tc.a, got)
		}
	}
}

// apart is distance with rows that have what another comparison has left.
func apart(a, b string, most int) int {
	var rows [3][]int
	for i := range rows {
		rows[i] = slices.Repeat([]int{7 * i}, len(b)+1)
	}
	return distance([]byte(a), b, most, rows)
}

// TestDistanceIsThatOfTheWholeTable compares random words by the part of the table that counts, and by all of it.
func TestDistanceIsThatOfTheWholeTable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		letters := make([]byte, r.IntN(8))
		for i := range letters {
			letters[i] = "abc"[r.IntN(3)]
		}
		return string(letters)
	}
	for range 50_000 {
		a, b := word(), word()
		whole := apart(a, b, len(a)+len(b))
		for most := range 4 {
			if got := apart(a, b, most); got != min(whole, most+1) {
				t.Fatalf("%q, %q: %d, want %d", a, b, got, min(whole, most+1))
			}
		}
	}
}

// TestAnagramsAreLooks compares words of the same letters, and words without any in common.
func TestAnagramsAreLooks(t *testing.T) {
	words := wordsToCorrect("tnaoeis", nil)
	for body, want := range map[string]int{"notaise aeinost stnioea": 3, "cpdhrlm": 0, "tna tnaoeistnaoeis": 0, "缓存 ab1": 0} {
		if got, err := compare(entry("", "", "", body), words); got != want || err != nil {
			t.Errorf("%s: %d looks, %v; want %d", body, got, err, want)
		}
	}
}

// BenchmarkCompare compares four words with a document of 28,000 different ones.
func BenchmarkCompare(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var body strings.Builder
	for range 28_000 {
		for range 5 + r.IntN(8) {
			body.WriteByte(byte('a' + r.IntN(26)))
		}
		body.WriteByte(' ')
	}
	entry := entry("", "", "", body.String())
	words := wordsToCorrect("kubernetse transacton isolatoin concurency", nil)
	b.SetBytes(int64(len(entry)))
	for b.Loop() {
		if _, err := compare(entry, words); err != nil {
			b.Fatal(err)
		}
	}
}

// TestWordsOfEntries returns the words that stems were made of.
func TestWordsOfEntries(t *testing.T) {
	_, tokens, err := lengths(entry("Caching", "", "flies", "VMs 缓存 node.js replication"))
	testkit.Must(t, err)
	words := map[string]string{}
	for len(tokens) > 0 {
		var token entryToken
		token, tokens, err = nextToken(tokens)
		testkit.Must(t, err)
		words[string(token.text)] = token.word()
	}
	for token, word := range map[string]string{"cach": "caching", "fli": "flies", "vm": "vm", "缓存": "缓存", "node": "node", "replic": "replication", "nodej": "nodejs"} {
		if words[token] != word {
			t.Errorf("%s is of %q, of %v", token, words[token], words)
		}
	}
}
