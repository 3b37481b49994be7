package search

import (
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func texts(text string) string {
	var out []string
	for t := range Tokens(text) {
		out = append(out, t.Text)
	}
	return strings.Join(out, " ")
}

func TestTokens(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "",
		"缓存":                         "缓存 存",
		"知识图谱":                       "知识 识图 图谱 谱",
		"国":                          "国",
		"Redis缓存, fast!":             "redi 缓存 存 fast",
		"Caches caching cached":      "cach cach cach",
		"C++ and C# 11":              "c++ and c# 11",
		"x+y":                        "x y",
		"don't the server's":         "dont the server",
		"ＧｒａｐｈＱＬ　ＡＰＩ":                "graphql api",
		"node.js user_id":            "nodej node js userid user id",
		"naïve Ünicode":              "naiv unicod",
		"ひらがな":                       "ひら らが がな な",
		"한국어":                        "한국 국어 어",
		strings.Repeat("a1", 40):     strings.Repeat("a1", 24),
		"a\x00b":                     "a b",
		"e\u0301te":                  "ete",
		"<script>alert(1)</script>x": "script alert 1 script x",
	} {
		if got := texts(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// FuzzTokens: tokens stand where they say, in order, are never empty nor too long, and no engine reads anything into them.
func FuzzTokens(f *testing.F) {
	for _, s := range []string{"Redis缓存 don't c++", "\xff\xfe国", "a'", "+#", strings.Repeat("好", 50)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for token := range Tokens(text) {
			switch {
			case token.Start < last || token.End <= token.Start || token.End > len(text):
				t.Fatalf("%+v of %q, after %d", token, text, last)
			case token.Text == "" || len(token.Text) > 4*maxToken:
				t.Fatalf("%+v", token)
			case strings.ContainsAny(token.Text, " \"'\\:*&|!()~\x00") || !utf8.ValidString(token.Text):
				t.Fatalf("%q has what an engine would read", token.Text)
			}
			last = token.Start
		}
	})
}

func TestParse(t *testing.T) {
	for text, want := range map[string][]term{
		"":                   nil,
		"- * \" \" -":        nil,
		"缓存":                 {{tokens: []string{"缓存"}}},
		"知识图谱":               {{tokens: []string{"知识", "识图", "图谱"}}},
		"国":                  {{tokens: []string{"国"}, prefix: true}},
		"Caching 缓存":         {{tokens: []string{"cach"}}, {tokens: []string{"缓存"}}},
		"缓存redis策略":          {{tokens: []string{"缓存", "redi", "策略"}}},
		`"缓存 redis"`:         {{tokens: []string{"缓存", "存", "redi"}, phrase: true}},
		`“read your writes”`: {{tokens: []string{"read", "your", "write"}, phrase: true}},
		`"never closed`:      {{tokens: []string{"never", "close"}, phrase: true}},
		"-spring mybatis":    {{tokens: []string{"spring"}, wholes: []whole{{"－spring", 0, 1}}, excluded: true}, {tokens: []string{"mybati"}}},
		`-"read only" x`:     {{tokens: []string{"read", "only"}, excluded: true, phrase: true}, {tokens: []string{"x"}}},
		"trans*":             {{tokens: []string{"trans"}, prefix: true}},
		"t*":                 {{tokens: []string{"t"}}},
		"数据库的索引":             {{tokens: []string{"数据", "据库", "索引"}}},
		"如何":                 {{tokens: []string{"如何"}}},
		"how to":             {{tokens: []string{"how"}}, {tokens: []string{"to"}}},
		"how to cache":       {{tokens: []string{"cach"}}},
		"a a A":              {{tokens: []string{"a"}}},
		"node.js":            {{tokens: []string{"node", "js"}, wholes: []whole{{"nodej", 0, 2}}}},
	} {
		if diff := cmp.Diff(want, Parse(text).terms, cmp.AllowUnexported(term{}, whole{})); diff != "" && len(want)+len(Parse(text).terms) > 0 {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// TestLongQueries: only the beginning of a text is folded, however long it is.
func TestLongQueries(t *testing.T) {
	for name, c := range map[string]struct{ text, begin string }{
		"letters":       {strings.Repeat("a", 1<<20), strings.Repeat("a", maxQuery)},
		"accents":       {strings.Repeat("é", 1<<19), strings.Repeat("e", maxQuery)},
		"decomposed":    {strings.Repeat("e\u0301", 1<<18), strings.Repeat("e", maxQuery)},
		"ideographs":    {strings.Repeat("國", 1<<18), strings.Repeat("国", maxQuery)},
		"words":         {strings.Repeat("Go ", 1<<18), strings.TrimSpace(strings.Repeat("go ", maxQuery)[:maxQuery])},
		"spaces":        {strings.Repeat(" ", 1<<20) + "缓存", "缓存"},
		"not UTF-8":     {strings.Repeat("\xff", 1<<20) + "cache", "cache"},
		"wide":          {strings.Repeat("ａ", 1<<18), strings.Repeat("a", maxQuery)},
		"compatibility": {strings.Repeat("㌀", 1<<18), strings.Repeat("アパート", maxQuery/4)},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := Normal(c.text)
		runtime.ReadMemStats(&after)
		if got != c.begin {
			t.Errorf("%s: %.100q with %d characters", name, got, utf8.RuneCountInString(got))
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
			t.Errorf("%s: %d bytes were allocated for a query of %d characters", name, used, maxQuery)
		}
	}
}

// FuzzParse: any text is a query, its normal form asks the same, and both engines get balanced conditions.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`a "b c" -d e*`, `"`, `-"x`, "国* -国", strings.Repeat("a ", 1000), "\xff", `') | 'x':*`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := Parse(text)
		if diff := cmp.Diff(q.terms, Parse(Normal(text)).terms, cmp.AllowUnexported(term{}, whole{})); diff != "" {
			t.Fatalf("%q and its normal form differ:\n%s", text, diff)
		}
		if Normal(Normal(text)) != Normal(text) {
			t.Fatalf("%q is normal in two ways", text)
		}
		if q.Empty() {
			return
		}
		for _, g := range []grammar{sqlite, postgres} {
			e := g.expression(g.demandOf(q, Filter{}, false))
			if strings.Count(e, "(") != strings.Count(e, ")") || strings.Count(e, `"`)%2 != 0 || strings.Count(e, "'")%2 != 0 {
				t.Fatalf("%q: %s", text, e)
			}
		}
	})
}

func TestExpressions(t *testing.T) {
	q := Parse(`zzz* "图谱 查询" -draft`)
	f := Filter{Format: "MD"}
	facet := facets(f)[0]
	if got, want := sqlite.expression(sqlite.demandOf(q, f, false)), `(({title labels summary body} : ("zzz" * AND "图谱 谱 查询")) NOT ({title labels summary body} : ("draft" NOT "－draft"))) AND (facets : "`+facet+`")`; got != want {
		t.Errorf("SQLite: %s\nwant:   %s", got, want)
	}
	d := postgres.demandOf(q, f, false)
	d.within = []string{"r15.3", "r15.2"}
	if got, want := postgres.expression(d), `((('zzz':* & ('图谱' <-> '谱' <-> '查询'))) & !(('draft' & !'－draft'))) & ('~`+facet+`') & (('~r15.3' | '~r15.2'))`; got != want {
		t.Errorf("PostgreSQL: %s\nwant:       %s", got, want)
	}
}

func TestPrefixPastTheStem(t *testing.T) {
	for begin, word := range map[string]string{"cachi": "caching", "cachin": "caching", "migrat": "migration", "optimiz": "optimization", "connect": "connections"} {
		u := newUnit(begin, true)
		for token := range Tokens(word) {
			if !u.matches(token.Text) {
				t.Errorf("%s* does not find %s (%s); %v", begin, word, token.Text, u.ends)
			}
		}
	}
}
