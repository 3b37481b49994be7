package obsidian

import (
	"encoding/json"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"docsquare/internal/cli/importer/source"
)

// publishing is which notes of a vault are not meant for readers, by the settings of Obsidian, of Obsidian Publish and of the plugin Digital
// Garden.
type publishing struct {
	ignored            []func(name string) bool // by "Excluded files"
	excluded, included []string                 // folders
	optIn              bool                     // only notes with dg-publish are published
	unread             string                   // a file of settings that cannot be read; empty: none
}

// readPublishing reads the settings of a vault.
func readPublishing(tree fs.FS) (p publishing) {
	var app struct{ UserIgnoreFilters []string }
	var publish struct{ Included, Excluded, IncludedFolders, ExcludedFolders []string }
	var plugins []string
	p.decode(tree, "app.json", &app)
	p.decode(tree, "publish.json", &publish)
	p.decode(tree, "community-plugins.json", &plugins)
	for _, filter := range app.UserIgnoreFilters {
		p.ignore(filter)
	}
	p.excluded = folded(append(publish.Excluded, publish.ExcludedFolders...))
	p.included = folded(append(publish.Included, publish.IncludedFolders...))
	p.optIn = slices.Contains(plugins, "digitalgarden")
	return p
}

// decode reads a file of settings, if there is one.
func (p *publishing) decode(tree fs.FS, name string, settings any) {
	name = path.Join(settingsFolder, name)
	data, err := fs.ReadFile(tree, name)
	if err != nil {
		if _, missing := fs.Stat(tree, name); missing == nil {
			p.unread = name
		}
		return
	}
	if len(data) > 0 && json.Unmarshal(data, settings) != nil {
		p.unread = name
	}
}

// ignore adds an excluded file or folder: the start of a path, or a regular expression between slashes.
func (p *publishing) ignore(filter string) {
	if pattern, ok := strings.CutPrefix(filter, "/"); ok && len(pattern) > 1 && strings.HasSuffix(pattern, "/") {
		re, err := regexp.Compile("(?i)" + strings.TrimSuffix(pattern, "/"))
		if err != nil {
			p.unread = settingsFolder + "/app.json"
			return
		}
		p.ignored = append(p.ignored, re.MatchString)
		return
	}
	if start := source.Fold(filter); start != "" {
		p.ignored = append(p.ignored, func(name string) bool { return strings.HasPrefix(source.Fold(name), start) })
	}
}

// folded returns folders without the slashes around them, in one spelling.
func folded(folders []string) (all []string) {
	for _, folder := range folders {
		all = append(all, strings.Trim(source.Fold(folder), "/"))
	}
	return all
}

// isIn reports whether a note is one of some files, or in one of some folders. The vault is the folder with an empty name.
func isIn(name string, folders []string) bool {
	name = source.Fold(name)
	return slices.ContainsFunc(folders, func(folder string) bool {
		return folder == "" || name == folder || strings.TrimSuffix(name, ".md") == folder || strings.HasPrefix(name, folder+"/")
	})
}

// reason returns why a note is not meant for readers; empty if it may be. Front matter goes before the folders of Obsidian Publish.
func (p *publishing) reason(note source.Page) string {
	chosen, _ := note.Matter.Get("publish").Bool()
	garden, _ := note.Matter.Get("dg-publish").Bool()
	switch {
	case p.unread != "":
		return "the settings of the vault cannot be read: " + p.unread
	case slices.ContainsFunc(p.ignored, func(matches func(string) bool) bool { return matches(note.Path) }):
		return "the settings of the vault exclude it"
	case p.optIn && !garden && !chosen:
		return "it is without dg-publish, by which notes of the vault are published"
	case chosen || garden:
		return ""
	case isIn(note.Path, p.excluded):
		return "the settings of Obsidian Publish exclude it"
	case len(p.included) > 0 && !isIn(note.Path, p.included):
		return "the settings of Obsidian Publish do not include it"
	}
	return ""
}
