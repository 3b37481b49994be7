package generator

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"docsquare/internal/cli/importer/source"
	"docsquare/internal/text/textfile"
)

// Reasons why the settings of a site keep documents from readers.
const (
	excludedBySettings = "the settings of the site exclude it"
	lockedBySettings   = "the settings of the site protect it by a password"
)

// Reasons why documents are private: settings that may keep them from readers are not known. The file of the settings follows.
const (
	unreadSettings = "the settings of the site cannot be read: "
	unsureLocks    = "it is not certain which pages need a password: "
	unsureExcludes = "it is not certain which pages the settings exclude: "
)

// rule is a setting of a site that keeps pages from readers.
type rule struct {
	reason  string
	applies func(source.Page) bool
	files   bool // it is not for folders
}

type rules []rule

// reason returns the reason of the first rule that applies to a page; empty if none does.
func (r rules) reason(p source.Page) string {
	for _, one := range r {
		if one.applies(p) {
			return one.reason
		}
	}
	return ""
}

// restrictions are the rules of a site. An excluded file is no part of the site, and is left out. A private page is a part of the site that not
// every reader sees, or may be one.
type restrictions struct{ excluded, private rules }

func (r *restrictions) exclude(applies func(source.Page) bool) {
	r.excluded = append(r.excluded, rule{reason: excludedBySettings, applies: applies})
}

func (r *restrictions) hide(reason string, applies func(source.Page) bool) {
	r.private = append(r.private, rule{reason: reason, applies: applies})
}

// skip returns why a file or folder is left out; empty if it is not.
func (r *restrictions) skip(name string, isFolder bool) string {
	for _, one := range r.excluded {
		if (!isFolder || !one.files) && one.applies(source.Page{Path: name}) {
			return one.reason
		}
	}
	return ""
}

// skipDocument is skip for generators that leave out pages, but not the files that other pages link to.
func (r *restrictions) skipDocument(name string, isFolder bool) string {
	if _, isDocument := textfile.FormatOf(name); isFolder || !isDocument {
		return ""
	}
	return r.skip(name, false)
}

func everything(source.Page) bool { return true }

// below returns what applies to everything in one of some folders.
func below(folders ...string) func(source.Page) bool {
	return func(p source.Page) bool {
		return slices.ContainsFunc(folders, func(folder string) bool { return isBelow(p.Path, folder) })
	}
}

// matching returns what applies to the pages in a folder that one of some patterns matches. A pattern that matches a folder is for everything
// in it. It returns false if one of the patterns is not certain.
func matching(folder string, patterns []string) (applies func(source.Page) bool, ok bool) {
	var compiled []*regexp.Regexp
	for _, pattern := range patterns {
		re, ok := pathGlob(pattern)
		if !ok {
			return nil, false
		}
		compiled = append(compiled, re)
	}
	return func(p source.Page) bool {
		return isBelow(p.Path, folder) && matchesUpwards(compiled, strings.TrimPrefix(strings.TrimPrefix(p.Path, folder), "/"))
	}, true
}

// matchesUpwards reports whether a pattern matches a path, or a folder that it is in.
func matchesUpwards(patterns []*regexp.Regexp, name string) bool {
	for ; name != "." && name != ""; name = path.Dir(name) {
		if slices.ContainsFunc(patterns, func(re *regexp.Regexp) bool { return re.MatchString(name) }) {
			return true
		}
	}
	return false
}

// uncertain matches parts of patterns that glob does not know: lists of patterns, ranges of numbers, escapes, and names of kinds of characters.
var uncertain = regexp.MustCompile(`[!@?*+]\(|\||\{[^}]*\.\.|\\|\[\[|\[\^`)

// pathGlob compiles a pattern of paths from a folder. It returns false for one that has a meaning that is not known.
func pathGlob(pattern string) (*regexp.Regexp, bool) {
	pattern = strings.Trim(strings.TrimPrefix(strings.TrimSpace(pattern), "./"), "/")
	if strings.HasPrefix(pattern, "!") || uncertain.MatchString(pattern) || strings.Count(pattern, "{") != strings.Count(pattern, "}") {
		return nil, false
	}
	re := glob(pattern)
	return re, re != nothing
}

// selection restricts a folder to the pages that some patterns select: those that begin with an exclamation mark exclude pages, others include
// them. The reason is for patterns that are not certain.
func (r *restrictions) selection(folder string, patterns []string, unsure string) {
	var included, excluded []string
	for _, pattern := range patterns {
		if without, ok := strings.CutPrefix(strings.TrimSpace(pattern), "!"); ok {
			excluded = append(excluded, without)
		} else {
			included = append(included, pattern)
		}
	}
	r.globs(folder, excluded, unsure)
	if len(included) == 0 {
		return
	}
	if applies, ok := matching(folder, included); ok {
		outside := func(p source.Page) bool { return isBelow(p.Path, folder) && !applies(p) }
		r.excluded = append(r.excluded, rule{reason: excludedBySettings, applies: outside, files: true})
	} else {
		r.hide(unsure, below(folder))
	}
}

// globs excludes the pages in a folder that patterns match. The reason is for patterns that are not certain.
func (r *restrictions) globs(folder string, patterns []string, unsure string) {
	if applies, ok := matching(folder, patterns); ok {
		r.exclude(applies)
	} else {
		r.hide(unsure, below(folder))
	}
}
