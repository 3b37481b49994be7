package transfer_test

import (
	"context"
	"encoding/base64"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	entdocument "docsquare/ent/document"
	"docsquare/internal/document"
	"docsquare/internal/errs"
	"docsquare/internal/services"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/transfer"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// server is the addresses of files over HTTP.
type server struct {
	t    *testing.T
	site *services.Site
	url  string
}

func opened(t *testing.T, dialect string) *server { return openedWith(t, dialect, transfer.Options{}) }

// openedWith opens the addresses of files with these options.
func openedWith(t *testing.T, dialect string, o transfer.Options) *server {
	t.Helper()
	site := servicetest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{})
	o.Log = slog.New(slog.DiscardHandler)
	h, err := transfer.Handler(transfer.Services{Accounts: site.Accounts, Uploads: site.Uploads, Documents: site.Documents}, o)
	testkit.Must(t, err)
	listening := httptest.NewServer(h)
	t.Cleanup(listening.Close)
	return &server{t, site, listening.URL}
}

// reply is an answer without its body.
type reply struct {
	StatusCode int
	Header     http.Header
}

// ask sends a request as the holder of a token, a guest where it is empty; headers come in pairs.
func (s *server) ask(method, path, token, body string, headers ...string) (reply, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	testkit.Must(s.t, err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	testkit.Must(s.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	testkit.Must(s.t, err)
	return reply{response.StatusCode, response.Header}, string(text)
}

// tus is ask with what every request of tus has.
func (s *server) tus(method, path, token, body string, headers ...string) (reply, string) {
	s.t.Helper()
	return s.ask(method, path, token, body, append([]string{"Tus-Resumable", "1.0.0", "Content-Type", "application/offset+octet-stream"}, headers...)...)
}

// announced is the path of a file that was announced by tus.
func (s *server) announced(token string, size int, metadata ...string) string {
	s.t.Helper()
	var pairs []string
	for i := 0; i < len(metadata); i += 2 {
		pairs = append(pairs, metadata[i]+" "+base64.StdEncoding.EncodeToString([]byte(metadata[i+1])))
	}
	response, text := s.tus(http.MethodPost, upload.Path, token, "", "Upload-Length", strconv.Itoa(size), "Upload-Metadata", strings.Join(pairs, ","))
	if response.StatusCode != http.StatusCreated {
		s.t.Fatalf("%d %s", response.StatusCode, text)
	}
	return strings.TrimPrefix(response.Header.Get("Location"), s.url)
}

// TestTus goes the way of every client: announce, send, break off, ask, go on, fetch.
func TestTus(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			s := opened(t, dialect)
			bob, ann := servicetest.Token(t, s.site.Accounts, servicetest.ID("bob")), servicetest.Token(t, s.site.Accounts, servicetest.ID("ann"))
			path := s.announced(bob, 10, "filename", "../文 件.txt", "filetype", "text/plain")
			for _, c := range []struct {
				token, offset, body string
				status              int
				now                 string
			}{
				{bob, "0", "01234", 204, "5"},
				{bob, "0", "01234", 409, ""},
				{ann, "5", "56789", 404, ""},
				{"", "5", "56789", 401, ""},
				{bob, "5", "56789 and more", 413, ""},
				{bob, "5", "56789", 204, "10"},
			} {
				response, text := s.tus(http.MethodPatch, path, c.token, c.body, "Upload-Offset", c.offset)
				if response.StatusCode != c.status || response.Header.Get("Upload-Offset") != c.now && c.now != "" {
					t.Fatalf("%q from %s: %d at %q, %s", c.body, c.offset, response.StatusCode, response.Header.Get("Upload-Offset"), text)
				}
				if c.now == "5" {
					if r, text := s.ask(http.MethodGet, path, bob, ""); r.StatusCode != http.StatusNotFound {
						t.Fatalf("half a file is answered: %d %s", r.StatusCode, text)
					}
				}
			}
			if r, _ := s.tus(http.MethodHead, path, bob, ""); r.StatusCode != http.StatusOK || r.Header.Get("Upload-Offset") != "10" || r.Header.Get("Upload-Length") != "10" {
				t.Errorf("it is said to be %d, %v", r.StatusCode, r.Header)
			}
			r, text := s.ask(http.MethodGet, path, bob, "")
			if text != "0123456789" || r.Header.Get("Content-Type") != "text/plain; charset=utf-8" || r.Header.Get("X-Content-Type-Options") != "nosniff" ||
				r.Header.Get("Content-Disposition") != "attachment; filename=\"_ _.txt\"; filename*=UTF-8''%E6%96%87%20%E4%BB%B6.txt" {
				t.Errorf("the file is %q, %v", text, r.Header)
			}
		})
	}
}

