package search

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/internal/kinds"
)

func entry(title, tags, summary, body string) []byte {
	return analyse(&ent.Document{Title: title, Tags: strings.Fields(tags), Summary: summary, Format: document.FormatTXT}, body).encode()
}

var corpus = kinds.Corpus{Size: 100, Averages: []float64{4, 2, 10, 100}}

func scoreOf(t *testing.T, query string, entry []byte) (score, coverage float64) {
	t.Helper()
	score, coverage, err := newRanker(Parse(query).units(), corpus, map[string]int{"common": 90, "rare": 1}).score(entry)
	if err != nil {
		t.Fatal(err)
	}
	return score, coverage
}

// TestScoreOfOneTerm compares with BM25 computed by hand.
func TestScoreOfOneTerm(t *testing.T) {
	got, coverage := scoreOf(t, "rare", entry("", "", "", "rare "+strings.Repeat("x ", 49)))
	tf := 1 / (1 - 0.75 + 0.75*50/100)
	want := math.Log(1+(100-1+0.5)/(1+0.5)) * tf / (saturation + tf)
	if math.Abs(got-want) > 1e-9 || coverage != 1 {
		t.Fatalf("%v, %v; want %v", got, coverage, want)
	}
}

func TestTitleOverTagsOverSummaryOverBody(t *testing.T) {
	last := math.Inf(1)
	for i, e := range [][]byte{
		entry("rare", "x", "x", "x"), entry("x", "rare", "x", "x"), entry("x", "x", "rare", "x"), entry("x", "x", "x", "rare"),
	} {
		got, _ := scoreOf(t, "rare", e)
		if got >= last {
			t.Errorf("field %d scores %v, the one before %v", i, got, last)
		}
		last = got
	}
	if a, _ := scoreOf(t, "rare", entry("", "", "", "rare x x x")); a <= 0 {
		t.Error("the text counts nothing")
	}
	rare, _ := scoreOf(t, "rare", entry("", "", "", "rare x"))
	common, _ := scoreOf(t, "common", entry("", "", "", "common x"))
	if rare <= common {
		t.Error("a rare word must outweigh a common one")
	}
	if _, coverage := scoreOf(t, "rare common", entry("", "", "", "common x")); coverage >= leastCoverage {
		t.Errorf("a common word covers %v of the query", coverage)
	}
}

func TestRarestUnitsAreInEveryCandidate(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		ranker := ranker{corpus: corpus}
		for n := range 1 + r.IntN(6) {
			ranker.units = append(ranker.units, unit{token: string(rune('a' + n)), parts: 1})
			ranker.needed = append(ranker.needed, r.Float64())
		}
		needed := map[string]bool{}
		for _, u := range ranker.rarest() {
			needed[u.token] = true
		}
		for set := range 1 << len(ranker.units) {
			worth, has := 0.0, false
			for i, u := range ranker.units {
				if set>>i&1 == 1 {
					worth += ranker.needed[i]
					has = has || needed[u.token]
				}
			}
			if worth >= ranker.total()*leastCoverage && !has {
				t.Fatalf("units %v of worth %v have half of it without any of %v", set, ranker.needed, needed)
			}
		}
	}
}

// FuzzScore: an entry is bytes of a database, and broken ones are an error, never a panic.
func FuzzScore(f *testing.F) {
	f.Add(entry("A title", "tag 标签", "summary", strings.Repeat("word 缓存 ", 300)))
	f.Add([]byte{1, 2, 3})
	f.Add([]byte{0, 0, 0, 0, 5, 15})
	ranker := newRanker(Parse("word* 缓存").units(), corpus, nil)
	f.Fuzz(func(t *testing.T, raw []byte) {
		score, coverage, err := ranker.score(raw)
		if err == nil && (math.IsNaN(score) || score < 0 || coverage < 0 || coverage > 1.000001) {
			t.Fatalf("%v, %v", score, coverage)
		}
	})
}

func TestVectorOfALongText(t *testing.T) {
	a := analyse(&ent.Document{Title: "first", Format: document.FormatTXT}, strings.Repeat("深度学习 ", 20_000)+" last")
	v := a.vector() + ranges(1<<20)
	for _, want := range []string{"'first':1A ", "'last':16000D ", "'~r12.256' ", "'~r15.32' ", "'~r18.4' ", "'~r21.0' "} {
		if !strings.Contains(v, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if strings.Contains(v, ",16000D") {
		t.Error("a token has places beyond the last that count")
	}
}
