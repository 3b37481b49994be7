package extract_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"docsquare/internal/text/extract"
)

const typePrefix = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

// rels lists relationships: pairs of the end of a type and a target.
func rels(pairs ...string) string {
	var out strings.Builder
	out.WriteString(`<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i := 0; i < len(pairs); i += 2 {
		out.WriteString(`<Relationship Id="r` + pairs[i+1] + `" Type="` + typePrefix + pairs[i] + `" Target="` + pairs[i+1] + `"/>`)
	}
	return out.String() + "</Relationships>"
}

func notes(name, text string) string {
	return `<w:` + name + ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:id="2">` + p(text) + `</w:footnote></w:` + name + `>`
}

func utf16Of(text string, big, mark bool) string {
	var out bytes.Buffer
	units := utf16.Encode([]rune(text))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	for _, u := range units {
		if big {
			out.WriteByte(byte(u >> 8))
		}
		out.WriteByte(byte(u))
		if !big {
			out.WriteByte(byte(u >> 8))
		}
	}
	return out.String()
}

// TestDOCXParts has packages as other programs than Word write them.
func TestDOCXParts(t *testing.T) {
	t.Parallel()
	x := extractor(t, extract.Limits{})
	body := wordStart + p("text") + wordEnd
	wide := `<?xml version="1.0" encoding="UTF-16" standalone="yes"?>` + strings.TrimPrefix(wordStart, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`) + p("文本") + wordEnd
	const root, main = "_rels/.rels", "word/document.xml"
	for name, c := range map[string]struct {
		parts []part
		want  string
	}{
		"another name":            {[]part{{root, rels("officeDocument", "word/document2.xml")}, {"word/document2.xml", body}}, "text"},
		"another folder":          {[]part{{root, rels("officeDocument", "/Content/Main.xml")}, {"content/main.xml", body}}, "text"},
		"strict":                  {[]part{{root, strings.ReplaceAll(rels("officeDocument", "a.xml"), typePrefix, "http://purl.oclc.org/ooxml/officeDocument/relationships/")}, {"a.xml", body}}, "text"},
		"no relationships":        {[]part{{main, body}}, "text"},
		"damaged relationships":   {[]part{{root, "<Relationships"}, {main, body}}, "text"},
		"backslashes":             {[]part{{`_rels\.rels`, rels("officeDocument", `word\document.xml`)}, {`word\document.xml`, body}, {`word\footnotes.xml`, notes("footnotes", "a note")}}, "text\na note"},
		"a leading slash":         {[]part{{"/" + root, rels("officeDocument", "/word/document.xml")}, {"/" + main, body}}, "text"},
		"case":                    {[]part{{"_Rels/.RELS", rels("officeDocument", "Word/Document.xml")}, {"WORD/document.XML", body}}, "text"},
		"footnotes by name":       {[]part{{main, body}, {"word/footnotes.xml", notes("footnotes", "a note")}}, "text\na note"},
		"endnotes, comments":      {[]part{{main, body}, {"word/comments.xml", notes("comments", "评论")}, {"word/endnotes.xml", notes("endnotes", "尾注")}}, "text\n尾注\n评论"},
		"headers and footers":     {[]part{{main, body}, {"word/header1.xml", notes("hdr", "页眉")}, {"word/header12.xml", notes("hdr", "other")}, {"word/footer1.xml", notes("ftr", "foot")}}, "text\n页眉\nother\nfoot"},
		"by relationships":        {[]part{{main, body}, {"word/_rels/document.xml.rels", rels("footnotes", "notes/f.xml", "header", "../h.xml")}, {"word/notes/f.xml", notes("footnotes", "a note")}, {"h.xml", notes("hdr", "head")}, {"word/footer1.xml", notes("ftr", "unrelated")}}, "text\na note\nhead"},
		"a missing part":          {[]part{{main, body}, {"word/_rels/document.xml.rels", rels("footnotes", "gone.xml", "image", "a.png")}}, "text"},
		"a damaged part":          {[]part{{main, body}, {"word/footnotes.xml", "<w:footnotes"}, {"word/endnotes.xml", notes("endnotes", "end")}}, "text\nend"},
		"itself":                  {[]part{{main, body}, {"word/_rels/document.xml.rels", rels("footnotes", "document.xml", "header", "../word/document.xml")}}, "text"},
		"UTF-16, little endian":   {[]part{{main, utf16Of(wide, false, true)}}, "文本"},
		"UTF-16, big endian":      {[]part{{main, utf16Of(wide, true, true)}}, "文本"},
		"UTF-16 without a mark":   {[]part{{main, utf16Of(wide, false, false)}}, "文本"},
		"UTF-8 with a mark":       {[]part{{main, "\xef\xbb\xbf" + body}}, "text"},
		"relationships in UTF-16": {[]part{{root, utf16Of(strings.Replace(rels("officeDocument", "a.xml"), `"1.0"`, `"1.0" encoding="utf-16"`, 1), true, true)}, {"a.xml", body}}, "text"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := zipOf(t, c.parts...)
			got, err := x.DOCX(t.Context(), bytes.NewReader(file), int64(len(file)))
			if err != nil || got.Body != c.want {
				t.Errorf("got %q, %v; want %q", got.Body, err, c.want)
			}
		})
	}
}

// TestDOCXHostileParts has packages whose parts around the text do harm.
func TestDOCXHostileParts(t *testing.T) {
	t.Parallel()
	body := part{"word/document.xml", wordStart + p("text") + wordEnd}
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"no text":                 {zipOf(t, part{"_rels/.rels", rels("officeDocument", "gone.xml")}), extract.ErrDamaged},
		"a workbook":              {zipOf(t, part{"_rels/.rels", rels("officeDocument", "xl/workbook.xml")}), extract.ErrDamaged},
		"a bomb of notes":         {zipOf(t, body, part{"word/footnotes.xml", "<a>" + strings.Repeat("<b/>"+strings.Repeat(" ", 1<<16), 65)}), extract.ErrBomb},
		"a bomb in UTF-16":        {zipOf(t, part{body.name, utf16Of("<a>"+strings.Repeat("<b/>"+strings.Repeat(" ", 1<<15), 130), false, true)}), extract.ErrBomb},
		"nested notes":            {zipOf(t, body, part{"word/footnotes.xml", strings.Repeat("<p>", 300)}), extract.ErrBomb},
		"a bomb of relationships": {zipOf(t, body, part{"_rels/.rels", "<a>" + strings.Repeat("<b/>"+strings.Repeat(" ", 1<<16), 65)}), extract.ErrBomb},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := extractor(t, extract.Limits{Unpacked: 4 << 20})
			if got, err := x.DOCX(t.Context(), bytes.NewReader(c.file), int64(len(c.file))); !errors.Is(err, c.want) {
				t.Errorf("got %.100q, %v; want %v", got.Body, err, c.want)
			}
		})
	}
}

// TestTitlesOfPrograms drops titles that no person has given.
func TestTitlesOfPrograms(t *testing.T) {
	t.Parallel()
	x := extractor(t, extract.Limits{})
	for title, want := range map[string]string{
		"Microsoft Word - x.doc": "", "Microsoft Word - 季度报告.docx": "", "Microsoft PowerPoint - Talk": "", "microsoft word – draft": "", "WPS 文字 - 论文.wps": "",
		"report.indd": "", "final version 2.docx": "", "论文终稿.doc": "", "paper.dvi": "", "Untitled": "", "untitled document": "", "无标题": "", "未命名文档": "", "新建 Microsoft Word 文档": "", "Document1": "", "Presentation 2": "",
		"文档 1": "", "PowerPoint Presentation": "", "PowerPoint 演示文稿": "", "(anonymous)": "", "---": "", "[Title]": "", "Word Document": "",
		"Introduction to Node.js": "Introduction to Node.js", "Microsoft Word for beginners": "Microsoft Word for beginners", "缓存设计": "缓存设计", "Untitled Goose Game": "Untitled Goose Game", "The Document Object Model": "The Document Object Model",
		"C++ 17": "C++ 17", "Titles": "Titles", "新建筑": "新建筑", "文档规范": "文档规范", "Word and Object": "Word and Object", "RFC 2119": "RFC 2119",
	} {
		core := `<cp:coreProperties xmlns:cp="a" xmlns:dc="b"><dc:title>` + title + `</dc:title></cp:coreProperties>`
		file := zipOf(t, part{"docProps/core.xml", core}, part{"word/document.xml", wordStart + p("a") + wordEnd})
		if got, err := x.DOCX(t.Context(), bytes.NewReader(file), int64(len(file))); err != nil || got.Title != want {
			t.Errorf("%q: got the title %q, %v; want %q", title, got.Title, err, want)
		}
	}
}
