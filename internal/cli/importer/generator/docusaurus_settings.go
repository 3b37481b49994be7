package generator

import (
	"slices"
	"strings"

	"docsquare/internal/cli/importer/script"
)

// pluginFolders are the folders of documents by the plugins that read them. See https://docusaurus.io/docs/api/plugins.
var pluginFolders = map[string]string{"docs": docsFolder, "blog": blogFolder, "pages": pagesFolder}

const contentPlugin = "plugin-content-"

// readOptions finds the pages that the options of presets and plugins leave out.
func (d *docusaurus) readOptions(files []scriptFile) {
	var off, on []string // folders of plugins that are switched off, and of others
	for _, file := range files {
		if file.Broken && file.mentions("exclude", "include", "onlyIncludeVersions") {
			d.hide(unreadSettings+file.name, everything)
		}
		file.Root.Walk(func(at script.Place, value script.Value) {
			folder := pluginFolder(at)
			switch {
			case folder != "" && value.Kind == script.Text && value.Text == "false":
				off = append(off, folder)
			case folder != "" && value.Kind != script.Text:
				on = append(on, d.readContent(file.name, folder, value))
			case isPreset(at) && value.Kind == script.Computed && (value.Label() == "" || at.Before != ""):
				d.hide(unsureExcludes+file.name, everything)
			}
		})
	}
	for _, folder := range off {
		if !slices.Contains(on, folder) {
			d.exclude(below(folder))
		}
	}
}

// isPreset reports whether a place has presets, one of them, or the options of one.
func isPreset(at script.Place) bool {
	return at.Name == "presets" || at.Name == "" && at.Owner == "presets"
}

// pluginFolder returns the folder of the plugin whose options are at a place; empty if none are.
func pluginFolder(at script.Place) string {
	if at.Owner == "presets" && at.Name != "" {
		return pluginFolders[at.Name]
	}
	if _, kind, ok := strings.Cut(at.Before, contentPlugin); ok && at.Name == "" {
		return pluginFolders[kind]
	}
	return ""
}

// readContent reads the options of a plugin, and returns the folder that they are for.
func (d *docusaurus) readContent(file, standard string, options script.Value) string {
	at, unsure := standard, unsureExcludes+file
	if dir, ok := options.Get("path"); ok {
		if dir.Kind != script.Text || !dir.Quoted {
			d.hide(unsure, everything)
			return ""
		}
		at = folder(dir.Text, "")
	}
	if options.Open() {
		d.hide(unsure, below(at))
	}
	for _, key := range []string{"exclude", "include"} {
		value, ok := options.Get(key)
		patterns, readable := value.Texts()
		switch {
		case !ok || value.Kind == script.Text && value.Empty():
		case !readable, key == "include" && slices.ContainsFunc(patterns, func(p string) bool { return strings.HasPrefix(p, "!") }):
			d.hide(unsure, below(at))
		case key == "exclude":
			d.globs(at, patterns, unsure)
		default:
			d.selection(at, patterns, unsure)
		}
	}
	d.readVersions(at, unsure, options)
	return at
}

// readVersions reads whether the documents of the next version are published.
func (d *docusaurus) readVersions(at, unsure string, options script.Value) {
	current, isSet := options.Get("includeCurrentVersion")
	only, isList := options.Get("onlyIncludeVersions")
	versions, readable := only.Texts()
	switch {
	case isSet && current.Kind == script.Text && current.Text == "false":
		d.exclude(below(at))
	case isSet && current.Kind == script.Computed, isList && !readable:
		d.hide(unsure, below(at))
	case isList && only.Kind == script.List && !slices.Contains(versions, "current"):
		d.exclude(below(at))
	}
}
