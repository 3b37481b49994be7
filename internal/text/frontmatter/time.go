package frontmatter

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// layouts are dates as generators and people write them. The order of day and month is never guessed.
var layouts = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05 Z07:00",
	"2006-01-02 15:04:05Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z07", "2006-01-02 15:04 Z0700", "2006-01-02 15:04 Z07:00",
	"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-1-2 15:04:05", "2006-1-2 15:04", "2006-1-2 3:04 PM", "2006-1-2 3:04:05 PM", "2006-1-2",
	"2006/1/2 15:04:05", "2006/1/2 15:04", "2006/1/2 3:04 PM", "2006/1/2 3:04:05 PM", "2006/1/2", "2006.1.2", "20060102", "2006年1月2日 15:04:05", "2006年1月2日 15:04", "2006年1月2日",
	"Jan 2, 2006 3:04 PM", "Jan 2, 2006 15:04", "January 2 2006", "Jan 2 2006", "January 2, 2006 3:04 PM", "January 2, 2006 15:04", "January 2, 2006", "Jan 2, 2006", "2 January 2006", "2 Jan 2006", time.RFC1123, time.RFC1123Z,
	"2006-01-02 15:04:05 -0700 MST", time.UnixDate, time.RubyDate,
}

var (
	ordinal = regexp.MustCompile(`\b(\d{1,2})(st|nd|rd|th)\b`) // "4th"
	place   = regexp.MustCompile(`\[[\w/+-]+\]$`)              // "[Asia/Shanghai]" behind the offset, as Java has it
	halfDay = regexp.MustCompile(`(\d) ?([AaPp])\.?[Mm]\.?$`)  // "5:06pm"
)

// Time returns the moment that a date of front matter means, in UTC if it names no zone. A number is the seconds, or
// milliseconds, since 1970.
func Time(text string) (time.Time, error) {
	given := text
	text = strings.Join(strings.Fields(norm.NFKC.String(text)), " ")
	text = place.ReplaceAllString(ordinal.ReplaceAllString(text, "$1"), "")
	if m := halfDay.FindStringSubmatch(text); m != nil {
		text = text[:len(text)-len(m[0])] + m[1] + " " + strings.ToUpper(m[2]) + "M"
	}
	if len(text) > 10 && text[10] == 't' {
		text = strings.ToUpper(text)
	}
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	switch n, err := strconv.ParseInt(text, 10, 64); {
	case err != nil || len(text) != 10 && len(text) != 13:
		return time.Time{}, fmt.Errorf("%q is no date: write it as 2024-05-06 or 2024-05-06T07:08:09+08:00", given)
	case len(text) == 13:
		return time.UnixMilli(n).UTC(), nil
	default:
		return time.Unix(n, 0).UTC(), nil
	}
}
