package upload_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"docsquare/ent/document"
	"docsquare/ent/file"
	"docsquare/internal/errs"
	"docsquare/internal/services"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	both = []string{"sqlite", "postgres"}
	bob  = viewer.Viewer{UserID: servicetest.ID("bob")}
)

func opened(t *testing.T, dialect string) (*services.Site, *upload.Service) {
	t.Helper()
	site := servicetest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{})
	return site, site.Uploads
}

// docx is a Word file with a paragraph that is repeated.
func docx(t *testing.T, paragraph string, times int) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range map[string][3]string{
		"[Content_Types].xml": {`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`},
		"word/document.xml": {
			`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`,
			`<w:p><w:r><w:t>` + paragraph + `</w:t></w:r></w:p>`, `</w:body></w:document>`,
		},
	} {
		w, err := z.Create(name)
		testkit.Must(t, err)
		_, err = io.WriteString(w, text[0])
		testkit.Must(t, err)
		for range times {
			_, err = io.WriteString(w, text[1])
			testkit.Must(t, err)
		}
		_, err = io.WriteString(w, text[2])
		testkit.Must(t, err)
	}
	testkit.Must(t, z.Close())
	return out.Bytes()
}

// TestContents lists the result for each content: the type that it is stored as, or the error for the client.
func TestContents(t *testing.T) {
	pdf, err := os.ReadFile("../text/extract/testdata/chinese.pdf")
	testkit.Must(t, err)
	random := bytes.Repeat([]byte{0x9c, 0x01, 0xfe, 0x77, 0x00, 0xc3}, 100)
	_, s := opened(t, "sqlite")
	for name, c := range map[string]struct {
		file, announced string
		content         []byte
		want            string // the type, or words of the error
		refused         bool
	}{
		"Markdown by name":               {"a.md", "", []byte("# 你好\n\nworld"), "text/markdown", false},
		"Markdown by type":               {"a", "text/markdown", []byte("# 你好"), "text/markdown", false},
		"Markdown that begins with HTML": {"README.md", "", []byte("<h1 align=center>Hi</h1>\n\n<script>alert(1)</script>"), "text/markdown", false},
		"text":                           {"a.bin", "", []byte("只有文字"), "text/plain", false},
		"JSON is text":                   {"a.json", "application/json", []byte(`{"a": 1}`), "text/plain", false},
		"a name says nothing":            {"a.pdf", "", []byte("no PDF at all"), "text/plain", false},
		"PNG":                            {"a.md", "", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"), "image/png", false},
		"unknown":                        {"a.bin", "", random, "application/octet-stream", false},
		"PDF":                            {"a.pdf", "application/pdf", pdf, "application/pdf", false},
		"DOCX":                           {"a.docx", "", docx(t, "正文 text", 3), upload.DOCX, false},
		"HTML named .md":                 {"a.md", "text/markdown", []byte("\n <!DOCTYPE html><script>alert(1)</script>"), "HTML", true},
		"HTML with a mark":               {"a.txt", "", []byte("\ufeff<HTML><body onload=alert(1)>"), "HTML", true},
		"SVG with a script":              {"a.svg", "image/svg+xml", []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "SVG", true},
		"a program":                      {"a.pdf", "application/pdf", append([]byte("\x7fELF\x02\x01\x01\x00"), random...), "not taken", true},
		"a zip":                          {"a.docx", "", zipped(t), "no Word document", true},
		"PNG announced as PDF":           {"a.pdf", "application/pdf", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"), "announced as application/pdf", true},
		"text announced as PDF":          {"a.pdf", "application/pdf", []byte("%PDX"), "announced as application/pdf", true},
		"a PDF that is cut off":          {"a.pdf", "", pdf[:len(pdf)/3], "", true},
		"a DOCX that is cut off":         {"a.docx", "", docx(t, "text", 2000)[:400], "", true},
		"a zip bomb":                     {"a.docx", "", docx(t, strings.Repeat("bomb ", 2000), 20000), "unpacks", true},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := s.Send(t.Context(), bob, upload.Announcement{Name: c.file, Size: int64(len(c.content)), ContentType: c.announced}, bytes.NewReader(c.content))
			switch {
			case c.refused && (!errs.Is(err, errs.BadUserInput) || !strings.Contains(err.Error(), c.want)):
				t.Fatalf("%v", err)
			case !c.refused && err != nil:
				t.Fatal(err)
			}
			now, err := s.Upload(t.Context(), bob, f.ID)
			testkit.Must(t, err)
			if c.refused && (now.Status != file.StatusFailed || now.Failure == nil) || !c.refused && (now.Status != file.StatusStored || now.ContentType != c.want) {
				t.Fatalf("the file is %+v", now)
			}
		})
	}
}

func zipped(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create("program.exe")
	testkit.Must(t, err)
	_, err = w.Write([]byte("MZ"))
	testkit.Must(t, err)
	testkit.Must(t, z.Close())
	return out.Bytes()
}

