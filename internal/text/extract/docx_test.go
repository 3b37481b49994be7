package extract_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"docsquare/internal/text/extract"
)

func p(text string) string { return `<w:p><w:r><w:t>` + text + `</w:t></w:r></w:p>` }

func cell(text string) string { return `<w:tc><w:tcPr><w:tcW w:w="1"/></w:tcPr>` + text + `</w:tc>` }

func TestDOCX(t *testing.T) {
	t.Parallel()
	x := extractor(t, extract.Limits{})
	for name, c := range map[string]struct{ body, want string }{
		"paragraphs":        {p("The first.") + p("The second."), "The first.\nThe second."},
		"Chinese":           {p("分布式缓存") + p("缓存击穿会让数据库过载。"), "分布式缓存\n缓存击穿会让数据库过载。"},
		"runs of one word":  {`<w:p><w:r><w:t>dis</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>tributed</w:t></w:r></w:p>`, "distributed"},
		"spaces":            {`<w:p><w:r><w:t xml:space="preserve">a </w:t></w:r><w:r><w:t>b</w:t></w:r></w:p>`, "a b"},
		"tabs and breaks":   {`<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:t>d</w:t></w:r></w:p>`, "a\tb\nc\nd"},
		"tabs of a style":   {`<w:p><w:pPr><w:tabs><w:tab w:pos="1"/></w:tabs></w:pPr><w:r><w:t>a</w:t></w:r></w:p>`, "a"},
		"hyphens":           {`<w:p><w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b&#173;c</w:t></w:r></w:p>`, "a-bc"},
		"empty paragraphs":  {`<w:p/><w:p></w:p>` + p("a") + `<w:p/><w:p/>` + p("b") + `<w:p/>`, "a\nb"},
		"entities":          {p("a &amp; b &lt; c &#20013;"), "a & b < c 中"},
		"deleted and moved": {`<w:p><w:del><w:r><w:delText>no</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>no</w:t></w:r></w:moveFrom><w:ins><w:r><w:t>yes</w:t></w:r></w:ins></w:p>`, "yes"},
		"field code":        {`<w:p><w:r><w:instrText>PAGE</w:instrText><w:t>7</w:t></w:r></w:p>`, "7"},
		"hidden text":       {`<w:p><w:r><w:t>x</w:t></w:r><w:r><w:rPr><w:b/><w:vanish/></w:rPr><w:t>密码</w:t><w:tab/></w:r><w:r><w:t>a</w:t></w:r></w:p>` + p("b"), "xa\nb"},
		"not hidden":        {`<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:rPr><w:vanish w:val="false"/></w:rPr><w:t>a</w:t></w:r></w:p>`, "a"},
		"hidden text box":   {`<w:p><w:r><w:rPr><w:vanish w:val="1"/></w:rPr><w:pict><w:p><w:r><w:t>no</w:t></w:r></w:p></w:pict></w:r><w:r><w:t>b</w:t></w:r></w:p>`, "b"},
		"reading":           {`<w:p><w:r><w:t>缓</w:t><w:ruby><w:rt><w:r><w:t>cún</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>存</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>`, "缓存"},
		"text box":          {`<w:p><w:r><w:t>out</w:t><AlternateContent><Choice><w:p><w:r><w:t>in</w:t></w:r></w:p></Choice><Fallback><w:p><w:r><w:t>in</w:t></w:r></w:p></Fallback></AlternateContent></w:r></w:p>`, "out\nin"},
		"table": {`<w:tbl><w:tr>` + cell(p("a")) + cell(p("b1")+p("b2")) + `</w:tr><w:tr>` + cell(p("c")) +
			cell(p("d")) + `</w:tr></w:tbl>` + p("after"), "a\tb1\nb2\nc\td\nafter"},
		"nothing":        {"", ""},
		"text elsewhere": {`loose<w:p><w:r>loose<w:t>a</w:t></w:r></w:p>`, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := docx(t, c.body)
			got, err := x.DOCX(t.Context(), bytes.NewReader(file), int64(len(file)))
			if want := (extract.Text{Body: c.want}); err != nil || got != want {
				t.Errorf("got %+v, %v; want %+v", got, err, want)
			}
		})
	}
}

