package extract

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"path"
	"slices"
	"strings"
)

// The names that Word gives to parts. Other programs choose others, and name them by relationships (ECMA-376, part 2).
const (
	rootPart  = "_rels/.rels"
	bodyPart  = "word/document.xml"
	titlePart = "docprops/core.xml"
)

// surrounding are the parts around the text, by the ends of the types of their relationships, in the order in which they are read.
var surrounding = []string{"footnotes", "endnotes", "comments", "header", "footer"}

// docxPackage is the parts of one DOCX.
type docxPackage struct {
	extractor *Extractor
	files     map[string]*zip.File // by name: see partName
	names     []string             // in the order of the file
	left      int64                // bytes that may still be unpacked
}

func newPackage(x *Extractor, files []*zip.File) *docxPackage {
	p := &docxPackage{extractor: x, files: make(map[string]*zip.File, len(files)), left: x.limits.Unpacked}
	for _, f := range files {
		if name := partName("/", f.Name); p.files[name] == nil {
			p.files[name] = f
			p.names = append(p.names, name)
		}
	}
	return p
}

// partName is the name of a part that another one in a folder refers to. Names differ neither in case nor in the kind of their slashes.
func partName(folder, target string) string {
	target = strings.ToLower(strings.ReplaceAll(target, "\\", "/"))
	if !strings.HasPrefix(target, "/") {
		target = folder + "/" + target
	}
	return strings.TrimPrefix(path.Clean("/"+target), "/")
}

// main returns the names of the part with the text, and of the one with the title.
func (p *docxPackage) main(ctx context.Context) (body, title string, err error) {
	related, err := p.related(ctx, rootPart, "/")
	if err != nil {
		return "", "", err
	}
	body, title = bodyPart, titlePart
	for _, r := range related {
		switch r.kind {
		case "officedocument":
			body = r.target
		case "core-properties":
			title = r.target
		}
	}
	if p.files[body] == nil {
		return "", "", fault(ErrDamaged, "it is no Word document; save it again as .docx")
	}
	return body, title, nil
}

// around returns the names of the parts around the text. If a package does not say which belong to the text, those with the names that Word gives
// them do.
func (p *docxPackage) around(ctx context.Context, body string) ([]string, error) {
	folder := path.Dir(body)
	rels := path.Join(folder, "_rels", path.Base(body)+".rels")
	related, err := p.related(ctx, rels, "/"+folder)
	if err != nil {
		return nil, err
	}
	if p.files[rels] == nil {
		for _, name := range p.names {
			if kind, ok := strings.CutSuffix(path.Base(name), ".xml"); ok && path.Dir(name) == folder {
				related = append(related, relationship{strings.TrimRight(kind, "0123456789"), name})
			}
		}
	}
	var names []string
	for _, kind := range surrounding {
		for _, r := range related {
			if r.kind == kind && r.target != body && p.files[r.target] != nil && !slices.Contains(names, r.target) {
				names = append(names, r.target)
			}
		}
	}
	return names, nil
}

// related returns the relationships that a part lists, none if it is missing or damaged. Their targets are seen from a folder.
func (p *docxPackage) related(ctx context.Context, name, folder string) ([]relationship, error) {
	list := &relationships{folder: folder, most: len(p.names)}
	if err := p.read(ctx, name, list); err != nil && !errors.Is(err, ErrDamaged) {
		return nil, err
	}
	return list.list, nil
}

// read reads a part; one that is missing is empty.
func (p *docxPackage) read(ctx context.Context, name string, to partReader) error {
	file := p.files[name]
	if file == nil {
		return nil
	}
	if file.UncompressedSize64 > uint64(p.extractor.limits.Unpacked) { //nolint:gosec // a limit is positive
		return fault(ErrBomb, "it says itself that it unpacks to gigabytes; save it again in a simpler form")
	}
	return p.extractor.part(ctx, file, &p.left, to)
}

// relationship is a relationship of one part to another.
type relationship struct {
	kind   string // the end of its type, in lower case
	target string
}

// relationships reads the relationships of a part.
type relationships struct {
	folder string
	most   int
	list   []relationship
}

func (r *relationships) start(e xml.StartElement) {
	if e.Name.Local != "Relationship" {
		return
	}
	values := map[string]string{}
	for _, a := range e.Attr {
		values[a.Name.Local] = a.Value
	}
	if strings.EqualFold(values["TargetMode"], "External") {
		return
	}
	r.list = append(r.list, relationship{strings.ToLower(path.Base(values["Type"])), partName(r.folder, values["Target"])})
}

func (r *relationships) end(string) {}

func (r *relationships) text(string) {}

// done reports whether there are more relationships than parts, which no program writes.
func (r *relationships) done() bool { return len(r.list) > r.most }
