package extract_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"docsquare/internal/text/extract"
)

// toUnicode maps A to an emoji, B to a rare character, C to a ligature, D to a radical and E to NUL.
const toUnicode = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
5 beginbfchar <41> <D83DDE00> <42> <D842DFB7> <43> <FB01> <44> <2F42> <45> <0000> endbfchar endcmap end end`

// song is an object that is a Chinese font of the viewer, which is not in the file, and the two that it needs.
func song(encoding string) []string {
	return []string{
		`<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/` + encoding + `/DescendantFonts[6 0 R]>>`,
		`<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo` +
			`<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R>>`,
		`<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 0 1000 1000]` +
			`/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>`,
	}
}

func gbk(tb testing.TB, text string) string {
	tb.Helper()
	encoded, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return hex.EncodeToString(encoded)
}

// TestPDFFirst gives up while the sandbox is compiled, unless another test was faster.
func TestPDFFirst(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	file := stored(t, "english.pdf")
	if _, err := shared().PDF(ctx, bytes.NewReader(file), int64(len(file))); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestPDFCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	file := stored(t, "english.pdf")
	if _, err := shared().PDF(ctx, bytes.NewReader(file), int64(len(file))); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPDF(t *testing.T) {
	t.Parallel()
	english := extract.Text{Title: "Release notes", Body: "Release notes\nThe final cache is fast.\nIt serves 1,234 reads."}
	chinese := song("GBK-EUC-H")
	for name, c := range map[string]struct {
		file []byte
		want extract.Text
	}{
		"English":    {stored(t, "english.pdf"), english},
		"restricted": {stored(t, "restricted.pdf"), english},
		"Chinese": {stored(t, "chinese.pdf"), extract.Text{
			Title: "分布式缓存",
			Body:  "分布式缓存\n缓存击穿会让数据库过载，\n数据库过载会让缓存击穿。\nGo 中文缓存。",
		}},
		"Chinese of the viewer's font": {page(stream("", "BT /F 12 Tf 72 700 Td <"+gbk(t, "分布式缓存 hello")+"> Tj ET"),
			chinese[0], chinese[1:]...), extract.Text{Body: "分布式缓存 hello"}},
		"wrapped Chinese": {page(stream("", "BT /F 12 Tf 72 700 Td <"+gbk(t, "数据库")+"> Tj 0 -30 Td <"+
			gbk(t, "缓存击穿会让数据库过")+"> Tj 0 -14 Td <"+gbk(t, "载。缓存失效")+"> Tj ET"),
			chinese[0], chinese[1:]...), extract.Text{Body: "数据库\n缓存击穿会让数据库过载。缓存失效"}},
		"hyphens": {
			page(stream("", "BT /F 12 Tf 72 700 Td (A distri-) Tj 0 -14 Td (buted cache.) Tj ET"), helvetica),
			extract.Text{Body: "A distributed cache."},
		},
		"odd characters": {
			page(stream("", "BT /F 12 Tf 72 700 Td (ABCDE x) Tj ET"),
				`<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>`, stream("", toUnicode)),
			extract.Text{Body: "😀𠮷fi文 x"},
		},
		"pages":    {pages(3, "BT /F 12 Tf 72 700 Td (page) Tj ET"), extract.Text{Body: "page\npage\npage"}},
		"no text":  {page(stream("", "0 0 m"), helvetica), extract.Text{}},
		"preamble": {append([]byte("mail header\n"), page(stream("", "BT /F 12 Tf 9 9 Td (a) Tj ET"), helvetica)...), extract.Text{Body: "a"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := shared().PDF(t.Context(), bytes.NewReader(c.file), int64(len(c.file)))
			if err != nil || got != c.want {
				t.Errorf("got %+v, %v; want %+v", got, err, c.want)
			}
		})
	}
}

func TestPDFHostile(t *testing.T) {
	t.Parallel()
	english := stored(t, "english.pdf")
	hello := "BT /F 12 Tf 72 700 Td (Hello) Tj ET"
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"empty file":          {nil, extract.ErrDamaged},
		"garbage":             {bytes.Repeat([]byte("garbage "), 1000), extract.ErrDamaged},
		"garbage with a head": {append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("1 0 obj << "), 10_000)...), extract.ErrDamaged},
		"only the head":       {[]byte("%PDF-1.7"), extract.ErrDamaged},
		"cut at 300 bytes":    {english[:300], extract.ErrDamaged},
		"cut in the middle":   {english[:len(english)/2], extract.ErrDamaged},
		"cut near the end":    {english[:len(english)-200], extract.ErrDamaged},
		"encrypted":           {stored(t, "encrypted.pdf"), extract.ErrEncrypted},
		"no pages":            {pages(0, hello), extract.ErrDamaged},
		"pages in a circle": {
			pdfOf(`<</Type/Catalog/Pages 2 0 R>>`, `<</Type/Pages/Kids[2 0 R 2 0 R]/Count 20>>`),
			extract.ErrDamaged,
		},
		"two billion pages": {bytes.Replace(pages(1, hello), []byte("Count 1>>"), []byte("Count 2000000000>>"), 1), nil},
		"nested arrays":     {page(stream("", strings.Repeat("[", 1<<20)+hello), helvetica), nil},
		"forms in a circle": {page(stream("", "/X Do"), helvetica, stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]"+
			"/Resources<</XObject<</X 6 0 R>>>>", "/X Do /X Do")), extract.ErrBomb},
		"bomb": {page(packed(t, " ", 200<<20), helvetica), extract.ErrBomb},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := shared().PDF(t.Context(), bytes.NewReader(c.file), int64(len(c.file)))
			if !errors.Is(err, c.want) {
				t.Errorf("got %.100q, %v; want %v", got.Body, err, c.want)
			}
		})
	}
}

func TestPDFLimits(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("all pages ", 6)[:59] + "\n"
	text := "BT /F 9 Tf 72 700 Td " + strings.Repeat("("+line[:59]+") Tj 0 -10 Td ", 60) + " ET"
	for name, c := range map[string]struct {
		file []byte
		want extract.Text
	}{
		"pages":      {pages(maxPages+1, "BT /F 9 Tf 72 700 Td (a) Tj ET"), extract.Text{Body: strings.Repeat("a\n", maxPages-1) + "a", Truncated: true}},
		"whole text": {page(stream("", text), helvetica), extract.Text{Body: strings.Repeat(line, 59) + line[:59]}},
		"text":       {pages(2, text), extract.Text{Body: strings.Repeat(line, maxText/60) + strings.TrimSpace(line[:maxText%60]), Truncated: true}},
	} {
		got, err := shared().PDF(t.Context(), bytes.NewReader(c.file), int64(len(c.file)))
		if err != nil || got != c.want {
			t.Errorf("%s: got %+v, %v; want %+v", name, got, err, c.want)
		}
	}
}

// TestPDFRunaway ends files that would take long and shows that the next file works.
func TestPDFRunaway(t *testing.T) {
	t.Parallel()
	read := func(ctx context.Context, file []byte) error {
		_, err := shared().PDF(ctx, bytes.NewReader(file), int64(len(file)))
		return err
	}
	good := stored(t, "english.pdf")
	if err := read(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	slow := page(packed(t, "q Q ", 2<<20), helvetica)
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		if err := read(ctx, slow); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, extract.ErrTooSlow) {
			t.Errorf("got %v", err)
		}
		if err := read(ctx, good); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		cancel()
		if err := read(t.Context(), good); err != nil {
			t.Error(err)
		}
	}
	if err := read(t.Context(), slowPages(t)); !errors.Is(err, extract.ErrTooSlow) {
		t.Errorf("got %v", err)
	}
	if err := read(t.Context(), good); err != nil {
		t.Error(err)
	}
}

// slowPages takes longer than the limit for all of its pages, but little memory for each.
func slowPages(tb testing.TB) []byte {
	tb.Helper()
	file := pages(maxPages, "PLACE")
	return bytes.Replace(file, []byte(stream("", "PLACE")), []byte(packed(tb, "q Q ", 3<<20)), 1)
}

func TestPDFConcurrently(t *testing.T) {
	t.Parallel()
	file := stored(t, "chinese.pdf")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 4 {
				got, err := shared().Extract(t.Context(), extract.PDF, bytes.NewReader(file), int64(len(file)))
				if err != nil || got.Title != "分布式缓存" {
					t.Errorf("got %+v, %v", got, err)
				}
			}
		})
	}
	all.Wait()
}

// TestClose closes an extractor that has not read a PDF; the shared one is closed by TestMain.
func TestClose(t *testing.T) {
	t.Parallel()
	x := extract.New(extract.Limits{}, "")
	var all sync.WaitGroup
	all.Go(x.Close)
	all.Go(x.Close)
	all.Wait()
	file := stored(t, "english.pdf")
	if _, err := x.PDF(t.Context(), bytes.NewReader(file), int64(len(file))); err == nil {
		t.Error("a closed extractor reads a PDF")
	}
}

// failing is a file on a broken disk.
type failing struct{ io.ReaderAt }

func (f failing) ReadAt(p []byte, at int64) (int, error) {
	if at > 1000 {
		return 0, io.ErrClosedPipe
	}
	return f.ReaderAt.ReadAt(p, at)
}

func TestFailingReader(t *testing.T) {
	t.Parallel()
	for format, file := range map[extract.Format][]byte{
		extract.PDF:  stored(t, "english.pdf"),
		extract.DOCX: zipOf(t, part{"a", strings.Repeat("a", 1000)}, part{"word/document.xml", "<a/>"}),
	} {
		if format == extract.DOCX {
			file = append(bytes.Repeat([]byte("PK"), 2000), file...)
		}
		_, err := shared().Extract(t.Context(), format, failing{bytes.NewReader(file)}, int64(len(file)))
		if !errors.Is(err, io.ErrClosedPipe) || errors.Is(err, extract.ErrDamaged) {
			t.Errorf("%s: got %v", format, err)
		}
	}
}
