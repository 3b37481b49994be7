package extract_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"docsquare/internal/text/extract"
)

const wordStart = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` +
	`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`

const wordEnd = `</w:body></w:document>`

// part is one entry of a zip.
type part struct{ name, text string }

// docx is a Word document with this body.
func docx(tb testing.TB, body string) []byte {
	return zipOf(tb, part{"word/document.xml", wordStart + body + wordEnd})
}

func zipOf(tb testing.TB, parts ...part) []byte {
	tb.Helper()
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for _, p := range parts {
		entry, err := w.Create(p.name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(entry, p.text); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

// pdfOf is a PDF of these objects, counted from 1, which is the catalog.
func pdfOf(objects ...string) []byte {
	var file bytes.Buffer
	var starts []int
	file.WriteString("%PDF-1.4\n")
	for n, object := range objects {
		starts = append(starts, file.Len())
		fmt.Fprintf(&file, "%d 0 obj\n%s\nendobj\n", n+1, object)
	}
	table := file.Len()
	fmt.Fprintf(&file, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, start := range starts {
		fmt.Fprintf(&file, "%010d 00000 n \n", start)
	}
	fmt.Fprintf(&file, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return file.Bytes()
}

func stream(dictionary, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dictionary, len(data), data)
}

const helvetica = `<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>`

// page is a PDF of one page. Its font is object 5 and called F; more objects follow from 6.
func page(contents, font string, more ...string) []byte {
	return pdfOf(append([]string{
		`<</Type/Catalog/Pages 2 0 R>>`,
		`<</Type/Pages/Kids[3 0 R]/Count 1>>`,
		`<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>`,
		contents,
		font,
	}, more...)...)
}

// pages is a PDF with the same page many times.
func pages(count int, contents string) []byte {
	return pdfOf(
		`<</Type/Catalog/Pages 2 0 R>>`,
		fmt.Sprintf(`<</Type/Pages/Kids[%s]/Count %d>>`, strings.Repeat("3 0 R ", count), count),
		`<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>`,
		stream("", contents), helvetica,
	)
}

// packed is a compressed stream that repeats a text.
func packed(tb testing.TB, text string, times int) string {
	tb.Helper()
	var data bytes.Buffer
	w := zlib.NewWriter(&data)
	block := strings.Repeat(text, 1+(1<<16)/len(text))
	for written := 0; written < len(text)*times; written += len(block) {
		if _, err := io.WriteString(w, block); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return stream("/Filter/FlateDecode", data.String())
}

func stored(tb testing.TB, name string) []byte {
	tb.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return file
}

func extractor(tb testing.TB, l extract.Limits) *extract.Extractor {
	tb.Helper()
	x := extract.New(l, "")
	tb.Cleanup(x.Close)
	return x
}
