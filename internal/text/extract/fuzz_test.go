package extract_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"docsquare/internal/text/extract"
)

// check holds for whatever is extracted from whatever file.
func check(t *testing.T, x *extract.Extractor, format extract.Format, file []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	text, err := x.Extract(ctx, format, bytes.NewReader(file), int64(len(file)))
	if errors.Is(err, context.DeadlineExceeded) {
		t.Error("the limit of time does not hold")
	}
	if err != nil && text != (extract.Text{}) {
		t.Errorf("text %q together with the error %v", text.Body, err)
	}
	for _, s := range []string{text.Body, text.Title} {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			t.Errorf("no plain text: %q", s)
		}
	}
	if len(text.Body) > maxText {
		t.Errorf("%d bytes of text", len(text.Body))
	}
}

func FuzzDOCX(f *testing.F) {
	f.Add(docx(f, p("a 缓存")))
	f.Add(docx(f, `<w:tbl><w:tr>`+cell(p("a"))+cell(p("b"))+`</w:tr></w:tbl>`))
	f.Add(zipOf(f, part{"docProps/core.xml", "<title>a</title>"}, part{"word/document.xml", "<t>a</t>"}))
	f.Add([]byte(wordStart + p("a<![CDATA[b]]>") + wordEnd))
	x := extractor(f, extract.Limits{Text: maxText, Unpacked: 1 << 20})
	f.Fuzz(func(t *testing.T, file []byte) {
		check(t, x, extract.DOCX, file)
		// Chance finds no valid zip, so the same bytes are the body of one.
		check(t, x, extract.DOCX, zipOf(t, part{"word/document.xml", string(file)}, part{"docProps/core.xml", string(file)}))
	})
}

func FuzzPDF(f *testing.F) {
	f.Add(page(stream("", "BT /F 12 Tf 72 700 Td (Hello) Tj ET"), helvetica))
	f.Add(page(stream("", "BT /F 12 Tf 72 700 Td (ABCDE) Tj ET"),
		`<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>`, stream("", toUnicode)))
	chinese := song("UniGB-UCS2-H")
	f.Add(page(stream("", "BT /F 12 Tf 72 700 Td <7F135B58> Tj ET"), chinese[0], chinese[1:]...))
	// A fuzzer takes ten seconds for hanging, and to compile the sandbox may take as long.
	file := stored(f, "english.pdf")
	if _, err := shared().PDF(f.Context(), bytes.NewReader(file), int64(len(file))); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, file []byte) { check(t, shared(), extract.PDF, file) })
}
