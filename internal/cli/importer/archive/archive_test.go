package archive_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"docsquare/internal/cli/importer/archive"
	"docsquare/internal/testkit"
)

// packed returns an archive of names and contents.
func packed(t *testing.T, entries ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(entries); i += 2 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: entries[i], Method: zip.Deflate})
		testkit.Must(t, err)
		_, err = f.Write([]byte(entries[i+1]))
		testkit.Must(t, err)
	}
	testkit.Must(t, w.Close())
	return out.Bytes()
}

func open(t *testing.T, data []byte, limits archive.Limits) (*archive.Archive, error) {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	name := filepath.Join(t.TempDir(), "x.zip")
	testkit.Must(t, os.WriteFile(name, data, 0o600))
	a, err := archive.Open(name, limits)
	if err == nil {
		t.Cleanup(func() {
			testkit.Must(t, a.Close())
			if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
				t.Errorf("temporary files are left: %v, %v", left, err)
			}
		})
	}
	return a, err
}

// contents lists the files of an archive with what is in them.
func contents(t *testing.T, files fs.FS) (all []string) {
	t.Helper()
	testkit.Must(t, fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, name)
		all = append(all, name+"="+string(data))
		return err
	}))
	return all
}

// TestNames refuses names that lead out of the archive, and reads those of Windows and of programs in Chinese.
func TestNames(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("笔记/缓存.md")
	testkit.Must(t, err)
	a, err := open(t, packed(t, "a/b.md", "1", `win\dows\c.md`, "2", "../evil.md", "3", "/etc/passwd", "4", `..\..\evil.md`, "5", "a/../../x.md", "6", `C:\x.md`, "7",
		gbk, "8", "中文/二.md", "9", "a//b.md", "10", ".", "11", "a/b.md", "12", "a/b.md/c.md", "13", "folder/", "", "d/./e.md", "14"), archive.Default)
	testkit.Must(t, err)
	got := contents(t, a)
	want := []string{"a/b.md/c.md=13", "win/dows/c.md=2", "中文/二.md=9", "笔记/缓存.md=8"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if len(a.Refused) != 8 {
		t.Errorf("refused: %q", a.Refused)
	}
	for _, r := range a.Refused {
		if r.Reason != "its name leads out of the archive" {
			t.Errorf("%q", r)
		}
	}
}

// TestParts merges the parts of a large export, and no other archives.
func TestParts(t *testing.T) {
	other := packed(t, "deep.md", "x")
	first := packed(t, "Page 1.md", "1", "Export-Part-9.zip", string(other), "both.md", "first")
	second := packed(t, "Sub/Page 2.md", "2", "both.md", "second")
	a, err := open(t, packed(t, "Export-0a-Part-1.zip", string(first), "Export-0a-Part-2.zip", string(second), "Sub/attachment.zip", string(other)), archive.Default)
	testkit.Must(t, err)
	var names []string
	for _, c := range contents(t, a) {
		name, text, _ := strings.Cut(c, "=")
		names = append(names, name)
		if name == "both.md" && text != "first" {
			t.Errorf("both.md is %s", text)
		}
	}
	if want := []string{"Export-Part-9.zip", "Page 1.md", "Sub/Page 2.md", "Sub/attachment.zip", "both.md"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}

// TestBombs has archives that unpack to more than a limit, or that lie about it.
func TestBombs(t *testing.T) {
	zeros := strings.Repeat("\x00", 1<<20)
	limits := archive.Limits{Entries: 100, File: 1 << 20, Total: 3 << 20}
	var many []string
	for i := range 101 {
		many = append(many, fmt.Sprintf("%d.md", i), "x")
	}
	inner := packed(t, "a", zeros, "b", zeros)
	for name, data := range map[string][]byte{
		"total":   packed(t, "a", zeros, "b", zeros, "c", zeros, "d", zeros),
		"entries": packed(t, many...),
		"parts":   packed(t, "Export-Part-1.zip", string(inner), "Export-Part-2.zip", string(inner)),
	} {
		if _, err := open(t, data, limits); !errors.Is(err, archive.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	a, err := open(t, packed(t, "large.md", zeros+"x", "small.md", "x"), limits)
	testkit.Must(t, err)
	if len(a.Refused) != 1 || a.Refused[0].Name != "large.md" {
		t.Errorf("%q", a.Refused)
	}
	if got := contents(t, a); !slices.Equal(got, []string{"small.md=x"}) {
		t.Errorf("%q", got)
	}
}

// TestLies has a file that unpacks to more than its size in the directory of the archive.
func TestLies(t *testing.T) {
	data := packed(t, "a.md", strings.Repeat("x", 1<<16))
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	copy(data[at+24:], []byte{10, 0, 0, 0}) // the size
	a, err := open(t, data, archive.Default)
	testkit.Must(t, err)
	if text, err := fs.ReadFile(a, "a.md"); err == nil || len(text) > 10 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

func TestDamaged(t *testing.T) {
	for name, data := range map[string][]byte{"empty": nil, "text": []byte("no archive"), "cut": packed(t, "a.md", "x")[:40], "part": packed(t, "Export-Part-1.zip", "no archive")} {
		if _, err := open(t, data, archive.Default); err == nil {
			t.Errorf("%s is no error", name)
		}
	}
}

func TestEncrypted(t *testing.T) {
	data := packed(t, "a.md", "x")
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	data[at+8] |= 1
	a, err := open(t, data, archive.Default)
	testkit.Must(t, err)
	if len(a.Refused) != 1 || !strings.Contains(a.Refused[0].Reason, "encrypted") {
		t.Errorf("%q", a.Refused)
	}
}

// TestMany opens an archive of many files in little time.
func TestMany(t *testing.T) {
	var entries []string
	for i := range 20_000 {
		entries = append(entries, fmt.Sprintf("%d/%d.md", i%100, i), "x")
	}
	a, err := open(t, packed(t, entries...), archive.Default)
	testkit.Must(t, err)
	if n := len(contents(t, a)); n != 20_000 {
		t.Errorf("%d files", n)
	}
}
