package frontmatter

import (
	"regexp"
	"strings"
	"time"
)

// after matches what follows the time of day: a zone as an offset, an abbreviation or a name of the IANA database, and the year before or
// after it, as the programs date and git write it. What is between parentheses, and an abbreviation next to an offset, repeats the zone.
var after = regexp.MustCompile(`(?i)^(?: (\d{4}))? ?(?:` +
	`\(?(?:utc|gmt|ut)? ?([+-])(\d{1,2})(?::?(\d{2}))?\)?(?: [a-z]{2,5})?(?: ?\[[\w/+-]+\]| ?\([^()]*\))?` +
	`|\(?(z|[a-z]{2,4})\)?(?: ?\[[\w/+-]+\]| ?\([^()]*\))?` +
	`|[(\[]?([a-z]+(?:/[\w+-]+)+)[)\]]?` +
	`)?(?: (\d{4}))?$`)

// hours are the zones that RFC 822 names, as hours from UTC. CST is not among them: it is that of China more often than that of America.
var hours = map[string]int{"z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}

// zoneOf returns the zone that a text after the time of day has, UTC if it has none, and the year in it, if any. It returns false for any other
// text, and for a zone that is not known.
func zoneOf(text string) (zone *time.Location, year string, ok bool) {
	m := after.FindStringSubmatch(text)
	if m == nil || m[1] != "" && m[7] != "" {
		return nil, "", false
	}
	year, zone = m[1]+m[7], time.UTC
	switch {
	case m[2] != "":
		hour, minute := atoi(m[3]), atoi(m[4])
		offset := hour*3600 + minute*60
		if m[2] == "-" {
			offset = -offset
		}
		return time.FixedZone("", offset), year, hour <= 14 && minute <= 59
	case m[5] != "":
		hour, known := hours[strings.ToLower(m[5])]
		return time.FixedZone("", hour*3600), year, known
	case m[6] != "":
		zone, err := time.LoadLocation(m[6])
		return zone, year, err == nil
	}
	return zone, year, true
}
