package extract

import (
	"context"
	"strings"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// chunk is how many characters are taken out of the sandbox at a time: a page may claim millions.
const chunk = 32 << 10

// pdfReader reads one PDF with one instance of PDFium.
type pdfReader struct {
	ctx    context.Context
	pdf    pdfium.Pdfium
	limits Limits
	out    *collector
}

// read is the text of a file. Pages that cannot be loaded are passed over, as viewers do, unless it is all of them.
func (p *pdfReader) read(from *source) (Text, error) {
	opened, err := p.pdf.OpenDocument(&requests.OpenDocument{FileReader: from, FileReaderSize: from.size})
	if err != nil {
		return Text{}, err
	}
	document := opened.Document
	title := p.title(document)
	count, err := p.pdf.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: document})
	if err != nil {
		return Text{}, err
	}
	pages := min(count.PageCount, p.limits.Pages)
	lost := 0
	for n := 0; n < pages && !p.out.full; n++ {
		err := p.page(document, n)
		if cause := p.ctx.Err(); cause != nil {
			return Text{}, cause
		}
		if err != nil && !polite(err) {
			return Text{}, err
		}
		if err != nil {
			lost++
		}
	}
	if lost >= pages {
		return Text{}, fault(ErrDamaged, "none of its pages can be read; open it, save it again and upload the new copy")
	}
	// This lets go of what go-pdfium keeps about the file outside of the sandbox.
	if _, err := p.pdf.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: document}); err != nil {
		return Text{}, err
	}
	return Text{Body: p.out.String(), Title: title, Truncated: p.out.full || count.PageCount > pages}, nil
}

// title returns the title of the document, or "" if it has none: go-pdfium has no special error for that.
func (p *pdfReader) title(document references.FPDF_DOCUMENT) string {
	meta, err := p.pdf.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: document, Tag: "Title"})
	if err != nil {
		return ""
	}
	return titleOf(meta.Value)
}

// page writes the text of one page, counted from 0.
func (p *pdfReader) page(document references.FPDF_DOCUMENT, n int) error {
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: document, Index: n}}
	loaded, err := p.pdf.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		return err
	}
	count, err := p.pdf.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: loaded.TextPage})
	if err != nil {
		return err
	}
	// A character is a byte at least, and no more than every second one is left out, whatever the page claims.
	most := min(count.Count, 2*(p.limits.Text-p.out.text.Len()+1))
	var text strings.Builder
	for at := 0; at < most; at += chunk {
		part, err := p.pdf.FPDFText_GetText(&requests.FPDFText_GetText{
			TextPage: loaded.TextPage, StartIndex: at, Count: min(chunk, most-at),
		})
		if err != nil {
			return err
		}
		text.WriteString(part.Text)
	}
	if most < count.Count {
		defer func() { p.out.full = true }()
	}
	p.out.separate('\n')
	p.out.write(unwrap(text.String()))
	_, err = p.pdf.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: loaded.TextPage})
	return err
}
