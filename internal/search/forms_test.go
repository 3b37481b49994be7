package search

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent/document"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// forms are documents, by their titles, and queries of one kind. Each query has the titles that it finds, the best first; "…" at the end: and
// maybe others.
var forms = map[string]struct {
	documents map[string]string
	queries   map[string]string
}{
	"normal form, width and case": {
		map[string]string{"A": "Die Menüs im Cafe\u0301", "B": "ｶﾞﾊﾞﾅﾝｽ体制", "C": "ＧｒａｐｈＱＬ　ＡＰＩ", "D": "\u1112\u1161\u11ab\u1100\u1173\u11af 검색", "E": "ﬁle systems, ① ㎏"},
		map[string]string{"café": "A", "CAFÉ": "A", `"ガバナンス体制"`: "B", "graphql": "C", "ｇｒａｐｈｑｌ": "C", "한글": "D", "file": "E", "KG": "E"},
	},
	"accents": {
		map[string]string{"A": "The résumé of a naïve façade", "B": "Łódź and Ørsted", "C": "Đà Nẵng", "D": "Straße", "E": "ガラス", "F": "カラス"},
		map[string]string{"resume": "A", "naive facade": "A", "résumés": "A", "lodz": "B", "orsted": "B", "da nang": "C", "strasse": "D", "ガラス": "E", "カラス": "F"},
	},
	"traditional and simplified Chinese": {
		map[string]string{"A": "資料庫後端開發", "B": "皇后与后宫", "C": "以後再說", "D": "干燥与乾坤", "E": "憑藉著瞭解", "F": "头发，发展"},
		map[string]string{"资料库": "A", "后端开发": "A", "皇后": "B", "后宮": "B", "以后再说": "C", "乾燥": "D", "干坤": "D", "了解": "E", "凭借": "E", "頭髮": "F", "發展": "F"},
	},
	"Katakana": {
		map[string]string{"A": "メーカーのルール", "B": "メール", "C": "サーバー監視", "D": "サラダバー", "E": "ｻｰﾋﾞｽ"},
		map[string]string{"メール": "B…", "サーバー": "C…", "ｻｰﾊﾞｰ": "C…", "サービス": "E", "サラダバー": "D…", `"メール"`: "B", "バー監": "C"},
	},
	"what cannot be seen": {
		map[string]string{"A": "a da\u200btabase", "B": "soft\u00adware design", "C": "缓\u200b存\ufeff击穿", "D": "non\u2060stop wo\u200drd", "E": "\u202aIndex\u202c"},
		map[string]string{"database": "A", "data\u00adbase": "A", "software": "B", "缓存击穿": "C", "nonstop": "D", "word": "D", "index": "E"},
	},
	"apostrophes": {
		map[string]string{"A": "Don’t repeat yourself", "B": "what comes after", "C": "O'Neill's law", "D": "l‘eau", "E": "it＇s here", "F": "You can´t", "G": "we won`t stop, 我们won´t停", "H": "```js\ngql`query me` + css`s1`\n```"},
		map[string]string{
			"can't": "F", "can’t": "F", "can´t": "F", "can`t": "F", "cant": "F", "won't": "G", "won´t": "G", "wont": "G", "don´t repeat": "A", "don`t": "A", "O´Neill": "C", "l´eau": "D", "it´s here": "E",
			"query": "H", "gql": "H", "css": "H",
			"don't repeat": "A", "dont": "A", "don’t": "A", "O’Neill": "C", "oneill": "C", "l'eau": "D", "it’s here": "E",
		},
	},
	"stems": {
		map[string]string{"A": "Adding an index", "B": "It tries nothing", "C": "VMs and PRs", "D": "IDs are unique", "E": "CPUs", "F": "a fly", "G": "queries", "H": "egg", "I": "an ad"},
		map[string]string{"add": "A", "adds": "A", "added": "A", "try": "B", "tried": "B", "trying": "B", "VM": "C", "vms": "C", "pr": "C", "ID": "D", "cpu": "E", "CPUs": "E", "flies": "F", "flying": "F", "query": "G", "querying": "G", "eggs": "H", "egging": "H", "ads": "I", "tr*": "B", "try*": "B"},
	},
	"plurals in any case": {
		map[string]string{"A": "GPUs and KPIs", "B": "many cpus, slas and fpgas", "C": "K8s on H100s", "D": "k8s with a long list of mp3s", "E": "the menus of our QAs", "F": "plus this, thus gas in a bus", "G": "VMs"},
		map[string]string{
			"gpu": "A", "gpus": "A", "GPUs": "A", "kpis": "A", "kpi": "A", "cpu": "B", "CPUs": "B", "SLA": "B", "SLAs": "B", "FPGA": "B", "k8s": "C D", "K8s": "C D", "h100": "C", "H100s": "C", "mp3": "D", "MP3s": "D",
			"menu": "E", "QA": "E", "QAs": "E", "qas": "E", "bu": "", "ga": "", "bus": "F", "gas": "F", "vms": "G",
		},
	},
	"possessives": {
		map[string]string{"A": "Kubernetes's scheduler", "B": "James’s notes", "C": "AWS`s bill", "D": "NODE.JS'S LOOP", "E": "k8s's pods", "F": "the 90's", "G": "it's", "H": "let’s see what’s new; he’s, she's, who's"},
		map[string]string{"kubernetes": "A", "Kubernetes’s": "A", "james": "B", "James's": "B", "jameses": "", "aws": "C", "AWS's": "C", "node.js": "D", "k8s": "E", "90s": "F", "90's": "F", "its": "G", "it's": "G", "lets": "H", "whats new": "H", "hes": "H", "shes": "H", "whos": "H"},
	},
	"code is text": {
		map[string]string{
			"A": "Include `#include <stdio.h>` first.\n\n```c\n#include <pthread.h>\n```\n", "B": "if a < limit and limit > 5 then", "C": "Use `List<Widget>` here", "D": "    indented <config.h>",
			"E": "<div>\n\n**bold** <b>gadget</b>\n\n</div>", "F": "<!-- secretcomment -->\n\nvisible <span class=\"hiddenclass\">words</span>", "G": "[link](https://target.example/zqtarget) &amp; fish &lt;tag&gt;",
		},
		map[string]string{"stdio.h": "A", "pthread.h": "A", "limit": "B", "widget": "C", "config.h": "D…", "gadget": "E", "secretcomment": "", "hiddenclass": "", "zqtarget": "", "link": "G", "tag": "G", "words": "F"},
	},
	"tags within words": {
		map[string]string{
			"A": "H<sub>2</sub>O and un<b>believ</b>able", "B": "super<wbr>cali<!-- x -->fragile", "C": "one<br>two and noted<sup>1</sup>", "D": "<p>a da<wbr/>tabase</p>\n<table><tr><td>left</td><td>right</td></tr></table>", "E": "<kbd>Ctrl</kbd><kbd>Q</kbd>",
			"F": "<div>\n<SPAN>mixed</SPAN><Span>case</Span>\n</div>",
		},
		map[string]string{"h2o": "A", "unbelievable": "A", "supercali": "B", "fragile": "B", "one": "C", "two": "C", "noted": "C", "database": "D", "left": "D", "right": "D", "ctrl": "E", "q": "E", "mixedcase": "F"},
	},
	"addresses": {
		map[string]string{"A": "Download from https://mirror.example.org/zqmirror/pkg today", "B": "mirror of example, org", "C": "Write to jane.doe@example.com", "D": "jane, doe, example, com", "E": "See http://a.example/x?y=1#z.", "F": "10.0.0.1"},
		map[string]string{"zqmirror": "A", "mirror.example.org": "A…", "https://mirror.example.org/zqmirror/pkg": "A…", "http://mirror.example.org/zqmirror/pkg/": "A…", "jane.doe@example.com": "C…", "a.example": "E…", "10.0.0.1": "F"},
	},
	"options": {
		map[string]string{"A": "Use `git commit --amend` to fix it", "B": "Git basics, java -Xmx512m", "C": "tar -xzf a.tar", "D": "a tar pit, xzf", "E": "the race is on", "F": "go test -race"},
		map[string]string{"git --amend": "A", "--amend": "A", "java -Xmx512m": "B", "-Xmx512m": "B", "tar -xzf": "C", "go -race": "F", "race -go": "E", "git -amend": "A…", "--dry-run": "", "tar -pit": "C"},
	},
	"versions": {
		map[string]string{"A": "Release v1.2.3 notes", "B": "2 of 3 items and v1 plans", "C": "JDK 1.8.0_291", "D": "1.8 of 10", "E": "v2.0.0-rc.1 is out", "F": "release 2, 0 and 0"},
		map[string]string{"v1.2.3": "A…", "1.2.3": "A…", "V1.2.3": "A…", "1.8.0_291": "C…", "2.0.0-rc.1": "E…", "v2.0.0-rc.1": "E…", "v1 plans": "B…"},
	},
	"names with signs": {
		map[string]string{"A": "C++ templates", "B": "C# and F#", "C": "C, the language", "D": ".NET Core", "E": "node.js streams", "F": "a net of nodes", "G": "学习C++17", "H": "the keep-alive header", "I": "an e-mail with user_id", "J": "VueJS, d3.js"},
		map[string]string{"C++": "A G", "c#": "B", "F#": "B", ".NET": "D F", "node.js": "E…", "Node.JS": "E…", "nodejs": "E", "NodeJS's": "E", "node-js": "E…", "vue.js": "J…", "d3.js": "J", "d3js": "", "C++17": "G", "keepalive": "H", "KeepAlive": "H", "keep alive": "H", "email": "I", "userid": "I", "user-id": "I"},
	},
}

