package importer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"path"
	"slices"
	"strings"

	entdocument "docsquare/ent/document"
	"docsquare/internal/cli/importer/source"
	"docsquare/internal/document"
	"docsquare/internal/nodeid"
	"docsquare/internal/text/markdown"
	"docsquare/internal/upload"
)

// maxBroken is how many links of a file the report names that lead nowhere.
const maxBroken = 20

// edit replaces a part of a text.
type edit struct {
	markdown.Span
	target target
	write  func(url string) string
}

// target is what a link leads to: a document, or a file.
type target struct {
	entry    *entry
	fragment string
	asset    *asset
}

// plan is how the links of a text change.
type plan struct {
	edits   []edit
	sum     string // of the targets; empty if there are none
	remarks []string
}

// plan finds the links of a text that lead to files of the source. Everything else stays as it is.
func (r *run) plan(ctx context.Context, e *entry, body string) (plan, error) {
	if e.draft.Format != entdocument.FormatMD {
		return plan{}, nil
	}
	places, limit, err := markdown.Locate(ctx, body, r.source.Foreign())
	if err != nil || limit != "" {
		if limit != "" {
			return plan{remarks: []string{"its links stay as they are: " + limit}}, nil
		}
		return plan{}, err
	}
	l := &linker{run: r, entry: e}
	for _, a := range places.Addresses {
		if err := l.address(ctx, a); err != nil {
			return plan{}, err
		}
	}
	for _, span := range places.Tokens {
		if err := l.token(ctx, span, body[span.Start:span.Stop]); err != nil {
			return plan{}, err
		}
	}
	return l.plan(), nil
}

// linker makes a plan.
type linker struct {
	*run
	entry  *entry
	edits  []edit
	broken []string
	notes  []string
}

// address plans the change of an address.
func (l *linker) address(ctx context.Context, a markdown.Address) error {
	t, ok, err := l.target(ctx, a.Text, a.Text)
	if err != nil || !ok {
		return err
	}
	write := escapeDestination
	if a.HTML {
		write = html.EscapeString
	}
	l.edits = append(l.edits, edit{a.Span, t, write})
	if a.Image >= 0 && t.entry != nil { // a document cannot be shown as an image
		l.edits = append(l.edits, edit{markdown.Span{Start: a.Image, Stop: a.Image + 1}, t, func(string) string { return "" }})
	}
	return nil
}

// token plans the change of a link in another syntax to one of Markdown.
func (l *linker) token(ctx context.Context, span markdown.Span, text string) error {
	token, ok := l.source.Token(text)
	if !ok {
		return nil
	}
	t, ok, err := l.target(ctx, token.Address, text)
	if err != nil || !ok {
		return err
	}
	l.edits = append(l.edits, edit{span, t, func(url string) string { return markdownOf(token, t, url) }})
	return nil
}

// markdownOf writes a token as Markdown.
func markdownOf(token source.Token, t target, url string) string {
	name := ""
	if t.asset != nil {
		name = path.Base(t.asset.path)
	} else {
		name = t.entry.page.Title
	}
	text := cmp.Or(token.Text, name)
	if t.entry != nil || !token.Embed {
		return "[" + escapeText(text) + "](" + escapeDestination(url) + ")"
	}
	if token.Width != "" {
		return `<img src="` + html.EscapeString(url) + `" alt="` + html.EscapeString(text) + `" width="` + html.EscapeString(token.Width) + `">`
	}
	title := ""
	if token.Title != "" {
		title = ` "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(token.Title) + `"`
	}
	return "![" + escapeText(text) + "](" + escapeDestination(url) + title + ")"
}

var textEscaper = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", `\<`)

func escapeText(text string) string { return textEscaper.Replace(text) }

