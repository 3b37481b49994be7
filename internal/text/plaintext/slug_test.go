package plaintext_test

import (
	"strings"
	"testing"

	"docsquare/internal/text/plaintext"
)

func TestSlug(t *testing.T) {
	for title, want := range map[string]string{
		"":                          "",
		"…!":                        "",
		"Hello, World":              "hello-world",
		"  C++ & Go: don’t panic ":  "c-go-dont-panic",
		"缓存，一致性":                    "缓存-一致性",
		"Go 语言 1.26":                "go-语言-1-26",
		"Ünïcode E\u0301tat":        "ünïcode-état",
		"हिन्दी":                    "हिन्दी",
		"../../etc/passwd?x#y":      "etc-passwd-x-y",
		"zero\u200bwidth":           "zerowidth",
		strings.Repeat("字", 100):    strings.Repeat("字", plaintext.MaxSlug),
		strings.Repeat("word ", 20): strings.TrimSuffix(strings.Repeat("word-", 12), "-"),
	} {
		if got := plaintext.Slug(title); got != want {
			t.Errorf("%q is %q, want %q", title, got, want)
		}
	}
}
