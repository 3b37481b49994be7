// Package docs_test compares README.md and the pages under docs with the repository: what they name must exist.
package docs_test

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"docsquare/internal/cli"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
)

const (
	root      = "../../.."
	maxReadme = 8 << 10 // bytes
)

// line is one line of a page.
type line struct {
	file   string // relative to the root
	number int
	text   string
	block  bool // part of a code block of shell commands
}

// pages returns the lines of README.md and of the pages under docs and .github. It leaves out code blocks in a language other than the shell's.
func pages(t *testing.T) (all []line) {
	t.Helper()
	files := []string{root + "/README.md"}
	for _, folder := range []string{"/docs/*.md", "/.github/*.md"} {
		found, err := filepath.Glob(root + folder)
		testkit.Must(t, err)
		files = append(files, found...)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		testkit.Must(t, err)
		name, fence := strings.TrimPrefix(file, root+"/"), ""
		for i, l := range strings.Split(string(text), "\n") {
			language, isFence := strings.CutPrefix(l, "```")
			switch {
			case isFence && fence == "":
				fence = "```" + language
			case isFence:
				fence = ""
			case fence == "" || fence == "```sh" || fence == "```":
				all = append(all, line{name, i + 1, l, fence != "" || strings.HasPrefix(l, "    ")})
			}
		}
	}
	return all
}

var inline = regexp.MustCompile("`([^`]+)`")

// code returns what a line shows as code.
func (l line) code() (all []string) {
	if l.block {
		return []string{l.text}
	}
	for _, m := range inline.FindAllStringSubmatch(l.text, -1) {
		all = append(all, m[1])
	}
	return all
}

func (l line) fail(t *testing.T, format string, args ...any) {
	t.Helper()
	t.Errorf("%s:%d: "+format, append([]any{l.file, l.number}, args...)...)
}

func exists(pattern string) bool {
	found, err := filepath.Glob(filepath.Join(root, pattern))
	return err == nil && len(found) > 0
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"`)

// TestLinks checks the relative links, and the headings that they name.
func TestLinks(t *testing.T) {
	for _, l := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(inline.ReplaceAllString(l.text, ""), -1) {
			u, err := url.Parse(m[1] + m[2])
			if err != nil || u.IsAbs() {
				continue
			}
			target := filepath.Join(filepath.Dir(l.file), u.Path)
			if u.Path == "" {
				target = l.file
			}
			if !exists(target) {
				l.fail(t, "the link leads to %s, which does not exist", target)
			} else if u.Fragment != "" && !slices.Contains(headings(t, target), u.Fragment) {
				l.fail(t, "%s has no heading #%s", target, u.Fragment)
			}
		}
	}
}

var punctuation = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)

// headings returns the anchors that GitHub gives to the headings of a page.
func headings(t *testing.T, file string) (anchors []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, file))
	testkit.Must(t, err)
	for l := range strings.Lines(string(text)) {
		if strings.HasPrefix(l, "#") {
			title := strings.ToLower(strings.TrimSpace(strings.TrimLeft(l, "#")))
			anchors = append(anchors, strings.ReplaceAll(punctuation.ReplaceAllString(title, ""), " ", "-"))
		}
	}
	return anchors
}

var path = regexp.MustCompile(`^(?:(?:graph|ent|internal|docs|examples|tools|\.ci)/[\w./*-]*|[\w.*-][\w./*-]*\.(?:go|graphqls?|txtar|md|yml|svg|png|sql)|Makefile|go\.(?:mod|sum))$`)

// TestPaths checks what looks like a path of the repository. A pattern must match a file. Pages under docs may name their
// neighbours.
func TestPaths(t *testing.T) {
	for _, l := range pages(t) {
		for _, name := range l.code() {
			if path.MatchString(name) && !exists(name) && !exists(filepath.Join(filepath.Dir(l.file), name)) {
				l.fail(t, "%s does not exist", name)
			}
		}
	}
}

var (
	target     = regexp.MustCompile(`(?m)^([a-z][a-z-]*):`)
	makeTarget = regexp.MustCompile(`\bmake ([a-z][a-z-]*)`)
	subcommand = regexp.MustCompile(`\bdocsquare (([a-z]+)(?: [a-z]+)?)`)
)

// TestCommands checks the targets of make and the subcommands of docsquare.
func TestCommands(t *testing.T) {
	makefile, err := os.ReadFile(root + "/Makefile")
	testkit.Must(t, err)
	targets, commands := first(target, string(makefile)), cli.Names()
	if len(targets) < 10 || len(commands) < 10 {
		t.Fatalf("found only the targets %q and the commands %q", targets, commands)
	}
	for _, l := range pages(t) {
		for _, text := range l.code() {
			for _, name := range first(makeTarget, text) {
				if !slices.Contains(targets, name) {
					l.fail(t, "make has no target %s", name)
				}
			}
			for _, m := range subcommand.FindAllStringSubmatch(text, -1) {
				if !slices.Contains(commands, m[1]) && !slices.Contains(commands, m[2]) {
					l.fail(t, "docsquare has no command %q", m[1])
				}
			}
		}
	}
}

// first returns the first group of each match.
func first(re *regexp.Regexp, text string) (all []string) {
	for _, m := range re.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

var (
	word       = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)
	identifier = regexp.MustCompile(`^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$`)
	examples   = regexp.MustCompile(`^<!-- names of an example: (.*) -->$`)
)

// TestNames checks identifiers such as Engine.Replace, DATABASE_URL and TestOutbox: each of their words must occur in the
// source of the repository. A name that was changed there is found by this. A page lists names that it has made up in a comment.
func TestNames(t *testing.T) {
	known := words(t)
	for _, l := range pages(t) {
		for _, names := range first(examples, l.text) {
			for _, w := range word.FindAllString(names, -1) {
				known[w] = true
			}
		}
		for _, name := range l.code() {
			name = strings.TrimSuffix(name, "()")
			if l.block || !identifier.MatchString(name) || strings.ToLower(name) == name && !strings.Contains(name, ".") || path.MatchString(name) {
				continue
			}
			for _, w := range word.FindAllString(name, -1) {
				if !known[w] {
					l.fail(t, "%s: the source has no %s", name, w)
				}
			}
		}
	}
}

// words returns every word of the source: Go, GraphQL, YAML and the Makefile.
func words(t *testing.T) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	for _, kind := range kinds.Names() {
		known[strings.ToUpper(kind)+"_CACHE_TTL"] = true
	}
	testkit.Must(t, filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "bin", "data", "node_modules", "vendor"}, d.Name()):
			return fs.SkipDir
		case d.IsDir() || d.Name() != "Makefile" && !slices.Contains([]string{".go", ".graphqls", ".yml"}, filepath.Ext(name)):
			return nil
		}
		text, err := os.ReadFile(name)
		for _, w := range word.FindAllString(string(text), -1) {
			known[w] = true
		}
		return err
	}))
	return known
}

// TestReadmeIsShort keeps README.md what a newcomer reads in some minutes.
func TestReadmeIsShort(t *testing.T) {
	info, err := os.Stat(root + "/README.md")
	testkit.Must(t, err)
	if info.Size() > maxReadme {
		t.Errorf("README.md has %d bytes, at most %d are allowed: move details to docs", info.Size(), maxReadme)
	}
}
