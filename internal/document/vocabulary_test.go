package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/internal/document"
	"docsquare/internal/kinds"
	"docsquare/internal/services"
	"docsquare/internal/square"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/text/plaintext"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// ideographs returns as many ideographs as a text may have, of which no two neighbours appear twice.
func ideographs() string {
	const characters = 19_997 // a prime: a walk by any step visits each
	var out strings.Builder
	for step := 1; ; step++ {
		for n, at := 0, step; n < characters; n, at = n+1, (at+step)%characters {
			if out.Len()+3 > plaintext.MaxText {
				return out.String()
			}
			out.WriteRune(rune('一' + at))
		}
	}
}

// words returns as many different words of a length as a text may have.
func words(length int) string {
	var out strings.Builder
	for i := 0; out.Len()+length+1 <= plaintext.MaxText; i++ {
		fmt.Fprintf(&out, "%0*x ", length, i)
	}
	return out.String()
}

// TestLargestVocabularies publishes the permitted texts with the most different words, and finds them, the same on both databases.
func TestLargestVocabularies(t *testing.T) {
	texts := map[string]struct{ body, first string }{
		"ideographs":   {ideographs(), "丁丂"},
		"short words":  {words(5), "00002"},
		"long words":   {words(48), strings.Repeat("0", 47) + "2"},
		"one word":     {strings.Repeat("a ", plaintext.MaxText/2), "a"},
		"one sentence": {strings.Repeat("丁丂七丄丅", plaintext.MaxText/15), "丁丂"},
	}
	for _, dialect := range []string{"sqlite", "postgres"} {
		site := servicetest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{})
		ann := viewer.Viewer{UserID: servicetest.ID("ann")}
		for name, text := range texts {
			t.Run(dialect+"/"+name, func(t *testing.T) {
				mark := strings.ReplaceAll(name, " ", "")
				summary := strings.Repeat("説", 1000)
				d, err := site.Documents.Create(t.Context(), ann, document.Draft{
					Title: "About " + mark, Summary: &summary, Body: text.body, Format: entdocument.FormatTXT, Visibility: entdocument.VisibilityPublic, Tags: []string{mark},
				})
				testkit.Must(t, err)
				for _, query := range []string{mark, text.first + " " + mark} {
					if !finds(t, site, query, d) {
						t.Errorf("%q does not find the document", query)
					}
				}
				testkit.Must(t, site.Documents.Delete(t.Context(), ann, d.ID))
			})
		}
	}
}

func finds(t *testing.T, site *services.Site, query string, d *ent.Document) bool {
	t.Helper()
	key := square.Asked(query, kinds.SquareFilter{})
	found, err := site.Square.Search(t.Context(), []kinds.SearchKey{key})
	testkit.Must(t, err)
	for _, hit := range found[key].Hits {
		if hit.ID == d.ID && d.ID != uuid.Nil {
			return true
		}
	}
	return false
}
