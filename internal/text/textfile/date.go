package textfile

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"docsquare/internal/text/frontmatter"
)

// dated matches names that begin with a date, as Jekyll and Hugo have them: 2018-02-03-hello. Its groups are the year, month and day with
// their separators, the time, and what follows. compact has no separators, and is a date only if there is such a day.
var (
	dated   = regexp.MustCompile(`^(\d{4})([-_.年])(\d{1,2})([-_.月])(\d{1,2})日?(?:T(\d{2})[-.](\d{2})(?:[-.](\d{2}))?)?(?:[-_\s]+(.*)|([^\x00-\x7f].*))?$`)
	compact = regexp.MustCompile(`^((?:19|20)\d{6})(?:[-_\s]+(.*)|([^\x00-\x7f].*))?$`)
)

// IsIndex reports whether a file is the page of its folder, by its name without the extension.
func IsIndex(stem string) bool {
	return slices.Contains([]string{"index", "_index", "readme"}, strings.ToLower(stem))
}

// stemOf returns the name of a file without its extension. The page of a folder is named by the folder.
func stemOf(name string) string {
	if name == "" {
		return ""
	}
	name = norm.NFC.String(name)
	base := path.Base(name)
	stem := strings.TrimSuffix(base, path.Ext(base))
	if folder := path.Base(path.Dir(name)); IsIndex(stem) && folder != "." && folder != "/" {
		stem = folder
	}
	return stem
}

// splitName returns the date that the name of a file begins with, empty if it has none, and what follows, which is its title. A name that is only a
// date is its title too. An error means that the date is impossible; the title is then the whole name.
func splitName(stem string) (day, title string, err error) {
	if m := compact.FindStringSubmatch(stem); m != nil {
		if _, err := frontmatter.Time(m[1]); err == nil {
			return m[1], cmp.Or(m[2], m[3], stem), nil
		}
	}
	m := dated.FindStringSubmatch(stem)
	if m == nil || m[2] != m[4] && m[2]+m[4] != "年月" {
		return "", stem, nil
	}
	day = m[1] + "-" + m[3] + "-" + m[5]
	if m[6] != "" {
		day += "T" + m[6] + ":" + m[7] + ":" + cmp.Or(m[8], "00")
	}
	if _, err := frontmatter.Time(day); err != nil {
		return "", stem, err
	}
	return day, cmp.Or(m[9], m[10], stem), nil
}

// dates are the keys of a date, the one of publication first.
var dates = []string{"date", "publishdate", "pubdate", "published", "published_at", "publishedat", "publish_date", "pub_date", "created", "created_at", "createdat", "created at"}

// date sets the moment of publication: that of the front matter, else that of the name.
func (d *Document) date(block frontmatter.Block, values frontmatter.Value, stem string) {
	for _, key := range dates {
		text := values.Get(key).Text
		if _, truth := values.Get(key).Bool(); text == "" || key == "published" && truth {
			continue
		}
		at, err := frontmatter.Time(text)
		if err == nil {
			d.At = at
			return
		}
		d.note("%s%s: %v", line(block, key), key, err)
	}
	day, _, err := splitName(stem)
	if err != nil {
		d.note("its name: %v", err)
	} else if day != "" {
		d.At, _ = frontmatter.Time(day) // splitName has read it
	}
}