// TestLocation checks that a new upload is at the configured address, whatever the client and the proxies say about theirs. Without one it
// is where the request was sent to.
func TestLocation(t *testing.T) {
	for _, publicURL := range []string{"https://docs.example.org", "https://docs.example.org/", ""} {
		s := openedWith(t, "sqlite", transfer.Options{PublicURL: publicURL})
		want := strings.TrimRight(publicURL, "/")
		if want == "" {
			want = s.url
		}
		token := servicetest.Token(t, s.site.Accounts, servicetest.ID("bob"))
		r, text := s.tus(http.MethodPost, upload.Path, token, "", "Upload-Length", "5", "Upload-Metadata", "filename YS50eHQ=",
			"X-Forwarded-Proto", "ftp", "X-Forwarded-Host", "evil.example")
		location := r.Header.Get("Location")
		if r.StatusCode != http.StatusCreated || !strings.HasPrefix(location, want+upload.Path) {
			t.Errorf("with PUBLIC_URL %q it is %d at %q: %s", publicURL, r.StatusCode, location, text)
			continue
		}
		if r, text := s.tus(http.MethodPatch, strings.TrimPrefix(location, want), token, "01234", "Upload-Offset", "0"); r.StatusCode != http.StatusNoContent {
			t.Errorf("with PUBLIC_URL %q the upload is answered by %d %s", publicURL, r.StatusCode, text)
		}
	}
}

// TestRefusals: what is wrong is said at once, or with the last byte, in words.
func TestRefusals(t *testing.T) {
	s := opened(t, "sqlite")
	bob := servicetest.Token(t, s.site.Accounts, servicetest.ID("bob"))
	for name, c := range map[string]struct {
		token, length string
		status        int
	}{"a guest": {"", "5", 401}, "a bad token": {"nonsense", "5", 401}, "nothing": {bob, "0", 400}, "too much": {bob, "68719476736", 413}, "no size": {bob, "x", 400}} {
		r, text := s.tus(http.MethodPost, upload.Path, c.token, "", "Upload-Length", c.length, "Upload-Metadata", "filename YQ==")
		if r.StatusCode != c.status || text == "" {
			t.Errorf("%s: %d %s", name, r.StatusCode, text)
		}
	}
	const svg = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
	path := s.announced(bob, len(svg), "filename", "a.svg")
	if r, text := s.tus(http.MethodPatch, path, bob, svg, "Upload-Offset", "0"); r.StatusCode != http.StatusBadRequest || !strings.Contains(text, "SVG") {
		t.Errorf("SVG: %d %s", r.StatusCode, text)
	}
	if r, _ := s.tus(http.MethodHead, path, bob, ""); r.StatusCode != http.StatusGone {
		t.Errorf("after that it is %d", r.StatusCode)
	}
	path = s.announced(bob, 5, "filename", "a.txt")
	if r, text := s.tus(http.MethodDelete, path, bob, ""); r.StatusCode != http.StatusNoContent {
		t.Errorf("broken off: %d %s", r.StatusCode, text)
	}
	if r, _ := s.tus(http.MethodHead, path, bob, ""); r.StatusCode != http.StatusNotFound {
		t.Errorf("after that it is %d", r.StatusCode)
	}
	for _, path := range []string{"/files/nonsense", "/files/..%2f..%2fetc%2fpasswd", "/files/" + servicetest.Names()["doc01"].String()} {
		if r, text := s.ask(http.MethodGet, path, bob, ""); r.StatusCode != http.StatusNotFound || !strings.Contains(text, "no such file") {
			t.Errorf("%s: %d %s", path, r.StatusCode, text)
		}
	}
}

