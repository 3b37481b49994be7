package markdown

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docsquare/internal/text/fileurl"
)

// TestSizesOfPictures has pictures with and without sizes. Only those of the server that are known get one, in the width that is asked for.
func TestSizesOfPictures(t *testing.T) {
	large, attached, unknown, foreign := uuid.UUID{1}, uuid.UUID{2}, uuid.UUID{3}, uuid.UUID{4}
	of := func(id uuid.UUID) string { return fileurl.Of(id).String() }
	var asked []uuid.UUID
	files := Files{
		Named: func(name string) (uuid.UUID, bool) { return attached, name == "图.png" },
		Sizes: func(ids []uuid.UUID) (map[uuid.UUID]Size, error) {
			asked = append(asked, ids...)
			return map[uuid.UUID]Size{large: {1600, 1201}, attached: {10, 20}}, nil
		},
	}
	const lazy = ` loading="lazy" decoding="async"`
	for source, want := range map[string]string{
		"![a](" + of(large) + ")":                                    `alt="a"` + lazy + ` width="1600" height="1201">`,
		"![a](" + of(large) + "/w320)":                               `alt="a"` + lazy + ` width="320" height="240">`,
		"![a](" + of(large) + "/w1920)":                              `alt="a"` + lazy + ` width="1600" height="1201">`,
		"![a](images/图.png \"t\")":                                   `alt="a" title="t"` + lazy + ` width="10" height="20">`,
		"[![a](" + of(large) + ")](https://example.org)":             `alt="a"` + lazy + ` width="1600" height="1201"></a>`,
		`<img src="` + of(large) + `" alt="a" width="40">`:           `width="40"` + lazy + `>`,
		`<img src="` + of(large) + `" alt="a" loading="eager" on=1>`: `alt="a"` + lazy + ` width="1600" height="1201">`,
		"![a](" + of(unknown) + ")":                                  `alt="a"` + lazy + `>`,
		"![a](https://example.org" + of(foreign) + ")":               `alt="a"` + lazy + `>`,
		"![a](https://example.org/b.png)":                            `alt="a"` + lazy + `>`,
		"![a](other.png)":                                            `src="other.png" alt="a"` + lazy + `>`,
	} {
		doc, limit, err := Render(t.Context(), source, files)
		if err != nil || limit != "" || !strings.Contains(doc.HTML, want) || strings.Count(doc.HTML, "width=") != strings.Count(want, "width=") {
			t.Errorf("%s: %s %s %v, want %s", source, doc.HTML, limit, err, want)
		}
	}
	if slices.Contains(asked, foreign) {
		t.Error("the size of a file of another server was asked for")
	}
	asked = nil
	if _, _, err := Render(t.Context(), strings.Repeat("![a]("+of(large)+") ", 50), files); err != nil || len(asked) != 1 {
		t.Errorf("one picture was asked for %d times, %v", len(asked), err)
	}
	failure := errors.New("failure")
	files.Sizes = func([]uuid.UUID) (map[uuid.UUID]Size, error) { return nil, failure }
	if _, _, err := Render(t.Context(), "![a]("+of(large)+")", files); !errors.Is(err, failure) {
		t.Errorf("a failure becomes %v", err)
	}
}
