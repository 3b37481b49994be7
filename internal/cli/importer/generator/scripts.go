package generator

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"docsquare/internal/cli/importer/script"
	"docsquare/internal/cli/importer/source"
	"docsquare/internal/text/frontmatter"
)

// maxScripts is how many files of settings are read.
const maxScripts = 500

// scriptFile is a file of settings.
type scriptFile struct {
	script.Script
	name, text string
	unread     bool
}

// mentions reports whether the file may have one of the names. It is for files that are not understood.
func (f scriptFile) mentions(names ...string) bool {
	return f.unread || slices.ContainsFunc(names, func(name string) bool { return strings.Contains(f.text, name) })
}

var scriptExtensions = []string{".js", ".ts", ".mjs", ".mts", ".cjs", ".cts"}

// parseSettings reads a file of settings by its extension.
func parseSettings(name, text string) script.Script {
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".yml", ".yaml", ".toml":
		values, err := frontmatter.Decode(ext, text)
		return script.Script{Root: script.Of(values), Broken: err != nil}
	}
	return script.Parse(text)
}

// readScripts reads files of settings and the files of the site that they load. Notes are about those that are not there.
func readScripts(tree fs.FS, names []string) (all []scriptFile, missing []source.Note) {
	seen := map[string]bool{}
	for len(names) > 0 && len(seen) < maxScripts {
		name := names[0]
		names = names[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		text, ok := readText(tree, name)
		file := scriptFile{Script: parseSettings(name, text), name: name, text: text, unread: !ok || len(text) >= maxSettings}
		file.Broken = file.Broken || file.unread
		all = append(all, file)
		for _, imported := range file.Imports {
			if found, ok := loaded(tree, path.Dir(name), imported); ok {
				names = append(names, found...)
			} else {
				missing = append(missing, source.Note{Path: name, Reason: "it loads settings that are not there: " + imported})
			}
		}
	}
	return all, missing
}

// loaded returns the script that an import means. It returns false if there is none, and nothing for packages and for files of other kinds.
func loaded(tree fs.FS, dir, imported string) (found []string, ok bool) {
	if !strings.HasPrefix(imported, ".") {
		return nil, true
	}
	ext := path.Ext(imported)
	stem := path.Join(dir, imported)
	candidates := []string{}
	if slices.Contains(scriptExtensions, ext) {
		candidates = append(candidates, stem)
		stem = strings.TrimSuffix(stem, ext)
	}
	for _, base := range []string{stem, path.Join(stem, "index")} {
		for _, ext := range scriptExtensions {
			candidates = append(candidates, base+ext)
		}
	}
	for _, name := range candidates {
		if info, err := fs.Stat(tree, name); err == nil && info.Mode().IsRegular() {
			return []string{name}, true
		}
	}
	info, err := fs.Stat(tree, stem)
	return nil, err == nil && info.Mode().IsRegular() // such as package.json
}

// otherFolders are folders next to settings that have none.
var otherFolders = []string{"public", "dist", "cache", ".cache", ".temp", "node_modules", "styles", "components", "layouts"}

// scriptsIn returns the files of settings in a folder.
func scriptsIn(tree fs.FS, folder string) (names []string, err error) {
	err = fs.WalkDir(tree, folder, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // the folder has no settings that can be read
		case d.IsDir() && name != folder && slices.Contains(otherFolders, d.Name()):
			return fs.SkipDir
		case d.Type().IsRegular() && (slices.Contains(scriptExtensions, path.Ext(name)) || slices.Contains([]string{".json", ".yml", ".yaml", ".toml"}, path.Ext(name))):
			names = append(names, name)
		}
		return nil
	})
	return names, err
}