// TestDownload follows the visibility of documents, and gives ranges.
func TestDownload(t *testing.T) {
	s := opened(t, "sqlite")
	ctx, uploads, documents := t.Context(), s.site.Uploads, s.site.Documents
	v := viewer.Viewer{UserID: servicetest.ID("bob")}
	f, err := uploads.Send(ctx, v, upload.Announcement{Name: "a.md", Size: 10}, strings.NewReader("# 0123456\n"))
	testkit.Must(t, err)
	path := upload.Path + f.NodeID().String()
	sees := func(token string, want int) {
		t.Helper()
		if r, text := s.ask(http.MethodGet, path, token, ""); r.StatusCode != want {
			t.Errorf("%d %s, but %d was wanted", r.StatusCode, text, want)
		}
	}
	bob, cy := servicetest.Token(t, s.site.Accounts, servicetest.ID("bob")), servicetest.Token(t, s.site.Accounts, servicetest.ID("cy"))
	sees(bob, 200)
	sees(cy, 404)
	draft := document.Draft{Visibility: entdocument.VisibilityPrivate}
	c, err := uploads.Content(ctx, v, f.ID)
	testkit.Must(t, err)
	testkit.Must(t, draft.From(document.FileContent(c), nil))
	d, err := documents.Create(ctx, v, draft)
	testkit.Must(t, err)
	sees(cy, 404)
	for _, step := range []struct {
		act  func(context.Context, viewer.Viewer) error
		want int
	}{
		{func(ctx context.Context, v viewer.Viewer) error {
			_, err := documents.Publish(ctx, v, d.ID)
			return err
		}, 200},
		{func(ctx context.Context, v viewer.Viewer) error {
			_, err := documents.Unpublish(ctx, v, d.ID)
			return err
		}, 404},
		{func(ctx context.Context, v viewer.Viewer) error {
			_, err := documents.Publish(ctx, v, d.ID)
			return err
		}, 200},
	} {
		testkit.Must(t, step.act(ctx, v))
		sees(cy, step.want)
		sees("", step.want)
	}
	if err := uploads.Delete(ctx, v, f.ID); !errs.Is(err, errs.Conflict) {
		t.Errorf("a file of a document is deleted: %v", err)
	}
	r, text := s.ask(http.MethodGet, path, "", "", "Range", "bytes=2-4")
	if r.StatusCode != http.StatusPartialContent || text != "012" || r.Header.Get("Content-Range") != "bytes 2-4/10" {
		t.Errorf("a range is %d %q, %v", r.StatusCode, text, r.Header)
	}
	if r, _ := s.ask(http.MethodGet, path, "", "", "If-None-Match", r.Header.Get("ETag")); r.StatusCode != http.StatusNotModified {
		t.Errorf("what the client has is sent again: %d", r.StatusCode)
	}
	if r, _ := s.ask(http.MethodHead, path, "", ""); r.StatusCode != http.StatusOK || r.Header.Get("Content-Length") != "10" {
		t.Errorf("HEAD is answered by %d, %v", r.StatusCode, r.Header)
	}
	testkit.Must(t, documents.Delete(ctx, v, d.ID))
	sees("", 404)
	testkit.Must(t, uploads.Delete(ctx, v, f.ID))
	sees(bob, 404)
}
