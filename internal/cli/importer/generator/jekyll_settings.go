package generator

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"docsquare/internal/cli/importer/source"
	"docsquare/internal/text/textfile"
)

// standardExcludes are what Jekyll leaves out by default, other than the folders of programs.
var standardExcludes = []string{"gemfiles", "Gemfile"}

// readFilters reads which files are left out, and which are read although their names begin with an underscore.
func (j *jekyll) readFilters(config siteSettings) {
	if config.broken {
		j.hide(unreadSettings+config.file, everything)
	}
	for _, name := range listed(config.Get("include").Texts()) {
		j.included = append(j.included, fileNames(name))
	}
	if j.isHexo() {
		j.readHexo(config)
		return
	}
	for _, name := range append(listed(config.Get("exclude").Texts()), standardExcludes...) {
		pattern := fileNames(name)
		j.exclude(func(p source.Page) bool { return pattern.MatchString(j.Within(p.Path)) })
	}
}

// readHexo reads the globs of Hexo. A post that is not rendered is no page.
func (j *jekyll) readHexo(config siteSettings) {
	j.globs(j.Content, config.Get("exclude").Texts(), unsureExcludes+config.file)
	j.globs(j.Content, config.Get("ignore").Texts(), unsureExcludes+config.file)
	j.globs("", config.Get("ignore").Texts(), unsureExcludes+config.file)
	posts := path.Join(j.Content, "_posts")
	if skipped, ok := matching(j.Content, config.Get("skip_render").Texts()); ok {
		j.exclude(func(p source.Page) bool { return p.Path != posts && isBelow(p.Path, posts) && skipped(p) })
	} else {
		j.hide(unsureExcludes+config.file, below(posts))
	}
}

// listed returns texts of which each may be a list with commas.
func listed(texts []string) (all []string) {
	for _, text := range texts {
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

// fileClass matches one of some characters in a quoted pattern.
var fileClass = regexp.MustCompile(`\\\[(?:!|\\\^)?[^\]]+\\\]`)

// fileNames returns what matches the paths that begin with a text, or that a pattern of File.fnmatch of Ruby matches, in which an asterisk
// may be slashes too.
func fileNames(pattern string) *regexp.Regexp {
	pattern = strings.Trim(pattern, "/")
	quoted := regexp.QuoteMeta(pattern)
	re := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(quoted)
	re = fileClass.ReplaceAllStringFunc(re, func(class string) string {
		return "[" + strings.NewReplacer(`\`, "", "!", "^").Replace(class[2:len(class)-2]) + "]"
	})
	if compiled, err := regexp.Compile("(?is)^(?:" + re + "$|" + re + "/|" + quoted + ")"); err == nil && pattern != "" {
		return compiled
	}
	return nothing
}

// isIncluded reports whether settings have a file or folder read by its name.
func (j *jekyll) isIncluded(name string) bool {
	return slices.ContainsFunc(j.included, func(re *regexp.Regexp) bool {
		return re.MatchString(path.Base(name)) || j.isHexo() && re.MatchString(j.Within(name))
	})
}

// filtered returns why no page is made of a file, or of what is in a folder: settings exclude it, or it begins with a character for other files.
func (j *jekyll) filtered(name string, isFolder bool) string {
	base := path.Base(name)
	_, isDocument := textfile.FormatOf(name)
	if _, isCollection := j.collections[strings.TrimPrefix(base, "_")]; isFolder && strings.HasPrefix(base, "_") && (isCollection || base == "_posts" || base == "_drafts") {
		return j.skip(name, isFolder)
	}
	switch {
	case j.isIncluded(name):
		return ""
	case (isFolder || isDocument) && strings.ContainsAny(base[:1], "_#~"):
		return source.Outside
	}
	return j.skip(name, isFolder)
}
