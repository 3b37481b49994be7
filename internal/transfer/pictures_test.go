package transfer_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/internal/document"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/text/fileurl"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

func who(name string) viewer.Viewer { return viewer.Viewer{UserID: servicetest.ID(name)} }

// noise is a picture that is not the same as that of another seed.
func noise(w, h int, seed byte) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(i*7) ^ seed | 1
	}
	for y := range h {
		m.SetNRGBA(0, y, color.NRGBA{A: 255})
	}
	return m
}

func asPNG(t *testing.T, m image.Image) string {
	t.Helper()
	var out bytes.Buffer
	testkit.Must(t, png.Encode(&out, m))
	return out.String()
}

// asPhoto is a JPEG that tells where it was taken.
func asPhoto(t *testing.T, m image.Image) string {
	t.Helper()
	var out bytes.Buffer
	testkit.Must(t, jpeg.Encode(&out, m, nil))
	exif := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00 GPS 39.9N 116.4E"
	return "\xff\xd8\xff\xe1\x00" + string(byte(len(exif)+2)) + exif + out.String()[2:]
}

// send stores a file of an account.
func (s *server) send(name, file, content string) *ent.File {
	s.t.Helper()
	f, err := s.site.Uploads.Send(s.t.Context(), who(name), upload.Announcement{Name: file, Size: int64(len(content))}, strings.NewReader(content))
	testkit.Must(s.t, err)
	return f
}

// picture stores a small picture of an account, which is a different one each time.
func (s *server) picture(name string, seed byte) *ent.File {
	s.t.Helper()
	return s.send(name, "图 1.png", asPNG(s.t, noise(20, 10, seed)))
}

// write creates a document.
func (s *server) write(name, body string, change func(d *document.Draft)) *ent.Document {
	s.t.Helper()
	draft := document.Draft{Title: "t", Body: body, Format: entdocument.FormatMD, Visibility: entdocument.VisibilityPublic}
	if change != nil {
		change(&draft)
	}
	d, err := s.site.Documents.Create(s.t.Context(), who(name), draft)
	testkit.Must(s.t, err)
	return d
}

// shown checks whether guests and other accounts are shown a file. Its owner always is.
func (s *server) shown(what string, f *ent.File, want bool) {
	s.t.Helper()
	status := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[want]
	for _, name := range []string{"", "cy"} {
		token := ""
		if name != "" {
			token = servicetest.Token(s.t, s.site.Accounts, servicetest.ID(name))
		}
		if r, text := s.ask(http.MethodGet, fileurl.Of(f.ID).String(), token, ""); r.StatusCode != status {
			s.t.Errorf("%s: %q is answered by %d %.80s", what, name, r.StatusCode, text)
		}
	}
}

// TestPictureHeaders shows pictures in the page and everything else as attachments, and lets no shared cache keep them.
func TestPictureHeaders(t *testing.T) {
	s := opened(t, "sqlite")
	pic, text := s.picture("bob", 1), s.send("bob", `"报告" 50%.md`, "# a")
	s.write("bob", "", func(d *document.Draft) { d.Attachments = []uuid.UUID{pic.ID, text.ID} })
	hidden := s.picture("bob", 2)
	bob := servicetest.Token(s.t, s.site.Accounts, servicetest.ID("bob"))
	for _, c := range []struct {
		f                               *ent.File
		token, disposition, cache, kind string
	}{
		{pic, "", `inline; filename="_ 1.png"; filename*=UTF-8''%E5%9B%BE%201.png`, "private, max-age=86400, immutable", "image/png"},
		{pic, bob, `inline; filename="_ 1.png"; filename*=UTF-8''%E5%9B%BE%201.png`, "private, max-age=86400, immutable", "image/png"},
		{hidden, bob, `inline; filename="_ 1.png"; filename*=UTF-8''%E5%9B%BE%201.png`, "private, no-cache", "image/png"},
		{text, "", `attachment; filename="____ 50_.md"; filename*=UTF-8''%22%E6%8A%A5%E5%91%8A%22%2050%25.md`, "private, max-age=86400, immutable", "text/markdown; charset=utf-8"},
		{hidden, "", "", "no-store", "application/json; charset=utf-8"},
	} {
		path := fileurl.Of(c.f.ID).String()
		r, _ := s.ask(http.MethodGet, path, c.token, "")
		h := r.Header
		if h.Get("Content-Disposition") != c.disposition || h.Get("Cache-Control") != c.cache || h.Get("Content-Type") != c.kind || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%v", h)
		}
		if r.StatusCode != http.StatusOK {
			continue
		}
		if h.Get("Vary") != "Authorization" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%v", h)
		}
		if r, _ := s.ask(http.MethodGet, path, c.token, "", "If-None-Match", h.Get("ETag")); r.StatusCode != http.StatusNotModified {
			t.Errorf("what the client has is sent again: %d", r.StatusCode)
		}
		if r, text := s.ask(http.MethodGet, path, c.token, "", "Range", "bytes=1-2"); r.StatusCode != http.StatusPartialContent || len(text) != 2 {
			t.Errorf("a range is %d %q", r.StatusCode, text)
		}
	}
}

