package fileurl_test

import (
	"testing"

	"github.com/google/uuid"

	"docsquare/internal/nodeid"
	"docsquare/internal/text/fileurl"
)

var file = uuid.UUID{1, 15: 2}

// id is the global identifier of the file.
var id = nodeid.ID{Type: nodeid.File, UUID: file}.String()

// TestParse reads the addresses that are in texts.
func TestParse(t *testing.T) {
	document := nodeid.ID{Type: nodeid.Document, UUID: file}.String()
	for text, want := range map[string]string{
		"/files/" + id:                                    "/files/" + id,
		"/files/" + id + "/w640":                          "/files/" + id + "/w640",
		"/files/" + id + "?download=1#page=2":             "/files/" + id + "?download=1#page=2",
		"https://docs.example.org/files/" + id:            "/files/" + id,
		"https://docs.example.org/sub/files/" + id + "#图": "/files/" + id + "#图",
		"//docs.example.org/files/" + id + "/w1280":       "/files/" + id + "/w1280",
		"files/" + id:                                     "", // relative: it depends on the page
		"/files/":                                         "",
		"/files/" + document:                              "",
		"/files/" + id + "/":                              "",
		"/files/" + id + "/w":                             "",
		"/files/" + id + "/w0640":                         "",
		"/files/" + id + "/w-1":                           "",
		"/files/" + id + "/w640/x":                        "",
		"/files/" + id + "x":                              "",
		"https://example.org/?u=/files/" + id:             "",
		"图/files/" + id[:22] + "图":                        "",
		"":                                                "",
	} {
		got, ok := fileurl.Parse(text)
		if ok != (want != "") || ok && (got.String() != want || got.File != file) {
			t.Errorf("%q is read as %q, %v, not as %q", text, got, ok, want)
		}
	}
}

// TestLocal tells addresses of this server from those of another one.
func TestLocal(t *testing.T) {
	for text, want := range map[string]bool{
		"/files/" + id: true, "https://example.org/files/" + id: false, "//example.org/files/" + id: false, "/sub/files/" + id: false, fileurl.Of(file).String(): true,
	} {
		if a, ok := fileurl.Parse(text); !ok || a.Local() != want {
			t.Errorf("%q is local: %v", text, a.Local())
		}
	}
}

// TestName takes names from relative addresses only.
func TestName(t *testing.T) {
	for text, want := range map[string]string{
		"a.png": "a.png", "./a.png": "a.png", "../图片/a%20b.png": "a b.png", "img/图.png?raw=true#x": "图.png", "a:b.png": "", "#top": "", "?x": "", "": "",
		"/a.png": "", "//host/a.png": "", "https://host/a.png": "", "mailto:a@b.c": "", "images/": "", "..": "", ".": "", "a%2": "", "%2e%2e/%2fetc": "etc",
	} {
		if got, ok := fileurl.Name(text); got != want && ok || ok != (want != "") {
			t.Errorf("%q leads to %q, %v, not to %q", text, got, ok, want)
		}
	}
}

// FuzzParse writes what it reads in a form that is read the same.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"/files/" + id, "https://a/files/" + id + "/w320?x#y", "files/" + id, "/files//w1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, ok := fileurl.Parse(text)
		if !ok {
			return
		}
		if again, ok := fileurl.Parse(a.String()); !ok || !again.Local() || again.String() != a.String() {
			t.Fatalf("%q is %q and then %q, %v", text, a, again, ok)
		}
	})
}
