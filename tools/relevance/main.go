// Command relevance measures how well the search answers: it imports a folder of documents into both databases, asks the
// queries of queries.tsv and forms.tsv, and compares what comes with the documents that were judged to answer them.
//
//	make relevance CORPUS=DIR
//
// Without POSTGRES_URL, of an empty database, it measures SQLite alone. With -queries it prints the figures of each query too.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"docsquare/internal/app"
	"docsquare/internal/cli/importer"
	"docsquare/internal/cli/importer/source"
	"docsquare/internal/config"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/square"
)

// The judged queries, and those in other spellings than the documents have.
var (
	//go:embed queries.tsv
	queries string
	//go:embed forms.tsv
	forms string
)

// The depths of the measures.
const (
	gainDepth   = 10
	recallDepth = 20
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "relevance:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	each := len(args) > 0 && args[0] == "-queries"
	if each {
		args = args[1:]
	}
	if len(args) < 1 || len(args) > 2 {
		return errors.New("usage: relevance [-queries] DIR [POSTGRES_URL]")
	}
	dir, err := os.MkdirTemp("", "relevance-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a leftover in the temporary directory is no reason to fail
	judged, err := judgements()
	if err != nil {
		return err
	}
	urls := append([]string{"sqlite://" + filepath.Join(dir, "relevance.db")}, args[1:]...)
	engines := make([]engine, len(urls))
	for i, url := range urls {
		if engines[i], err = measure(ctx, url, args[0], judged); err != nil {
			return err
		}
	}
	report(out, judged, engines)
	if each {
		for i, j := range judged {
			answer := engines[0].answers[i]
			_, _ = fmt.Fprintf(out, "%.3f %.3f %s: %s\n", gain(j, answer), recall(j, answer), j.query, strings.Join(top(answer), " "))
		}
	}
	return nil
}

// judgement is a query and the gain of each document that answers it, by its path.
type judgement struct {
	query string
	forms bool // it is one of forms.tsv
	gains map[string]float64
}

// The gains of an answer, and of one in part.
const (
	whole = 3
	part  = 1
)

func judgements() ([]judgement, error) {
	var list []judgement
	first := strings.Count(queries, "\n")
	for i, line := range strings.Split(strings.TrimSpace(queries+forms), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		query, paths, ok := strings.Cut(line, "\t")
		if !ok {
			return nil, fmt.Errorf("queries.tsv: no tab in %q", line)
		}
		j := judgement{query, i >= first, map[string]float64{}}
		for path := range strings.FieldsSeq(paths) {
			if rest, partly := strings.CutPrefix(path, "~"); partly {
				j.gains[rest] = part
			} else {
				j.gains[path] = whole
			}
		}
		list = append(list, j)
	}
	return list, nil
}

// engine is what one database answered: for each query the paths of what was found.
type engine struct {
	name    string
	answers [][]string
	took    []time.Duration
}

func measure(ctx context.Context, url, dir string, judged []judgement) (e engine, err error) {
	files, err := os.MkdirTemp("", "docsquare-relevance-")
	if err != nil {
		return e, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(files)) }()
	cfg := config.Default()
	cfg.DatabaseURL, cfg.FilesURL = url, "file://"+files
	a, err := app.Open(ctx, cfg, app.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return e, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if _, err := importer.Run(ctx, importer.Services{Store: a.Store, Accounts: a.Accounts}, &source.Folder{Tree: os.DirFS(dir)}, importer.Options{}); err != nil {
		return e, err
	}
	paths := map[uuid.UUID]string{}
	imported, err := a.Store.DB.ImportedFile.Query().All(ctx)
	if err != nil {
		return e, err
	}
	for _, f := range imported {
		paths[f.DocumentID] = f.ID
	}
	e.name = a.Store.Dialect()
	for _, j := range judged {
		key, started := square.Asked(j.query, kinds.SquareFilter{}), time.Now()
		found, err := a.Square.Search(ctx, []kinds.SearchKey{key})
		if err != nil {
			return e, fmt.Errorf("%q: %w", j.query, err)
		}
		e.took = append(e.took, time.Since(started))
		var answer []string
		for _, hit := range page.Cut(found[key].Hits, page.Args{Size: recallDepth}).Entries {
			answer = append(answer, paths[hit.ID])
		}
		e.answers = append(e.answers, answer)
	}
	return e, err
}

// gain is nDCG: the gains of an answer, each divided by the logarithm of its place, in proportion to the best order.
func gain(j judgement, answer []string) float64 {
	var got, best float64
	for i, path := range answer[:min(gainDepth, len(answer))] {
		got += j.gains[path] / math.Log2(float64(i)+2)
	}
	ideal := make([]float64, 0, len(j.gains))
	for _, g := range j.gains {
		ideal = append(ideal, g)
	}
	slices.Sort(ideal)
	slices.Reverse(ideal)
	for i, g := range ideal[:min(gainDepth, len(ideal))] {
		best += g / math.Log2(float64(i)+2)
	}
	return got / best
}

func recall(j judgement, answer []string) float64 {
	found := 0.0
	for path := range j.gains {
		if slices.Contains(answer, path) {
			found++
		}
	}
	return found / float64(len(j.gains))
}

func report(out io.Writer, judged []judgement, engines []engine) {
	groups := []string{"two characters", "Chinese", "mixed", "English", "all", "other forms, Chinese", "other forms, English", "all other forms"}
	_, _ = fmt.Fprint(out, "| queries | number |")
	for _, e := range engines {
		_, _ = fmt.Fprintf(out, " %s nDCG@10 | %s recall@20 |", e.name, e.name)
	}
	_, _ = fmt.Fprint(out, "\n|---|---|"+strings.Repeat("---|---|", len(engines))+"\n")
	for _, group := range groups {
		var in []int
		for i, j := range judged {
			if slices.Contains(groupsOf(j), group) {
				in = append(in, i)
			}
		}
		_, _ = fmt.Fprintf(out, "| %s | %d |", group, len(in))
		for _, e := range engines {
			var g, r float64
			for _, i := range in {
				g, r = g+gain(judged[i], e.answers[i])/float64(len(in)), r+recall(judged[i], e.answers[i])/float64(len(in))
			}
			_, _ = fmt.Fprintf(out, " %.3f | %.3f |", g, r)
		}
		_, _ = fmt.Fprintln(out)
	}
	for i, j := range judged {
		if g := gain(j, engines[0].answers[i]); g < 0.5 {
			_, _ = fmt.Fprintf(out, "weak: %s (%.2f): %s\n", j.query, g, strings.Join(engines[0].answers[i][:min(3, len(engines[0].answers[i]))], ", "))
		}
	}
	if len(engines) == 2 {
		agree := 0
		for i := range judged {
			if slices.Equal(top(engines[0].answers[i]), top(engines[1].answers[i])) {
				agree++
			}
		}
		_, _ = fmt.Fprintf(out, "the same ten in the same order on both: %d of %d queries\n", agree, len(judged))
	}
}

func top(answer []string) []string { return answer[:min(gainDepth, len(answer))] }

// groupsOf returns the lines of the report in which a query counts.
func groupsOf(j judgement) []string {
	switch group := groupOf(j.query); {
	case !j.forms:
		return []string{group, "all"}
	case group == "English":
		return []string{"other forms, English", "all other forms"}
	}
	return []string{"other forms, Chinese", "all other forms"}
}

func groupOf(query string) string {
	han := strings.ContainsFunc(query, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	latin := strings.ContainsFunc(query, func(r rune) bool { return r < 128 && unicode.IsLetter(r) })
	switch {
	case han && latin:
		return "mixed"
	case han && len([]rune(query)) == 2:
		return "two characters"
	case han:
		return "Chinese"
	}
	return "English"
}