// TestVariants makes each variant once, also for many clients at one time, and drops all with the file.
func TestVariants(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			s := opened(t, dialect)
			photo := asPhoto(t, noise(1500, 300, 1))
			f := s.send("bob", "a.jpg", photo)
			d := s.write("bob", "", func(d *document.Draft) { d.Cover = &f.ID })
			bob := servicetest.Token(s.t, s.site.Accounts, servicetest.ID("bob"))
			path := fileurl.Of(f.ID).String()
			if _, text := s.ask(http.MethodGet, path, bob, ""); text != photo {
				t.Error("the owner does not get what was sent")
			}
			r, text := s.ask(http.MethodGet, path, "", "")
			if r.StatusCode != http.StatusOK || strings.Contains(text, "GPS") || !strings.HasPrefix(text, "\xff\xd8") {
				t.Errorf("others get %d, with metadata: %v", r.StatusCode, strings.Contains(text, "GPS"))
			}
			for width, want := range map[string]int{"/w320": 320, "/w640": 640, "/w1280": 1280, "/w1920": 1500} {
				var all sync.WaitGroup
				for range 4 {
					all.Go(func() {
						r, text := s.ask(http.MethodGet, path+width, "", "")
						m, _, err := image.DecodeConfig(strings.NewReader(text))
						if err != nil || m.Width != want || r.Header.Get("Content-Type") != "image/jpeg" || strings.Contains(text, "GPS") {
							t.Errorf("%s is %d pixels wide, %v, %v", width, m.Width, r, err)
						}
					})
				}
				all.Wait()
			}
			if n := s.site.Store.DB.Variant.Query().CountX(t.Context()); n != 5 {
				t.Errorf("%d variants are kept", n)
			}
			for _, bad := range []string{"/w321", "/w0", "/w641", "/w99999999999999999999", "/x"} {
				if r, text := s.ask(http.MethodGet, path+bad, "", ""); r.StatusCode != http.StatusBadRequest && r.StatusCode != http.StatusNotFound {
					t.Errorf("%s: %d %.80s", bad, r.StatusCode, text)
				}
			}
			if r, text := s.ask(http.MethodGet, path+"/w321", "", ""); r.StatusCode != http.StatusBadRequest || !strings.Contains(text, "320, 640, 1280, 1920") {
				t.Errorf("another width: %d %s", r.StatusCode, text)
			}
			testkit.Must(t, s.site.Documents.Delete(t.Context(), who("bob"), d.ID))
			if r, _ := s.ask(http.MethodGet, path+"/w320", "", ""); r.StatusCode != http.StatusNotFound {
				t.Errorf("a variant of a hidden file: %d", r.StatusCode)
			}
			testkit.Must(t, s.site.Uploads.Delete(t.Context(), who("bob"), f.ID))
			if n, garbage := s.site.Store.DB.Variant.Query().CountX(t.Context()), s.site.Store.DB.Garbage.Query().CountX(t.Context()); n != 0 || garbage != 0 {
				t.Errorf("%d variants and %d objects are left", n, garbage)
			}
		})
	}
}

// TestHostilePictures answers errors for what cannot be resized, and shows others nothing that cannot be read.
func TestHostilePictures(t *testing.T) {
	s := opened(t, "sqlite")
	whole := asPNG(t, noise(700, 30, 1))
	bomb := []byte(asPNG(t, noise(1, 1, 1)))
	copy(bomb[16:], "\x00\x00\xff\xff\x00\x00\xff\xff")
	for name, content := range map[string]string{
		"a bomb": string(bomb), "cut off": whole[:len(whole)/2], "only a header": whole[:33], "garbage behind a header": "\x89PNG\r\n\x1a\n" + strings.Repeat("\x9c\x01", 100),
		"a JPEG without pixels": "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
	} {
		f := s.send("bob", "a.png", content)
		s.write("bob", "", func(d *document.Draft) { d.Attachments = []uuid.UUID{f.ID} })
		r, text := s.ask(http.MethodGet, fileurl.Of(f.ID).String()+"/w320", "", "")
		if r.StatusCode != http.StatusBadRequest || !strings.Contains(text, "picture") {
			t.Errorf("%s: %d %.100s", name, r.StatusCode, text)
		}
	}
	text := s.send("bob", "a.md", "# a")
	if r, body := s.ask(http.MethodGet, fileurl.Of(text.ID).String()+"/w320", servicetest.Token(s.t, s.site.Accounts, servicetest.ID("bob")), ""); r.StatusCode != http.StatusBadRequest || !strings.Contains(body, "no picture") {
		t.Errorf("a text of a width: %d %s", r.StatusCode, body)
	}
}

// TestLargestPictures serves a picture of 32 MiB to others, in every width, and one that is larger only to its owner and as it is.
func TestLargestPictures(t *testing.T) {
	const largest = 32 << 20
	s := opened(t, "sqlite")
	whole := asPNG(t, noise(700, 30, 1))
	bob := servicetest.Token(s.t, s.site.Accounts, servicetest.ID("bob"))
	for size, want := range map[int]int{largest: http.StatusOK, largest + 1: http.StatusBadRequest} {
		content := whole + strings.Repeat("\x00", size-len(whole))
		f, _, err := s.site.Uploads.Keep(s.t.Context(), who("bob"), upload.Announcement{Name: "a.png", Size: int64(size)}, strings.NewReader(content))
		testkit.Must(t, err)
		s.write("bob", "", func(d *document.Draft) { d.Attachments = []uuid.UUID{f.ID} })
		path := fileurl.Of(f.ID).String()
		for _, width := range []string{"", "/w320"} {
			r, text := s.ask(http.MethodGet, path+width, "", "")
			if r.StatusCode != want || want != http.StatusOK && !strings.Contains(text, "BAD_USER_INPUT") {
				t.Errorf("%d bytes, %q: %d %.200s", size, width, r.StatusCode, text)
			}
		}
		if r, text := s.ask(http.MethodGet, path, bob, ""); r.StatusCode != http.StatusOK || len(text) != size {
			t.Errorf("%d bytes: the owner gets %d, %d bytes", size, r.StatusCode, len(text))
		}
	}
}