var destinationEscaper = strings.NewReplacer("(", "%28", ")", "%29", `\`, "%5C", "<", "%3C", ">", "%3E", " ", "%20")

func escapeDestination(url string) string { return destinationEscaper.Replace(url) }

// target finds what an address means. It notes one that leads nowhere as it is written.
func (l *linker) target(ctx context.Context, address, written string) (t target, ok bool, err error) {
	ref := l.source.Resolve(l.entry.page, address)
	if len(ref.Candidates) == 0 {
		return t, false, nil
	}
	found, ok := l.index.find(l.entry.page, ref.Candidates)
	if !ok {
		l.broken = append(l.broken, written)
		return t, false, nil
	}
	if a := l.index.assets[found]; a != nil {
		a.linked = true
		if l.uploads == nil {
			return t, false, nil
		}
		if l.hash(a); a.failed != "" {
			l.notes = append(l.notes, "the linked file "+a.path+": "+a.failed)
			return t, false, nil
		}
		return target{asset: a}, true, nil
	}
	t.entry = l.index.entries[found]
	if ref.Fragment == "" {
		return t, true, nil
	}
	t.fragment, ok, err = l.fragment(ctx, t.entry, ref.Fragment)
	if !ok && err == nil {
		l.notes = append(l.notes, fmt.Sprintf("the link to %s: %s has no heading of this name", written, found))
	}
	return t, true, err
}

// fragment returns what leads to a heading of another document.
func (r *run) fragment(ctx context.Context, to *entry, fragment string) (string, bool, error) {
	if to.draft.Format != entdocument.FormatMD {
		return "", false, nil
	}
	anchors, known := r.anchors[to.page.Path]
	if !known {
		body, err := r.body(to)
		if err != nil {
			return "", false, err
		}
		if anchors, err = markdown.FindAnchors(ctx, body); err != nil {
			return "", false, err
		}
		r.anchors[to.page.Path] = anchors
	}
	id, ok := anchors.Fragment(fragment)
	return id, ok, nil
}

// plan returns what was planned, in the order of the text.
func (l *linker) plan() plan {
	slices.SortFunc(l.edits, func(a, b edit) int { return a.Start - b.Start })
	p := plan{edits: l.edits, remarks: l.notes}
	slices.Sort(l.broken)
	l.broken = slices.Compact(l.broken)
	for i, address := range l.broken {
		if i == maxBroken {
			p.remarks = append(p.remarks, fmt.Sprintf("%d more links lead nowhere and stay as they are", len(l.broken)-maxBroken))
			break
		}
		p.remarks = append(p.remarks, fmt.Sprintf("the link to %s leads nowhere and stays as it is", address))
	}
	return p
}

// summarise sets the sum of the targets. A file that could not be stored, but may be later, is not counted, so that the next import tries again.
func (p *plan) summarise(r *run, e *entry) {
	if len(p.edits) == 0 {
		return
	}
	sum := sha256.New()
	for _, edit := range p.edits {
		switch t := edit.target; {
		case t.entry != nil:
			_, _ = fmt.Fprintf(sum, "document %s#%s\n", t.entry.document, t.fragment) // never fails
		case !r.isPending(e, t.asset):
			_, _ = fmt.Fprintf(sum, "file %s\n", t.asset.sha256)
		}
	}
	p.sum = hex.EncodeToString(sum.Sum(nil))
}

// apply returns the text with its links changed. Files that they lead to are stored first.
func (r *run) apply(ctx context.Context, e *entry, p *plan, body string) (string, error) {
	var out strings.Builder
	at := 0
	for _, edit := range p.edits {
		url, reason, err := r.url(ctx, e, edit.target)
		if err != nil {
			return "", err
		}
		if reason != "" {
			p.remarks = append(p.remarks, fmt.Sprintf("the linked file %s: %s", edit.target.asset.path, reason))
			continue
		}
		if edit.Start < at {
			continue
		}
		out.WriteString(body[at:edit.Start])
		out.WriteString(edit.write(url))
		at = edit.Stop
	}
	out.WriteString(body[at:])
	slices.Sort(p.remarks)
	p.remarks = slices.Compact(p.remarks)
	return out.String(), nil
}

// url returns the address of a target in the text of an entry, or the reason why there is none.
func (r *run) url(ctx context.Context, e *entry, t target) (url, reason string, err error) {
	if t.asset != nil {
		id, reason, err := r.store(ctx, e.author.id, t.asset)
		return upload.Path + nodeid.ID{Type: nodeid.File, UUID: id}.String(), reason, err
	}
	url = document.PagePath + nodeid.ID{Type: nodeid.Document, UUID: t.entry.document}.String()
	switch {
	case t.fragment == "":
		return url, "", nil
	case t.entry == e:
		return "#" + t.fragment, "", nil
	}
	return url + "#" + t.fragment, "", nil
}