func TestDOCXTitle(t *testing.T) {
	t.Parallel()
	x := extractor(t, extract.Limits{})
	const core = `<cp:coreProperties xmlns:cp="a" xmlns:dc="b"><dc:creator>x</dc:creator><dc:title>%s</dc:title></cp:coreProperties>`
	for name, c := range map[string]struct{ core, want string }{
		"title":   {fmt.Sprintf(core, "缓存 design"), "缓存 design"},
		"lines":   {fmt.Sprintf(core, " a\n\tb "), "a b"},
		"long":    {fmt.Sprintf(core, strings.Repeat("缓", 400)), strings.Repeat("缓", 170)},
		"none":    {`<a/>`, ""},
		"damaged": {`<a`, ""},
	} {
		file := zipOf(t, part{"docProps/core.xml", c.core}, part{"word/document.xml", wordStart + p("a") + wordEnd})
		got, err := x.DOCX(t.Context(), bytes.NewReader(file), int64(len(file)))
		if err != nil || got.Title != c.want || got.Body != "a" {
			t.Errorf("%s: got %+v, %v; want the title %q", name, got, err, c.want)
		}
	}
}

func TestDOCXHostile(t *testing.T) {
	t.Parallel()
	good := docx(t, p("a"))
	many := make([]part, 70_000)
	for n := range many {
		many[n].name = fmt.Sprint(n, "/")
	}
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"empty file":        {nil, extract.ErrDamaged},
		"garbage":           {bytes.Repeat([]byte("garbage "), 1000), extract.ErrDamaged},
		"PDF":               {[]byte("%PDF-1.4\n"), extract.ErrDamaged},
		"old or encrypted":  {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"), extract.ErrEncrypted},
		"encrypted entry":   {patch(good, "PK\x01\x02", 8, 1), extract.ErrEncrypted},
		"another zip":       {zipOf(t, part{"a.txt", "a"}), extract.ErrDamaged},
		"cut in the middle": {good[:len(good)/2], extract.ErrDamaged},
		"cut at the end":    {good[:len(good)-1], extract.ErrDamaged},
		"cut XML":           {zipOf(t, part{"word/document.xml", wordStart + "<w:p>"}), extract.ErrDamaged},
		"no XML":            {zipOf(t, part{"word/document.xml", "no <<< XML"}), extract.ErrDamaged},
		"DOCTYPE": {zipOf(t, part{"word/document.xml", `<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>` +
			wordStart + p("&c;") + wordEnd}), extract.ErrDamaged},
		"external entity": {docx(t, p("&passwd;")), extract.ErrDamaged},
		"other charset":   {zipOf(t, part{"word/document.xml", `<?xml version="1.0" encoding="GBK"?><a/>`}), extract.ErrDamaged},
		"bomb":            {bomb(t, strings.Repeat("<w:p/>", 1<<18), 4<<30), extract.ErrBomb},
		"bomb in title": {zipOf(t, part{"word/document.xml", wordStart + wordEnd},
			part{"docProps/core.xml", "<a>" + strings.Repeat("<b/>"+strings.Repeat(" ", 1<<16), 65)}), extract.ErrBomb},
		"zip in zip":        {docx(t, string(bomb(t, "<w:p/>", 1<<10))), extract.ErrDamaged},
		"many entries":      {zipOf(t, many[:10_001]...), extract.ErrBomb},
		"too many to list":  {zipOf(t, many...), extract.ErrBomb},
		"size too small":    {patch(good, "PK\x01\x02", 24, 1), extract.ErrDamaged},
		"size too large":    {patch(good, "PK\x01\x02", 24, 1<<30), extract.ErrBomb},
		"packed too large":  {patch(good, "PK\x01\x02", 20, 1<<30), extract.ErrDamaged},
		"count too large":   {patch(good, "PK\x05\x06", 10, 0xfffe), extract.ErrDamaged},
		"nested":            {docx(t, strings.Repeat("<w:p>", 100_000)+strings.Repeat("</w:p>", 100_000)), extract.ErrBomb},
		"many attributes":   {docx(t, "<w:p"+strings.Repeat(` a=""`, 1<<20)+"/>"), extract.ErrBomb},
		"one giant text":    {docx(t, "<w:delText>"+strings.Repeat("a", 2<<20)+"</w:delText>"), extract.ErrBomb},
		"one giant comment": {docx(t, "<!--"+strings.Repeat("a", 2<<20)+"-->"), extract.ErrBomb},
	} {
		t.Run(name, func(t *testing.T) {
			x := extractor(t, extract.Limits{Unpacked: 4 << 20})
			got, err := x.DOCX(t.Context(), bytes.NewReader(c.file), int64(len(c.file)))
			if !errors.Is(err, c.want) || got != (extract.Text{}) {
				t.Errorf("got %.100q, %v; want %v", got.Body, err, c.want)
			}
		})
	}
}