// TestForms finds documents that spell words otherwise than the query, on both databases.
func TestForms(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		for kind, tc := range forms {
			t.Run(dialect+"/"+kind, func(t *testing.T) {
				x, titles := filled(t, dialect, tc.documents)
				for query, want := range tc.queries {
					want, others := strings.CutSuffix(want, "…")
					got := found(t, x, titles, query)
					if others {
						got = got[:min(len(want), len(got))]
					}
					if got != want {
						t.Errorf("%q finds %q, want %q", query, got, want)
					}
				}
			})
		}
	}
}

// TestHighlightedForms marks what a reader sees, whatever its form.
func TestHighlightedForms(t *testing.T) {
	for _, tc := range []struct{ query, text, want string }{
		{"cafe", "das Café hier", "das <mark>Café</mark> hier"},
		{"数据库", "一個數據庫", "一個<mark>數據庫</mark>"},
		{"database", "a da\u200btabase", "a <mark>da\u200btabase</mark>"},
		{"node.js", "with node.js here", "with <mark>node.js</mark> here"},
		{"--amend", "git commit --amend now", "git commit <mark>--amend</mark> now"},
		{"v1.2.3", "Release v1.2.3 notes", "Release <mark>v1.2.3</mark> notes"},
		{"ガバナンス", "ｶﾞﾊﾞﾅﾝｽ体制", "<mark>ｶﾞﾊﾞﾅﾝｽ</mark>体制"},
		{"email", "an e-mail", "an <mark>e-mail</mark>"},
	} {
		if got, ok := Parse(tc.query).Highlight(tc.text); got != tc.want || !ok {
			t.Errorf("%s in %q: %q, %v", tc.query, tc.text, got, ok)
		}
	}
}

