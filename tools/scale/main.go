// Command scale measures what the tech square costs on databases of different sizes, filled by `docsquare seed`, in one run:
//
//	go run -tags sqlite_fts5 ./tools/scale DATABASE_URL…
//	go run -tags sqlite_fts5 ./tools/scale stream DATABASE_URL…
//
// The first prints medians in milliseconds of whole requests through the handler, without Redis: cold, with an empty cache; after a
// write, when what lists public documents has to be read again; and warm. For searches it prints percentiles as well. The
// second has readers view and like documents for some minutes while others look at the ranking.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"time"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/graph"
	"docsquare/graph/limits"
	"docsquare/internal/app"
	"docsquare/internal/cache"
	"docsquare/internal/config"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/square"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

// How often each operation is measured.
const (
	coldTimes = 15
	warmTimes = 60
)

func run(ctx context.Context, urls []string, out io.Writer) error {
	flowing := len(urls) > 0 && urls[0] == "stream"
	if flowing {
		urls = urls[1:]
	}
	if len(urls) == 0 {
		return errors.New("usage: scale [stream] DATABASE_URL…")
	}
	sites := make([]*site, len(urls))
	for i, url := range urls {
		s, err := open(ctx, url)
		if err != nil {
			return fmt.Errorf("%s: %w", url, err)
		}
		defer func() { _ = s.close() }() // the command ends here
		sites[i] = s
		if flowing {
			if err := stream(ctx, s, out); err != nil {
				return err
			}
		}
	}
	if flowing {
		return nil
	}
	if err := table(ctx, sites, out); err != nil {
		return err
	}
	return percentiles(ctx, sites, out)
}

// site is a server over one database.
type site struct {
	*app.App
	name    string
	handler http.Handler // of /graphql alone, without records and limits over time
	middle  string       // the cursor of the document in the middle of the square
	files   string       // a directory that is removed at the end
}

func open(ctx context.Context, url string) (*site, error) {
	out, cfg := &site{}, config.Default()
	var err error
	if out.files, err = os.MkdirTemp("", "docsquare-scale-"); err != nil {
		return nil, err
	}
	cfg.DatabaseURL, cfg.FilesURL, cfg.RequestTimeout = url, "file://"+out.files, time.Minute
	log := slog.New(slog.DiscardHandler)
	if out.App, err = app.Open(ctx, cfg, app.Options{Log: log}); err != nil {
		return nil, errors.Join(err, os.RemoveAll(out.files))
	}
	if out.handler, err = graph.Handler(out.Sources, graph.Options{Limits: limits.Default, Timeout: time.Minute, Log: log}); err != nil {
		return nil, errors.Join(err, out.close())
	}
	totals, err := out.Square.Totals(ctx, []kinds.SquareFilter{{}})
	if err != nil {
		return nil, errors.Join(err, out.close())
	}
	out.name = fmt.Sprintf("%s %d", out.Store.Dialect(), totals[kinds.SquareFilter{}])
	return out, out.findMiddle(ctx)
}

// findMiddle takes the seed at its word: it writes documents at even distances over two years.
func (s *site) findMiddle(ctx context.Context) error {
	d, err := s.Store.DB.Document.Query().Where(document.VisibilityEQ(document.VisibilityPublic), document.CreatedAtLT(time.Now().AddDate(-1, 0, 0))).
		Order(ent.Desc(document.FieldCreatedAt)).First(ctx)
	if err != nil {
		return fmt.Errorf("no document of a year ago: seed the database: %w", err)
	}
	s.middle = page.Cursor{Sort: d.CreatedAt.UnixMicro(), ID: d.ID}.Text(square.OrderName(kinds.SquareOrder{Field: kinds.OrderCreated}))
	return nil
}

func (s *site) close() error { return errors.Join(s.Close(), os.RemoveAll(s.files)) }

// ask sends a query and gives how long the answer took, in milliseconds.
func (s *site) ask(ctx context.Context, query string) (float64, error) {
	started := time.Now()
	_, err := s.send(ctx, query, "", "192.0.2.1:1", map[string]any{"middle": s.middle})
	return float64(time.Since(started).Microseconds()) / 1000, err
}

// send sends an operation as the holder of the token, a guest where it is empty, from an address.
func (s *site) send(ctx context.Context, query, token, address string, variables map[string]any) ([]byte, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return nil, err
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.RemoteAddr = address
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK || bytes.Contains(w.Body.Bytes(), []byte(`"errors"`)) {
		return nil, fmt.Errorf("%s: %d %s", query, w.Code, w.Body)
	}
	return w.Body.Bytes(), nil
}

// times asks so often, each time after forgetting some tags.
func (s *site) times(ctx context.Context, query string, n int, forget ...cache.Tag) ([]float64, error) {
	var list []float64
	for range n {
		if len(forget) > 0 {
			if err := s.Cache.Replace(ctx, forget); err != nil {
				return nil, err
			}
		}
		took, err := s.ask(ctx, query)
		if err != nil {
			return nil, err
		}
		list = append(list, took)
	}
	slices.Sort(list)
	return list, nil
}

