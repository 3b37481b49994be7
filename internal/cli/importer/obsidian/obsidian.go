// Package obsidian reads vaults of Obsidian: wiki links, embedded files, tags in the text, aliases.
package obsidian

import (
	"context"
	"encoding/json"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"docsquare/internal/cli/importer/comment"
	"docsquare/internal/cli/importer/source"
	"docsquare/internal/text/markdown"
)

const settingsFolder = ".obsidian"

// vault is a vault of Obsidian.
type vault struct {
	source.Folder
	publishing publishing
	templates  string // the folder of templates; empty: none
}

// Detect returns the source of a tree that is a vault, and nil for any other tree. The author of its notes has the name of the vault.
func Detect(tree fs.FS, name string) source.Source {
	if info, err := fs.Stat(tree, settingsFolder); err != nil || !info.IsDir() {
		return nil
	}
	v := &vault{Folder: source.Folder{Tree: tree, Label: "Obsidian", Author: name}}
	if data, err := fs.ReadFile(tree, settingsFolder+"/templates.json"); err == nil {
		var settings struct{ Folder string }
		if json.Unmarshal(data, &settings) == nil {
			v.templates = strings.Trim(settings.Folder, "/")
		}
	}
	v.publishing = readPublishing(tree)
	return v
}

// Hidden implements source.Source.
func (v *vault) Hidden(p source.Page) string { return v.publishing.reason(p) }

// Skip implements source.Source.
func (v *vault) Skip(name string, isFolder bool) string {
	switch {
	case v.templates != "" && (name == v.templates || strings.HasPrefix(name, v.templates+"/")):
		return "it holds templates"
	case strings.HasSuffix(strings.ToLower(name), ".excalidraw.md"):
		return "it is a drawing"
	}
	return source.Unwanted(name, isFolder)
}

// Text implements source.Source.
func (v *vault) Text(_, text string) string { return comment.Remove(text, comment.Obsidian) }

// Names implements source.Source: a file is found by the end of its path, and a note by its aliases.
func (v *vault) Names(p source.Page) (names []string) {
	name := p.Path
	if strings.EqualFold(path.Ext(name), ".md") {
		name = strings.TrimSuffix(name, path.Ext(name))
	}
	for {
		names = append(names, "note:"+name)
		_, rest, deeper := strings.Cut(name, "/")
		if !deeper {
			break
		}
		name = rest
	}
	for _, key := range []string{"aliases", "alias"} {
		for _, alias := range p.Matter.Get(key).Texts() {
			names = append(names, "alias:"+alias)
		}
	}
	return names
}

// Resolve implements source.Source.
func (v *vault) Resolve(from source.Page, address string) source.Reference {
	a, ok := source.Split(address)
	if !ok {
		if fragment, own := strings.CutPrefix(address, self+"#"); own {
			return source.Reference{Candidates: []string{from.Path}, Fragment: fragment}
		}
		return source.Reference{}
	}
	ref := v.Folder.Resolve(from, address)
	name := strings.TrimSuffix(strings.TrimLeft(a.Path, "./"), ".md")
	ref.Candidates = append(ref.Candidates, "note:"+name, "alias:"+name)
	if strings.HasPrefix(ref.Fragment, "^") { // a block, which has no name here
		ref.Fragment = ""
	}
	return ref
}

// self is the address of the note itself before a fragment.
const self = "self:"

// wikiLink matches wiki links and embedded files.
var wikiLink = regexp.MustCompile(`!?\[\[[^\[\]\n]+\]\]`)

// Foreign implements source.Source.
func (v *vault) Foreign() *regexp.Regexp { return wikiLink }

var size = regexp.MustCompile(`^(\d{1,4})(x\d{1,4})?$`)

// Token implements source.Source.
func (v *vault) Token(text string) (t source.Token, ok bool) {
	inner, embed := strings.CutPrefix(text, "!")
	parts := strings.Split(strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(inner, "[["), "]]"), `\|`, "|"), "|")
	page, fragment, _ := strings.Cut(strings.TrimSpace(parts[0]), "#")
	if i := strings.LastIndexByte(fragment, '#'); i >= 0 {
		fragment = fragment[i+1:]
	}
	t.Embed = embed
	for _, part := range parts[1:] {
		part = strings.TrimSpace(part)
		if m := size.FindStringSubmatch(part); embed && m != nil {
			t.Width = m[1]
		} else {
			t.Text = part
		}
	}
	t.Address = strings.ReplaceAll((&url.URL{Path: page}).EscapedPath(), ":", "%3A")
	if page == "" {
		t.Address = self
	}
	if fragment != "" {
		t.Address += "#" + fragment
	}
	if t.Text == "" {
		t.Text = shown(page, fragment)
	}
	return t, page != "" || fragment != ""
}

// shown returns what Obsidian shows of a link without a text.
func shown(page, fragment string) string {
	fragment = strings.TrimPrefix(fragment, "^")
	base := path.Base(page)
	switch {
	case page == "":
		return fragment
	case fragment == "":
		return strings.TrimSuffix(base, ".md")
	}
	return strings.TrimSuffix(base, ".md") + " > " + fragment
}

// Tags implements source.Source: a tag has letters, digits, hyphens, underscores and slashes, and is not only digits. See
// https://help.obsidian.md/tags.
func (v *vault) Tags(ctx context.Context, text string) (tags []string, err error) {
	places, _, err := markdown.Locate(ctx, text, wikiLink)
	for _, span := range places.Texts {
		for at := span.Start; at < span.Stop; at++ {
			if text[at] != '#' || !startsWord(text[:at]) {
				continue
			}
			rest := text[at+1 : span.Stop]
			end := strings.IndexFunc(rest, func(r rune) bool { return !isTagRune(r) })
			if end < 0 {
				end = len(rest)
			}
			tag := strings.Trim(rest[:end], "/")
			if strings.ContainsFunc(tag, func(r rune) bool { return !unicode.IsDigit(r) }) && !slices.Contains(tags, tag) {
				tags = append(tags, tag)
			}
			at += end
		}
	}
	return tags, err
}

// startsWord reports whether a word can start after a text.
func startsWord(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return before == "" || unicode.IsSpace(r)
}

func isTagRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || r == '-' || r == '_' || r == '/' || r > 0x2190 && unicode.IsSymbol(r)
}
