package generator

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"docsquare/internal/cli/importer/script"
	"docsquare/internal/cli/importer/source"
)

// Settings that keep pages from readers, as VuePress, VitePress and their themes name them.
var (
	lockSettings    = []string{"encrypt", "keyPage", "checkAll"}
	excludeSettings = []string{"pagePatterns", "srcExclude"}
)

// readSettings finds the pages that settings exclude or protect by passwords.
func (v *vuepress) readSettings(files []scriptFile) {
	for _, file := range files {
		switch {
		case file.Broken && (file.mentions(lockSettings...) || file.mentions(excludeSettings...)):
			v.hide(unreadSettings+file.name, everything)
		case slices.ContainsFunc(lockSettings, file.Uses):
			v.hide(unsureLocks+file.name, everything)
		case slices.ContainsFunc(excludeSettings, file.Uses):
			v.hide(unsureExcludes+file.name, everything)
		}
		file.Root.Walk(func(at script.Place, value script.Value) { v.readSetting(file.name, at, value) })
	}
	if v.permalinks != "" && len(v.locked) > 0 {
		v.hide(unsureLocks+v.permalinks, everything)
	}
	v.private = append(v.private, v.locked...)
}

// readSetting reads one setting, of any depth.
func (v *vuepress) readSetting(file string, at script.Place, value script.Value) {
	switch key := strings.ToLower(at.Name); key {
	case "encrypt":
		if !strings.EqualFold(at.Owner, "markdown") { // that of markdown is for parts of pages
			v.lock(file, value)
		}
	case "keypage":
		if keys, ok := value.Get("keys"); !value.Empty() && (value.Open() || ok && !keys.Empty()) {
			v.lockAll(file, value.Open())
		}
	case "checkall":
		if !value.Empty() {
			v.lockAll(file, value.Kind == script.Computed)
		}
	case "password", "passwords":
		owner, isTheme := strings.ToLower(at.Owner), strings.HasPrefix(path.Base(file), "theme")
		if !value.Empty() && (owner == "theme" || owner == "themeconfig" || owner == "" && isTheme) {
			v.lockAll(file, value.Kind == script.Computed)
		}
	case "pagepatterns", "patterns", "srcexclude":
		v.readPatterns(key, file, value)
	case "srcdir":
		if value.Kind == script.Computed {
			v.hide(unsureExcludes+file, everything)
		}
	case "permalink", "permalinkpattern":
		if value.Quoted && strings.Contains(strings.ReplaceAll(value.Text, ":regular", ""), ":") {
			v.permalinks = file
		}
	}
}

// lockAll makes all pages private.
func (v *vuepress) lockAll(file string, computed bool) {
	if computed {
		v.hide(unsureLocks+file, everything)
	} else {
		v.hide(lockedBySettings, everything)
	}
}

// lock reads the encryption of vuepress-theme-hope and vuepress-theme-plume: global, or of paths.
func (v *vuepress) lock(file string, value script.Value) {
	global, _ := value.Get("global")
	switch {
	case value.Empty():
		return
	case value.Kind == script.Computed, value.Kind == script.Object && value.Open():
		v.lockAll(file, true)
		return
	case value.Kind != script.Object, global.Kind != script.Computed && !global.Empty():
		v.lockAll(file, false)
		return
	}
	if global, ok := value.Get("global"); ok && global.Kind == script.Computed {
		v.lockAll(file, true)
	}
	for _, name := range []string{"config", "rules"} {
		paths, ok := value.Get(name)
		switch {
		case !ok || paths.Empty():
		case paths.Open():
			v.lockAll(file, true)
		default:
			for _, path := range paths.Fields {
				v.lockPath(file, path.Name)
			}
		}
	}
}

// lockPath makes the pages private whose addresses or paths begin with a text, or match a pattern.
func (v *vuepress) lockPath(file, key string) {
	begins := foldedPath(key)
	matches := func(place string) bool { return strings.HasPrefix(place, begins) }
	switch {
	case strings.HasPrefix(key, "^"):
		re, err := regexp.Compile("(?i)" + key)
		if err != nil {
			v.lockAll(file, true)
			return
		}
		matches = re.MatchString
	case strings.Contains(key, "*"):
		re, ok := pathGlob(key)
		if !ok {
			v.lockAll(file, true)
			return
		}
		matches = func(place string) bool { return matchesUpwards([]*regexp.Regexp{re}, strings.Trim(place, "/")) }
	}
	v.locked = append(v.locked, rule{reason: lockedBySettings, applies: func(p source.Page) bool { return slices.ContainsFunc(v.places(p), matches) }})
}

// foldedPath returns a path from the root of the site as places has it.
func foldedPath(text string) string {
	return source.Fold("/" + strings.TrimPrefix(source.Clean(text), "/"))
}

// places returns the path of a page and its addresses, in all spellings that settings may have.
func (v *vuepress) places(p source.Page) []string {
	all := []string{foldedPath(v.Within(p.Path))}
	for _, name := range v.Names(p) {
		name = strings.TrimSuffix(foldedPath(name), "/")
		all = append(all, name, name+"/", strings.TrimSuffix(name, ".html")+".html", name+"/index.html", name+"/readme.html")
	}
	return all
}

// readPatterns reads which files are pages. A list of patterns without paths is another setting of the name.
func (v *vuepress) readPatterns(key, file string, value script.Value) {
	patterns, ok := value.Texts()
	isPages := func(pattern string) bool { return strings.Contains(pattern, ".md") || strings.Contains(pattern, "**") }
	switch {
	case key == "patterns" && !slices.ContainsFunc(patterns, isPages), value.Empty():
	case !ok:
		v.hide(unsureExcludes+file, everything)
	case key == "srcexclude":
		v.globs(v.Content, patterns, unsureExcludes+file)
	default:
		v.selection(v.Content, patterns, unsureExcludes+file)
	}
}

// Hidden implements source.Source. Keys are the passwords of vuepress-theme-reco.
func (v *vuepress) Hidden(p source.Page) string {
	if keys := p.Matter.Get("keys"); len(keys.Texts()) > 0 || keys.Map != nil {
		return "it is protected by a password"
	}
	return v.private.reason(p)
}

// srcDir returns the folder of the pages of VitePress within the tree.
func srcDir(root, text string) string {
	if text == "" {
		return root
	}
	switch dir := path.Join(root, text); {
	case strings.HasPrefix(dir, ".."):
		return root
	case dir != ".":
		return dir
	}
	return ""
}
