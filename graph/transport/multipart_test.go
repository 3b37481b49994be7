package transport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
)

const limit = 1 << 20

// part is one part of a form.
type formPart struct {
	name, file, content string
}

const fillsOne = `{"query": "{ __typename }", "variables": {"a": null, "b": null}}`

// formOf returns a request with these parts.
func formOf(t *testing.T, parts ...formPart) *http.Request {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, p := range parts {
		header := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf("form-data; name=%q", p.name)}}
		if p.file != "" {
			header.Set("Content-Disposition", header.Get("Content-Disposition")+fmt.Sprintf("; filename=%q", p.file))
		}
		out, err := w.CreatePart(header)
		if err == nil {
			_, err = io.WriteString(out, p.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

// formAllocations is what reading a form may allocate: the buffers of the decoder, each twice as large as the one before, and what is decoded.
const formAllocations = 6 * limit

// TestFormLimits checks the limit of each part: text has the limit of a request in JSON, in all, and what exceeds it is not read.
func TestFormLimits(t *testing.T) {
	places := formPart{"map", "", `{"0": ["variables.a"]}`}
	padded := func(n int) string { return fillsOne + strings.Repeat(" ", n-len(fillsOne)) }
	filled := func(n int) string {
		const around = `{"query": "{ __typename }", "variables": {"a": null, "b": ""}}`
		return strings.Replace(around, `""`, `"`+strings.Repeat("x", n-len(around))+`"`, 1)
	}
	for name, c := range map[string]struct {
		parts  []formPart
		status int // 0: accepted
	}{
		"within":              {[]formPart{{"operations", "", padded(limit - 100)}, places, {"0", "a.txt", "x"}}, 0},
		"within, one text":    {[]formPart{{"operations", "", filled(limit - 100)}, places, {"0", "a.txt", "x"}}, 0},
		"operations":          {[]formPart{{"operations", "", padded(limit + 1)}, places, {"0", "a.txt", "x"}}, http.StatusRequestEntityTooLarge},
		"operations as file":  {[]formPart{{"operations", "o.json", padded(9 << 20)}, places}, http.StatusRequestEntityTooLarge},
		"a map":               {[]formPart{{"operations", "", padded(limit / 2)}, {"map", "", places.content + strings.Repeat(" ", limit/2)}}, http.StatusRequestEntityTooLarge},
		"a header":            {[]formPart{{"operations", "", fillsOne}, places, {strings.Repeat("x", 1<<20), "a", "x"}}, http.StatusRequestEntityTooLarge},
		"before the parts":    {[]formPart{{"0", "a.txt", "x"}, {"operations", "", fillsOne}, places}, http.StatusBadRequest},
		"another field":       {[]formPart{{"operations", "", fillsOne}, places, {"other", "", strings.Repeat("x", 4<<20)}, {"0", "a.txt", "x"}}, 0},
		"too many parts":      {append([]formPart{{"operations", "", fillsOne}, places}, make([]formPart, 101)...), http.StatusBadRequest},
		"a file not in it":    {[]formPart{{"operations", "", fillsOne}, places}, http.StatusBadRequest},
		"operations repeated": {[]formPart{{"operations", "", padded(limit - 100)}, {"operations", "", padded(200)}}, http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			r := formOf(t, c.parts...)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, done, no := withFiles(r, limit)
			defer done()
			runtime.ReadMemStats(&after)
			if no == nil && c.status != 0 || no != nil && no.status != c.status {
				t.Errorf("it is %v", no)
			}
			if kept := after.TotalAlloc - before.TotalAlloc; kept > formAllocations {
				t.Errorf("%d bytes were allocated", kept)
			}
		})
	}
}

// TestFormFiles checks that a file is what was sent, in memory and on disk, for each variable, and that nothing of it is left or open after
// the request, whatever the request ended with.
func TestFormFiles(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	large := strings.Repeat("0123456789", filesInMemory/4)
	parts := []formPart{{"operations", "", fillsOne}, {"map", "", `{"0": ["variables.a", "variables.b"], "1": []}`}, {"1", "b.txt", "small"}, {"0", "a.txt", large}}
	p, done, no := withFiles(formOf(t, parts...), limit)
	if no != nil {
		t.Fatal(no)
	}
	var files []io.ReadSeeker
	for _, name := range []string{"a", "b"} {
		u, _ := p.Variables[name].(graphql.Upload)
		got, err := io.ReadAll(u.File)
		if err != nil || string(got) != large || u.Size != int64(len(large)) || u.Filename != "a.txt" {
			t.Fatalf("%s is %q with %d bytes, %v", name, u.Filename, len(got), err)
		}
		files = append(files, u.File)
	}
	done()
	for _, f := range files {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Read(make([]byte, 1)); !errors.Is(err, os.ErrClosed) {
			t.Errorf("after the request a file is open: %v", err)
		}
	}
	whole := formOf(t, parts...)
	raw, err := io.ReadAll(whole.Body)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(body []byte) []byte{
		"cut off":          func(body []byte) []byte { return body[:len(body)-1000] },
		"no operation":     func(body []byte) []byte { return bytes.Replace(body, []byte(`"query"`), []byte(`"nope!"`), 1) },
		"not a null":       func(body []byte) []byte { return bytes.Replace(body, []byte(`"b": null`), []byte(`"b": 1234`), 1) },
		"a file not in it": func(body []byte) []byte { return bytes.Replace(body, []byte(`name="1"`), []byte(`name="2"`), 1) },
		"the text too large": func(body []byte) []byte {
			return bytes.Replace(body, []byte("{ __typename }"), bytes.Repeat([]byte("x"), limit), 1)
		},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(change(bytes.Clone(raw))))
		r.Header.Set("Content-Type", whole.Header.Get("Content-Type"))
		_, done, no := withFiles(r, limit)
		done()
		if no == nil {
			t.Errorf("%s: it was accepted", name)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%d temporary files are left, %v", len(left), err)
	}
}
