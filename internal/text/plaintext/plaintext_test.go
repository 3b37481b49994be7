package plaintext_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"docsquare/internal/text/plaintext"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                                "",
		" a\tb\r\n\x00c ":                 "a b c",
		"a\u2800b\ufffc\u200b":            "a b",
		"🏴\U000e0067\U000e0062\U000e0065": "🏴",
		"abcdef":                          "abcdef",
		"abcdefg":                         "abcde…",
		"abcd efg":                        "abcd…",
		"文文文文文文文":                         "文文文文文…",
	} {
		if got := plaintext.Line(in, 6); got != want {
			t.Errorf("Line(%q): %q, want %q", in, got, want)
		}
	}
}

func TestOneLineKeepsFlags(t *testing.T) {
	scotland := "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
	for in, want := range map[string]string{scotland: scotland, "a\n" + scotland + "\u200b" + scotland + "\U000e0041 b": "a " + scotland + scotland + " b", "🏴\U000e0067\U000e007f": "🏴"} {
		if got := plaintext.OneLine(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestClip(t *testing.T) {
	for in, want := range map[string]string{
		"":         "",
		"abcd":     "abcd",
		"abcde":    "abcd",
		"abc文":     "abc",
		"a\xffb":   "ab",
		"a\x00bcd": "abc",
	} {
		if got := plaintext.Clip(in, 4); got != want {
			t.Errorf("Clip(%q): %q, want %q", in, got, want)
		}
	}
}

func FuzzCut(f *testing.F) {
	f.Add("a\xffb文", 2)
	f.Fuzz(func(t *testing.T, s string, n int) {
		limit := 1 + int(uint(n)%64)
		if got := plaintext.Clip(s, limit); len(got) > limit || !plaintext.Readable(got) {
			t.Errorf("Clip(%q, %d): %q", s, limit, got)
		}
		got := plaintext.Shorten(s, limit)
		if utf8.RuneCountInString(got) > limit || got != s && !strings.HasSuffix(got, "…") {
			t.Errorf("Shorten(%q, %d): %q", s, limit, got)
		}
	})
}
