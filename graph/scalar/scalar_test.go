package scalar_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"docsquare/graph/scalar"
	"docsquare/internal/errs"
)

func TestUnmarshalString(t *testing.T) {
	for _, good := range []string{"", "plain", "图谱 🙂\n\t"} {
		if got, err := scalar.UnmarshalString(good); got != good || err != nil {
			t.Errorf("%q became %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{"\x00", "a\x00b", "\xff", "half a rune \xe5\x9b"} {
		if _, err := scalar.UnmarshalString(bad); !errs.Is(err, errs.BadUserInput) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestUnmarshalDate(t *testing.T) {
	for _, good := range []string{"0001-01-01", "2024-02-29", "9999-12-31"} {
		day, err := scalar.UnmarshalDate(good)
		var text strings.Builder
		scalar.MarshalDate(day).MarshalGQL(&text)
		if err != nil || text.String() != `"`+good+`"` {
			t.Errorf("%q became %s, %v", good, text.String(), err)
		}
	}
	for _, bad := range []any{"", "0000-12-31", "2026-02-29", "2026-2-1", "2026-05-04T08:00:00Z", " 2026-05-04", "10000-01-01", json.Number("20260504"), true, nil} {
		if _, err := scalar.UnmarshalDate(bad); !errs.Is(err, errs.BadUserInput) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestUnmarshalInt64(t *testing.T) {
	for value, want := range map[any]int64{json.Number("5"): 5, "9223372036854775807": math.MaxInt64, int64(-1): -1} {
		if got, err := scalar.UnmarshalInt64(value); got != want || err != nil {
			t.Errorf("%v became %d, %v", value, got, err)
		}
	}
	for _, bad := range []any{"abc", json.Number("1.5"), "9223372036854775808", true, nil} {
		if _, err := scalar.UnmarshalInt64(bad); !errs.Is(err, errs.BadUserInput) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestUnmarshalUpload(t *testing.T) {
	for _, bad := range []any{"a.txt", map[string]any{}, nil} {
		if _, err := scalar.UnmarshalUpload(bad); !errs.Is(err, errs.BadUserInput) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}
