package plaintext_test

import (
	"strings"
	"testing"

	"docsquare/internal/plaintext"
)

func TestNames(t *testing.T) {
	for name, tc := range map[string]struct {
		is    func(string) bool
		valid []string
		not   []string
	}{
		"username": {plaintext.IsUsername, []string{"ann", "a-1", "0__", strings.Repeat("a", 32)}, []string{"", "an", "Ann", "_ann", "ann@example.org", "ann ", strings.Repeat("a", 33)}},
		"tag":      {plaintext.IsTag, []string{"a", "缓存", "two words", strings.Repeat("缓", 32), strings.Repeat("😀", 32)}, []string{"", " a", "a\n", "a\x00", "\xff", strings.Repeat("缓", 33), strings.Repeat("a", 1<<20)}},
		"category": {plaintext.IsCategory, []string{"a", strings.Repeat("😀", 64)}, []string{"", strings.Repeat("a", 65)}},
	} {
		for _, text := range tc.valid {
			if !tc.is(text) {
				t.Errorf("%q is no %s", text, name)
			}
		}
		for _, text := range tc.not {
			if tc.is(text) {
				t.Errorf("%.40q is a %s", text, name)
			}
		}
	}
}
