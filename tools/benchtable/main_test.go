package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTable(t *testing.T) {
	in := `goos: linux
BenchmarkFeed/sqlite/resolvers_alone-2  57  22157459 ns/op  1.075 latency/cpu  12000 p50-µs  0 redis/op  178.0 sql/op
BenchmarkFeed/sqlite/loaders-2  216  6688206 ns/op  4000 p50-µs  0 redis/op  6.000 sql/op
BenchmarkFeed/postgres/resolvers_alone-2  57  22157459 ns/op  24000 p50-µs  0 redis/op  132.0 sql/op
BenchmarkFeed/postgres/loaders-2  216  6688206 ns/op  4800 p50-µs  0 redis/op  6.000 sql/op
BenchmarkOther-2  216  6688206 ns/op
PASS
`
	want := in + `
| Feed | SQL statements | Redis round trips | sqlite: median | times faster | postgres: median | times faster |
|---|---|---|---|---|---|---|
| resolvers alone | 178 / 132 | 0 | 12.00 ms | 1.0 | 24.00 ms | 1.0 |
| loaders | 6 | 0 | 4.00 ms | 3.0 | 4.80 ms | 5.0 |
`
	var out strings.Builder
	if err := run(strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}
