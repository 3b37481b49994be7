package generator

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"docsquare/internal/cli/importer/source"
	"docsquare/internal/text/frontmatter"
)

// settingsIn returns the settings in a file for an environment.
func (h *hugo) settingsIn(environment, name string) siteSettings {
	stem := path.Join("config", environment, name)
	s := settings(h.Tree, stem+".toml", stem+".yaml", stem+".yml", stem+".json")
	if s.broken {
		h.hide(unreadSettings+s.file, everything)
	}
	return s
}

// valuesOf returns the values of a key in the settings, those in the file of the key, and those of the environment production, in
// which a site is published.
func (h *hugo) valuesOf(config siteSettings, key string) (all []frontmatter.Value) {
	all = append(all, config.Get(key))
	for _, environment := range []string{"_default", "production"} {
		for _, name := range []string{"hugo", "config"} {
			all = append(all, h.settingsIn(environment, name).Get(key))
		}
		own := h.settingsIn(environment, key).Value
		if within := own.Get(key); within.Map != nil || within.List != nil {
			own = within
		}
		all = append(all, own)
	}
	return slices.DeleteFunc(all, func(v frontmatter.Value) bool { return v.Text == "" && v.List == nil && v.Map == nil })
}

// readMounts finds the folders of the content and the files in them that are left out. With a mount of content there is no other content.
func (h *hugo) readMounts(config siteSettings) {
	var contents []string
	for _, module := range h.valuesOf(config, "module") {
		for _, mount := range module.Lower().Get("mounts").List {
			mount = mount.Lower()
			from, target := folder(mount.Get("source").Text, ""), path.Clean(mount.Get("target").Text)
			if !isBelow(target, "content") || strings.HasPrefix(path.Clean(mount.Get("source").Text), "..") {
				continue
			}
			contents = append(contents, from)
			if language := strings.ToLower(mount.Get("lang").Text); language != "" {
				h.languages[language] = append(h.languages[language], from)
			}
			unsure := unsureExcludes + "excludeFiles, includeFiles or files of " + from
			h.globs(from, mount.Get("excludefiles").Texts(), unsure)
			h.selection(from, append(mount.Get("includefiles").Texts(), mount.Get("files").Texts()...), unsure)
		}
	}
	if len(contents) > 0 {
		slices.Sort(contents)
		h.contents = slices.Compact(contents)
		h.Content = h.contents[0]
	}
}

// readLanguages finds the folders of languages, and excludes languages that are not published.
func (h *hugo) readLanguages(config siteSettings) {
	var disabled []string
	for _, languages := range h.valuesOf(config, "languages") {
		for language, values := range languages.Map {
			values, language = values.Lower(), strings.ToLower(language)
			if dir := values.Get("contentdir").Text; dir != "" {
				h.contents = append(h.contents, folder(dir, ""))
				h.languages[language] = append(h.languages[language], folder(dir, ""))
			}
			if off, ok := values.Get("disabled").Bool(); ok && off {
				disabled = append(disabled, language)
			}
		}
	}
	for _, names := range h.valuesOf(config, "disablelanguages") {
		disabled = append(disabled, strings.Fields(strings.ToLower(strings.Join(names.Texts(), " ")))...)
	}
	for _, language := range disabled {
		h.exclude(below(h.languages[language]...))
	}
	h.exclude(func(p source.Page) bool {
		_, language := h.place(p.Path)
		return language != "" && slices.Contains(disabled, strings.ToLower(language))
	})
}

// readIgnored finds the files that settings leave out by regular expressions, which match any part of a path.
func (h *hugo) readIgnored(config siteSettings) {
	if config.broken {
		h.hide(unreadSettings+config.file, everything)
	}
	h.exclude(func(p source.Page) bool { return strings.HasPrefix(path.Base(p.Path), "#") })
	for _, ignored := range h.valuesOf(config, "ignorefiles") {
		for _, pattern := range ignored.Texts() {
			re, err := regexp.Compile("(?i)" + pattern)
			if err != nil {
				h.hide(unsureExcludes+"ignoreFiles "+pattern, everything)
				continue
			}
			h.exclude(func(p source.Page) bool { return re.MatchString("/"+p.Path) || re.MatchString(p.Path) })
		}
	}
}
