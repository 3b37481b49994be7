package document

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/internal/errs"
	"docsquare/internal/fileuse"
	"docsquare/internal/text/markdown"
	"docsquare/internal/text/plaintext"
)

func conflict(d *ent.Document) error {
	e := errs.New(errs.Conflict, "The document was changed (current revision: %d). Reload, reapply your change and retry.", d.Revision)
	e.Field, e.Details = "expectedRevision", map[string]any{"revision": d.Revision}
	return e
}

// FileContent is what a stored file has for a document.
type FileContent struct {
	File     uuid.UUID
	Title    string
	Body     string
	Format   document.Format
	Summary  *string // nil: that of the text
	Category *string
	Tags     []string
}

// From makes the draft one of a file: with its text, and with what else it has where the draft has nothing. A text may be wanted as
// MD or TXT; any other format than the file's is BAD_USER_INPUT.
func (d *Draft) From(c FileContent, wanted *document.Format) error {
	format := c.Format
	d.File, d.Body, d.Format = &c.File, c.Body, format
	if strings.TrimSpace(d.Title) == "" {
		d.Title = c.Title
	}
	if d.Summary == nil {
		d.Summary = c.Summary
	}
	if d.Category == nil {
		d.Category = c.Category
	}
	if d.Tags == nil {
		d.Tags = c.Tags
	}
	if wanted == nil || *wanted == format {
		return nil
	}
	if !written(format) || !written(*wanted) {
		return errs.BadInput("format", "the file is %s and becomes such a document: leave the format out", format)
	}
	d.Format = *wanted
	return nil
}

// Check is the document that a draft describes, without an author, and its text.
func (d Draft) Check() (*ent.Document, string, error) {
	doc := &ent.Document{Title: strings.TrimSpace(d.Title), Format: d.Format, Visibility: d.Visibility, FileID: d.File, CoverID: d.Cover, AttachmentIds: distinctFiles(d.Attachments)}
	if d.Summary != nil {
		doc.Summary = strings.TrimSpace(*d.Summary)
	} else {
		doc.Summary = markdown.Describe(d.Format, d.Body).Summary
	}
	doc.Category = trimmed(d.Category)
	doc.Tags = distinct(d.Tags)
	if err := checkNames(doc); err != nil {
		return doc, d.Body, err
	}
	return doc, d.Body, check(doc, d.Body)
}

// apply is a document with the text kept as the change leaves it, and its text where a new revision is due.
func (c Change) apply(old *ent.Document, kept string) (*ent.Document, *string, error) {
	next := *old
	if c.Title != nil {
		next.Title = strings.TrimSpace(*c.Title)
	}
	if c.Summary != nil {
		next.Summary = strings.TrimSpace(*c.Summary)
	}
	if c.Format != nil {
		next.Format = *c.Format
	}
	if c.Visibility != nil {
		next.Visibility = *c.Visibility
	}
	if c.Category != nil {
		next.Category = trimmed(*c.Category)
	}
	if c.Tags != nil {
		next.Tags = distinct(c.Tags)
	}
	if c.Cover != nil {
		next.CoverID = *c.Cover
	}
	if c.Attachments != nil {
		next.AttachmentIds = distinctFiles(c.Attachments)
	}
	if err := checkNames(&next); err != nil {
		return nil, nil, err
	}
	body := kept
	if c.Body != nil {
		body = *c.Body
	}
	if next.Format != old.Format && (!written(old.Format) || !written(next.Format)) {
		return nil, nil, errs.BadInput("format", "the document is %s and stays so: create another one", old.Format)
	}
	if body != kept && !written(old.Format) {
		return nil, nil, errs.BadInput("body", "the text is that of a %s file: upload another one, and create a document of it", old.Format)
	}
	if body == kept && next.Title == old.Title && next.Summary == old.Summary {
		return &next, nil, check(&next, body)
	}
	return &next, &body, check(&next, body)
}

// written reports whether documents of the format have editable text, instead of a file that never changes.
func written(f document.Format) bool { return f == document.FormatMD || f == document.FormatTXT }

func check(d *ent.Document, body string) error {
	switch {
	case utf8.RuneCountInString(d.Summary) > plaintext.MaxSummary:
		return errs.BadInput("summary", "the summary may have up to %d characters", plaintext.MaxSummary)
	case len(body) > plaintext.MaxText:
		return errs.BadInput("body", "the text may have up to %d bytes, but has %d: split the document", plaintext.MaxText, len(body))
	case !plaintext.Readable(body):
		return errs.BadInput("body", "the text must be UTF-8 without NUL characters")
	case !written(d.Format) && d.FileID == nil:
		return errs.BadInput("format", "a text is written in MD or TXT; %s comes from an upload", d.Format)
	case len(d.AttachmentIds) > maxAttachments:
		return errs.BadInput("attachmentIds", "a document may have up to %d attachments, but here are %d", maxAttachments, len(d.AttachmentIds))
	case showsTooMuch(d, body):
		return errs.BadInput("body", "a text may show up to %d files: split the document", fileuse.MaxFiles)
	case len(d.Tags) > plaintext.MaxTags:
		return errs.BadInput("tags", "a document may have up to %d tags, but here are %d", plaintext.MaxTags, len(d.Tags))
	}
	return nil
}

// checkNames brings the title, the category and the tags of a document into the form of names.
func checkNames(d *ent.Document) (err error) {
	if d.Title, err = plaintext.Name(d.Title, plaintext.MaxTitle); err != nil {
		return errs.BadInput("title", "the title %v", err)
	}
	if d.Category != nil {
		category, err := plaintext.Name(*d.Category, plaintext.MaxCategory)
		if err != nil {
			return errs.BadInput("category", "the category %v", err)
		}
		d.Category = &category
	}
	names, known := make([]string, 0, len(d.Tags)), map[string]bool{}
	for _, tag := range d.Tags {
		name, err := plaintext.Name(tag, plaintext.MaxTag)
		if err != nil {
			return errs.BadInput("tags", "the tag %q %v", plaintext.Shorten(tag, plaintext.MaxTag), err)
		}
		if key := plaintext.TagKey(name); !known[key] {
			known[key] = true
			names = append(names, name)
		}
	}
	d.Tags = names
	return nil
}

func trimmed(text *string) *string {
	if text == nil || strings.TrimSpace(*text) == "" {
		return nil
	}
	t := strings.TrimSpace(*text)
	return &t
}

// distinct drops empty tags and doubles, and keeps the order.
func distinct(tags []string) []string {
	out := make([]string, 0, len(tags))
	for _, t := range tags {
		if t = strings.TrimSpace(t); t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}