// filled returns an index of documents by their titles, which are not searched.
func filled(t *testing.T, dialect string, documents map[string]string) (Index, map[uuid.UUID]string) {
	t.Helper()
	s, err := store.Open(t.Context(), testkit.Database(t, dialect), store.Invalidation{Tags: func(any) []string { return nil }, Replace: func(context.Context, []string) error { return nil }}, slog.New(slog.DiscardHandler))
	testkit.Must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	x, ctx, titles := New(s), t.Context(), map[uuid.UUID]string{}
	testkit.Must(t, s.Write(ctx, func(tx *store.Tx) error {
		u := tx.User.Create().SetUsername("ann").SetEmail("a").SetDisplayName("Ann").SaveX(ctx)
		for title, text := range documents {
			d := tx.Document.Create().SetAuthorID(u.ID).SetTitle("untitled").SetVisibility(document.VisibilityPublic).SetFormat(document.FormatMD).SaveX(ctx)
			titles[d.ID] = title
			if err := Put(ctx, tx, d, x.Analyse(d, text)); err != nil {
				return err
			}
		}
		return nil
	}))
	return x, titles
}

// found returns the titles of what a query finds, with blanks between them.
func found(t *testing.T, x Index, titles map[uuid.UUID]string, query string) string {
	t.Helper()
	q := Parse(Normal(query))
	corpus, err := x.Corpus(t.Context())
	testkit.Must(t, err)
	frequencies := map[string]int{}
	if units := q.Units(); len(units) > 0 {
		frequencies, err = x.Frequencies(t.Context(), corpus, units)
		testkit.Must(t, err)
	}
	result, err := x.Find(t.Context(), q, Filter{}, corpus, frequencies)
	testkit.Must(t, err)
	var list []string
	for _, h := range result.Hits {
		list = append(list, titles[h.Document])
	}
	return strings.Join(list, " ")
}
