package importer

import (
	"strings"
	"testing"

	"docsquare/internal/text/plaintext"
)

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"javaguide": "javaguide", "Vue ZH": "vue-zh", "go": "go-author", "--x--": "x-author", "中文 go": "go-58f39865",
		"": "author-811c9dc5", strings.Repeat("a", 40): strings.Repeat("a", 32),
	} {
		if got := slug(name, false); got != want {
			t.Errorf("%q is %q, not %q", name, got, want)
		}
	}
}

func FuzzSlug(f *testing.F) {
	f.Add("Ann B", true)
	f.Fuzz(func(t *testing.T, name string, numbered bool) {
		if got := slug(name, numbered); !plaintext.IsUsername(got) {
			t.Errorf("the username of %q is %q", name, got)
		}
	})
}
