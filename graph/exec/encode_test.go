package exec_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"docsquare/graph/exec"
)

// TestAppend checks that leaves are written as gqlgen writes them.
func TestAppend(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 7))
	equal := func(got []byte, ok bool, want graphql.Marshaler) {
		t.Helper()
		var text bytes.Buffer
		want.MarshalGQL(&text)
		if string(got) != text.String() || ok == (want == graphql.Null) {
			t.Fatalf("got %s, %t, want %s", got, ok, text.String())
		}
		viaMarshaler, nonNull := exec.AppendMarshaler([]byte("x"), want)
		if string(viaMarshaler) != "x"+text.String() || nonNull != ok {
			t.Fatalf("AppendMarshaler: got %s, %t, want %s", viaMarshaler, nonNull, text.String())
		}
	}
	for range 20_000 {
		text := make([]byte, r.IntN(12))
		for i := range text {
			text[i] = []byte("\"\\/\x00\x1f\t\r\n\x7fa<\xc3\xa9\xff")[r.IntN(14)]
		}
		equal(exec.AppendString(nil, string(text)), true, graphql.MarshalString(string(text)))
		n := int(r.Uint64()) >> r.IntN(64)
		equal(exec.AppendInt(nil, n), true, graphql.MarshalInt(n))
		equal(exec.AppendBool(nil, n < 0), true, graphql.MarshalBoolean(n < 0))
		number := math.Float64frombits(r.Uint64())
		if n%3 == 0 {
			number = float64(n) / 4
		}
		if !math.IsNaN(number) && !math.IsInf(number, 0) {
			got, ok := exec.AppendFloat(nil, number)
			equal(got, ok, graphql.MarshalFloat(number))
		}
		at := time.Unix(r.Int64N(1<<34), r.Int64N(1e9)).In(time.FixedZone("", r.IntN(86400)-43200))
		got, ok := exec.AppendTime(nil, at)
		equal(got, ok, graphql.MarshalTime(at))
	}
	got, ok := exec.AppendTime(nil, time.Time{})
	equal(got, ok, graphql.MarshalTime(time.Time{}))
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if got, ok := exec.AppendFloat(nil, f); ok || string(got) != "null" {
			t.Errorf("%v: got %s, %t", f, got, ok)
		}
	}
}