// patch changes a field of the last header with this signature.
func patch(file []byte, signature string, at int, value uint32) []byte {
	file = bytes.Clone(file)
	at += bytes.LastIndex(file, []byte(signature))
	if value > 0xffff || at+4 < len(file) && signature != "PK\x05\x06" && value != 1 {
		binary.LittleEndian.PutUint32(file[at:], value)
	} else {
		binary.LittleEndian.PutUint16(file[at:], uint16(value))
	}
	return file
}

func TestDOCXLimits(t *testing.T) {
	t.Parallel()
	long := docx(t, strings.Repeat(p("缓存 ab"), 100))
	t.Run("text", func(t *testing.T) {
		t.Parallel()
		for limit := 1; limit < 40; limit++ {
			x := extractor(t, extract.Limits{Text: limit})
			got, err := x.DOCX(t.Context(), bytes.NewReader(long), int64(len(long)))
			whole := strings.TrimSuffix(strings.Repeat("缓存 ab\n", 100), "\n")
			if err != nil || !got.Truncated || len(got.Body) > limit || !strings.HasPrefix(whole, got.Body) {
				t.Errorf("limit %d: got %q, %t, %v", limit, got.Body, got.Truncated, err)
			}
		}
	})
	t.Run("text ends the reading of a bomb", func(t *testing.T) {
		t.Parallel()
		file := bomb(t, strings.Repeat(p("text"), 1<<12), 4<<30)
		if _, err := extractor(t, extract.Limits{}).DOCX(t.Context(), bytes.NewReader(file), int64(len(file))); !errors.Is(err, extract.ErrBomb) {
			t.Errorf("one that says so: %v", err)
		}
		got, err := extractor(t, extract.Limits{Unpacked: 8 << 30}).DOCX(t.Context(), bytes.NewReader(file), int64(len(file)))
		if err != nil || !got.Truncated || len(got.Body) > extract.Default.Text {
			t.Errorf("got %d bytes, %t, %v", len(got.Body), got.Truncated, err)
		}
	})
	t.Run("time", func(t *testing.T) {
		t.Parallel()
		file := bomb(t, strings.Repeat("<w:p/>", 1<<18), 4<<30)
		x := extractor(t, extract.Limits{Time: 20 * time.Millisecond, Unpacked: 1 << 40})
		if _, err := x.DOCX(t.Context(), bytes.NewReader(file), int64(len(file))); !errors.Is(err, extract.ErrTooSlow) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		file := bomb(t, strings.Repeat("<w:p/>", 1<<18), 4<<30)
		x := extractor(t, extract.Limits{Unpacked: 1 << 40})
		for _, after := range []time.Duration{0, 20 * time.Millisecond} {
			ctx, cancel := context.WithTimeout(t.Context(), after)
			_, err := x.DOCX(ctx, bytes.NewReader(file), int64(len(file)))
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, extract.ErrTooSlow) {
				t.Errorf("got %v", err)
			}
		}
	})
}