// TestNames keeps of a path its last part, and nothing that deceives.
func TestNames(t *testing.T) {
	_, s := opened(t, "sqlite")
	for name, want := range map[string]string{
		"../../etc/passwd": "passwd", `C:\Windows\..\evil.md`: "evil.md", "a\x00b\r\n.md": "ab.md", "/": "", "..": "", "": "",
		" 文件 1.md ":             "文件 1.md", //nolint:gocritic // that is what is tried
		"harmless\u202egnp.exe": "harmlessgnp.exe", strings.Repeat("长", 255): strings.Repeat("长", 255), strings.Repeat("长", 256): "",
	} {
		f, err := s.Start(t.Context(), bob, upload.Announcement{Name: name, Size: 1})
		if want == "" {
			if !errs.Is(err, errs.BadUserInput) {
				t.Errorf("%q: %v", name, err)
			}
			continue
		}
		if err != nil || f.Name != want {
			t.Errorf("%q became %+v, %v", name, f, err)
		}
	}
}

// broken gives some bytes and then breaks off.
type broken struct {
	io.Reader
	left int
}

func (b *broken) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := b.Reader.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// TestResume sends a file in pieces that break off anywhere: what has arrived is kept, nothing of it can be fetched before it
// is whole, and the whole is what was sent.
func TestResume(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789 文字\n"), 1<<20) // more than two parts
	sum := fmt.Sprintf("%x", sha256.Sum256(content))
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			site, s := opened(t, dialect)
			f, err := s.Start(t.Context(), bob, upload.Announcement{Name: "a.txt", Size: int64(len(content)), SHA256: strings.ToUpper(sum)})
			testkit.Must(t, err)
			for _, piece := range []int{1, 100, 3 << 20, 9 << 20} {
				f, err = s.Upload(t.Context(), bob, f.ID)
				testkit.Must(t, err)
				n, err := s.Append(t.Context(), f, f.Received, &broken{bytes.NewReader(content[f.Received:]), piece})
				if n != int64(piece) || !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Fatalf("of %d bytes %d are kept, %v", piece, n, err)
				}
				testkit.Must(t, s.Finish(t.Context(), f))
				if _, err := s.Open(t.Context(), f); !errs.Is(err, errs.NotFound) {
					t.Fatalf("a file that is not whole can be read: %v", err)
				}
			}
			if _, err := s.Append(t.Context(), f, f.Received, bytes.NewReader(content[f.Received:])); !errs.Is(err, errs.Conflict) {
				t.Fatalf("bytes go to a place where others are: %v", err)
			}
			f, err = s.Upload(t.Context(), bob, f.ID)
			testkit.Must(t, err)
			_, err = s.Append(t.Context(), f, f.Received, io.MultiReader(bytes.NewReader(content[f.Received:]), strings.NewReader("too much")))
			testkit.Must(t, err)
			testkit.Must(t, s.Finish(t.Context(), f))
			testkit.Must(t, s.Finish(t.Context(), f)) // as another instance may
			r, err := s.Open(t.Context(), f)
			testkit.Must(t, err)
			got, err := io.ReadAll(r)
			testkit.Must(t, errors.Join(err, r.Close()))
			if !bytes.Equal(got, content) {
				t.Fatalf("%d bytes are there, %d were sent", len(got), len(content))
			}
			if n := site.Store.DB.UploadPart.Query().CountX(t.Context()); n != 0 {
				t.Errorf("%d parts are left", n)
			}
		})
	}
}

// TestChecksum refuses what is not what was announced.
func TestChecksum(t *testing.T) {
	_, s := opened(t, "sqlite")
	f, err := s.Send(t.Context(), bob, upload.Announcement{Name: "a.txt", Size: 3, SHA256: strings.Repeat("0", 64)}, strings.NewReader("abc"))
	if f == nil || !errs.Is(err, errs.BadUserInput) || !strings.Contains(err.Error(), "SHA-256") {
		t.Fatalf("%+v, %v", f, err)
	}
}

// TestDocumentText is what a document of each sort of file is made of.
func TestDocumentText(t *testing.T) {
	_, s := opened(t, "sqlite")
	for name, c := range map[string]struct {
		content     []byte
		title, body string
		format      document.Format
	}{
		"笔记.md":   {[]byte("\ufeff# 题目\r\n\r\n正文"), "题目", "# 题目\n\n正文", document.FormatMD},
		"a.b.txt": {[]byte("plain"), "a.b", "plain", document.FormatTXT},
		"c.docx":  {docx(t, "正文 text", 2), "c", "正文 text\n正文 text", document.FormatDOCX},
	} {
		f, err := s.Send(t.Context(), bob, upload.Announcement{Name: name, Size: int64(len(c.content))}, bytes.NewReader(c.content))
		testkit.Must(t, err)
		got, err := s.Content(t.Context(), bob, f.ID)
		testkit.Must(t, err)
		if got.Title != c.title || strings.TrimSpace(got.Body) != c.body || got.Format != c.format {
			t.Errorf("%s becomes %+v", name, got)
		}
		if _, err := s.Content(t.Context(), viewer.Viewer{UserID: servicetest.ID("cy")}, f.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("another reads %s: %v", name, err)
		}
	}
}

// TestLongText is refused, not cut.
func TestLongText(t *testing.T) {
	_, s := opened(t, "sqlite")
	long := strings.Repeat("长", 350_000+1) // just over a megabyte
	f, err := s.Start(t.Context(), bob, upload.Announcement{Name: "long.md", Size: int64(len(long))})
	testkit.Must(t, err)
	_, err = s.Append(t.Context(), f, 0, strings.NewReader(long))
	testkit.Must(t, errors.Join(err, s.Finish(t.Context(), f)))
	if _, err := s.Content(t.Context(), bob, f.ID); !errs.Is(err, errs.BadUserInput) {
		t.Errorf("%v", err)
	}
}
