package source

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Address is an address of a link in its parts.
type Address struct {
	Path     string // decoded, in NFC, with slashes; empty: the document itself
	Query    string
	Fragment string
}

var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)

// Split returns the parts of an address. It returns false for one that leads to another site, or that is no address of a file.
func Split(text string) (a Address, ok bool) {
	if scheme.MatchString(text) || strings.HasPrefix(text, "//") || strings.HasPrefix(text, `\\`) {
		return a, false
	}
	text, a.Fragment, _ = strings.Cut(text, "#")
	a.Path, a.Query, _ = strings.Cut(text, "?")
	a.Path = Clean(a.Path)
	return a, a.Path != "" || a.Query != ""
}

// Clean returns a path of an address as names of files are written: decoded, with slashes, in NFC.
func Clean(text string) string {
	if decoded, err := url.PathUnescape(text); err == nil {
		text = decoded
	}
	return norm.NFC.String(strings.ReplaceAll(strings.TrimSpace(text), `\`, "/"))
}

// Fold returns what the spellings of a path have in common: its case and normal form.
func Fold(name string) string { return cases.Fold().String(norm.NFC.String(name)) }

// Key returns what the spellings of a name have in common: its case and normal form, and for an address of a site the slash, index.html and
// .html at its end.
func Key(name string) string {
	name = Fold(name)
	if !strings.HasPrefix(name, "/") {
		return name
	}
	name, query, _ := strings.Cut(name, "?")
	name = strings.TrimSuffix(path.Clean(name), "/")
	for _, end := range []string{"/index.html", "/index.htm", "/index", ".html", ".htm"} {
		name = strings.TrimSuffix(name, end)
	}
	if query != "" {
		return name + "/?" + query
	}
	return name + "/"
}

// Sites returns the addresses of a site that are not empty, with the path of each.
func Sites(urls ...string) (all []string) {
	for _, u := range urls {
		if u == "" {
			continue
		}
		all = append(all, u)
		if _, host, ok := strings.Cut(u, "://"); ok {
			if _, below, ok := strings.Cut(host, "/"); ok && strings.Trim(below, "/") != "" {
				all = append(all, "/"+strings.Trim(below, "/")+"/")
			}
		}
	}
	return all
}
