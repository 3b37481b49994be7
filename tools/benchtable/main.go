// Command table copies the output of benchmarks that compare ways of doing the same, named
// Benchmark<What>/<dialect>/<way>, and closes with a Markdown table for each: the medians, and how many times faster each
// way is than the first. `make bench` runs it; the README shows what it wrote.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

// result is one line of a benchmark's output: its units with their values.
type result map[string]float64

// table is one benchmark: the ways in the order in which they ran, and the results by way and dialect.
type table struct {
	name     string
	ways     []string
	dialects []string
	results  map[string]map[string]result
}

func run(in io.Reader, out io.Writer) error {
	var tables []*table
	failed := false
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		failed = failed || strings.HasPrefix(lines.Text(), "FAIL")
		if _, err := fmt.Fprintln(out, lines.Text()); err != nil {
			return err
		}
		tables = add(tables, lines.Text())
	}
	if failed {
		return errors.New("the benchmarks failed: see above")
	}
	for _, t := range tables {
		if _, err := io.WriteString(out, "\n"+t.markdown()); err != nil {
			return err
		}
	}
	return lines.Err()
}

// add notes a line; a line that is no result is none of its business.
func add(tables []*table, line string) []*table {
	fields := strings.Fields(line)
	if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
		return tables
	}
	name := fields[0][:max(strings.LastIndex(fields[0], "-"), 0)]
	parts := strings.Split(strings.TrimPrefix(name, "Benchmark"), "/")
	if len(parts) != 3 {
		return tables
	}
	values := result{}
	for i := 2; i+1 < len(fields); i += 2 {
		values[fields[i+1]], _ = strconv.ParseFloat(fields[i], 64)
	}
	at := slices.IndexFunc(tables, func(t *table) bool { return t.name == parts[0] })
	if at < 0 {
		at, tables = len(tables), append(tables, &table{name: parts[0], results: map[string]map[string]result{}})
	}
	tables[at].note(parts[1], parts[2], values)
	return tables
}

func (t *table) note(dialect, way string, values result) {
	if t.results[way] == nil {
		t.results[way] = map[string]result{}
		t.ways = append(t.ways, way)
	}
	if !slices.Contains(t.dialects, dialect) {
		t.dialects = append(t.dialects, dialect)
	}
	t.results[way][dialect] = values
}

func (t *table) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | SQL statements | Redis round trips |", t.name)
	for _, d := range t.dialects {
		fmt.Fprintf(&b, " %s: median | times faster |", d)
	}
	b.WriteString("\n|---|---|---|" + strings.Repeat("---|---|", len(t.dialects)) + "\n")
	for _, way := range t.ways {
		fmt.Fprintf(&b, "| %s | %s | %s |", strings.ReplaceAll(way, "_", " "), t.counts(way, "sql/op"), t.counts(way, "redis/op"))
		for _, d := range t.dialects {
			median := t.results[way][d]["p50-µs"]
			fmt.Fprintf(&b, " %.2f ms | %.1f |", median/1000, t.results[t.ways[0]][d]["p50-µs"]/median)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// counts is a count on each dialect, once where they agree.
func (t *table) counts(way, unit string) string {
	var all []string
	for _, d := range t.dialects {
		all = append(all, strconv.FormatFloat(t.results[way][d][unit], 'f', -1, 64))
	}
	return strings.Join(slices.Compact(all), " / ")
}
