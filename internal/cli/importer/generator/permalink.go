package generator

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"

	"docsquare/internal/cli/importer/source"
)

var placeholder = regexp.MustCompile(`:[a-z_]+`)

// permalink fills in the pattern of addresses that Jekyll and Hugo have, such as /:year/:month/:title/. A placeholder that is not known
// stays, so that the address matches nothing.
func permalink(pattern string, p source.Page, folders []string, title string) string {
	at := p.Date
	if at.IsZero() {
		at = time.Unix(0, 0).UTC()
	}
	known := map[string]string{
		":year": at.Format("2006"), ":month": at.Format("01"), ":day": at.Format("02"), ":i_month": at.Format("1"), ":i_day": at.Format("2"),
		":short_year": at.Format("06"), ":y_day": fmt.Sprintf("%03d", at.YearDay()), ":yearday": fmt.Sprint(at.YearDay()), ":hour": at.Format("15"), ":minute": at.Format("04"), ":second": at.Format("05"),
		":title": title, ":slug": title, ":slugorfilename": title, ":slugorcontentbasename": title, ":name": p.Stem(), ":filename": p.Stem(), ":contentbasename": p.Stem(),
		":basename": p.Stem(), ":categories": strings.Join(folders, "/"), ":sections": strings.Join(folders, "/"), ":section": first(folders), ":collection": first(folders),
		":path": path.Join(path.Join(folders...), p.Stem()), ":output_ext": ".html", ":monthname": at.Format("January"), ":weekdayname": at.Format("Monday"),
	}
	filled := placeholder.ReplaceAllStringFunc(pattern, func(name string) string {
		if text, ok := known[name]; ok {
			return text
		}
		return name
	})
	return path.Join("/", filled)
}

func first(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return texts[0]
}