func percentile(sorted []float64, p float64) float64 { return sorted[int(p*float64(len(sorted)-1))] }

const nodes = ` { nodes { title author { displayName } stats { likes views comments } } pageInfo { endCursor } }`

func operations() []struct{ name, query string } {
	return []struct{ name, query string }{
		{"newest, with total", `{ documents { totalCount nodes { title author { displayName } stats { likes views comments } } } }`},
		{"page in the middle", `query ($middle: String) { documents(after: $middle)` + nodes + ` }`},
		{"last page", `{ documents(last: 20)` + nodes + ` }`},
		{"popular", `{ documents(orderBy: {field: POPULARITY})` + nodes + ` }`},
		{"popular of a category", `{ documents(filter: {category: "数据库"}, orderBy: {field: POPULARITY}) { totalCount nodes { title } } }`},
		{"newest of a tag", `{ documents(filter: {tag: "performance"}) { totalCount nodes { title } } }`},
		{"last changed of a format", `{ documents(filter: {format: TXT}, orderBy: {field: UPDATED_AT}) { totalCount nodes { title } } }`},
		{"trending, day", `{ trendingDocuments` + strings.TrimSuffix(strings.TrimPrefix(nodes, " { nodes"), "pageInfo { endCursor } }") + ` }`},
		{"statistics", `{ siteStats { users documents comments likes favorites views } categories { name documents } formats { format documents } }`},
		{"search, common word", search("caching")},
		{"search, 缓存", search("缓存")},
		{"search, three words", search("database indexes timeout")},
		{"search, rare word", search("fobafo")},
		{"search, within a tag", `{ search(query: "性能优化", filter: {tag: "性能"})` + hits + ` }`},
		{"suggestions", `{ searchSuggestions(prefix: "data") { kind text } }`},
	}
}

const hits = ` { totalCount edges { node { title } snippets { field html } } }`

func search(text string) string {
	quoted, _ := json.Marshal(text) //nolint:errchkjson // a string always encodes
	return `{ search(query: ` + string(quoted) + `)` + hits + ` }`
}

func table(ctx context.Context, sites []*site, out io.Writer) error {
	_, _ = fmt.Fprint(out, "| ms: cold / after a write / warm |")
	for _, s := range sites {
		_, _ = fmt.Fprintf(out, " %s |", s.name)
	}
	_, _ = fmt.Fprintln(out, "\n|---|"+strings.Repeat("---|", len(sites)))
	for _, o := range operations() {
		_, _ = fmt.Fprintf(out, "| %s |", o.name)
		for _, s := range sites {
			var medians [3]float64
			for i, m := range []struct {
				times  int
				forget []cache.Tag
			}{{coldTimes, []cache.Tag{cache.Everything}}, {coldTimes, []cache.Tag{kinds.SquareTag}}, {warmTimes, nil}} {
				list, err := s.times(ctx, o.query, m.times, m.forget...)
				if err != nil {
					return err
				}
				medians[i] = percentile(list, 0.5)
			}
			_, _ = fmt.Fprintf(out, " %.1f / %.1f / %.2f |", medians[0], medians[1], medians[2])
		}
		_, _ = fmt.Fprintln(out)
	}
	return nil
}

// texts is a hundred searches of one to three words.
func texts() []string {
	words := []string{
		"caching", "缓存", "transactions", "事务", "GraphQL", "索引", "Docker 容器", "消息队列", "timeout", "性能 优化", "query plan", "垃圾回收", "password hashing",
		"一致性哈希", "load balancing production", "监控告警 故障", "红黑树", "compress*", `"失败的测试"`, "memory leaks -Rust",
	}
	list := slices.Clone(words)
	for i, w := range words {
		for step := 1; step <= 4; step++ {
			list = append(list, w+" "+words[(i+step*3)%len(words)])
		}
	}
	return list
}

func percentiles(ctx context.Context, sites []*site, out io.Writer) error {
	_, _ = fmt.Fprintf(out, "\n| %d searches, ms | cold p50 | p99 | after a write p50 | p99 | warm p50 | p99 |\n|---|---|---|---|---|---|---|\n", len(texts()))
	for _, s := range sites {
		_, _ = fmt.Fprintf(out, "| %s |", s.name)
		for _, forget := range [][]cache.Tag{{cache.Everything}, {kinds.SquareTag}, nil} {
			var all []float64
			for _, text := range texts() {
				list, err := s.times(ctx, search(text), 1, forget...)
				if err != nil {
					return err
				}
				all = append(all, list...)
			}
			if forget == nil { // the first of each was not warm
				all = all[:0]
				for _, text := range texts() {
					list, err := s.times(ctx, search(text), 3)
					if err != nil {
						return err
					}
					all = append(all, list...)
				}
			}
			slices.Sort(all)
			_, _ = fmt.Fprintf(out, " %.1f | %.1f |", percentile(all, 0.5), percentile(all, 0.99))
		}
		_, _ = fmt.Fprintln(out)
	}
	return nil
}
