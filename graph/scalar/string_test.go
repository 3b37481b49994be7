package scalar_test

import (
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
