package frontmatter

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// maxTime is the longest date that is read, in bytes.
const maxTime = 100

// Time returns the moment that a date of front matter means, in UTC if it names no zone. The order of day and month is never guessed. A
// number is the seconds, or milliseconds, since 1970.
func Time(text string) (time.Time, error) {
	if at, ok := number(strings.TrimSpace(text)); ok {
		return at, nil
	}
	if len(text) <= maxTime {
		if at, ok := moment(normal(text)); ok {
			return at.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%.80q is no date: write it as 2024-05-06 or 2024-05-06T07:08:09+08:00", text)
}

// number returns the moment of a Unix time.
func number(text string) (at time.Time, ok bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return at, false
	case len(text) == 13:
		return time.UnixMilli(n).UTC(), true
	}
	return time.Unix(n, 0).UTC(), len(text) == 10
}

// Weekdays are not compared with the date. Clocks in words and in the basic format of ISO 8601 become those with colons.
var (
	weekday = regexp.MustCompile(`(?i)[(\[]?(?:\b(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b` +
		`|(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]|[月火水木金土日]曜日?|\([一二三四五六日天月火水木金土]\))\.?[)\]]?,?`)
	words = regexp.MustCompile(`(\d{1,2}) ?[时時点點] ?(\d{1,2}) ?分(?: ?(\d{1,2}) ?秒)?`)
	basic = regexp.MustCompile(`(?i)^(\d{8})t(\d{2})(\d{2})(\d{2})?`)
)

// normal returns a text without its weekday, in one spelling of digits, blanks and clocks.
func normal(text string) string {
	text = strings.ReplaceAll(norm.NFKC.String(text), "\u2212", "-") // a minus sign
	if at := weekday.FindStringIndex(text); at != nil {
		text = text[:at[0]] + " " + text[at[1]:]
	}
	for _, pattern := range []*regexp.Regexp{words, basic} {
		if m := pattern.FindStringSubmatchIndex(text); m != nil {
			parts := pattern.FindStringSubmatch(text)
			clocked := ""
			if pattern == basic {
				clocked, parts = parts[1]+" ", parts[1:]
			}
			clocked += fmt.Sprintf("%02s:%02s", parts[1], parts[2])
			if parts[3] != "" {
				clocked += fmt.Sprintf(":%02s", parts[3])
			}
			text = text[:m[0]] + clocked + text[m[1]:]
		}
	}
	return strings.Join(strings.Fields(text), " ")
}

// clock matches the time of day. Its groups are the half of the day, the hour, minute, second, fraction, and the half in English.
var clock = regexp.MustCompile(`(?i)(?:(上午|下午|凌晨|清晨|早上|早晨|中午|傍晚|晚上|午前|午後) ?)?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?(?: ?([ap])\.?m\b\.?)?`)

// join matches a date with what leads to its time of day.
var join = regexp.MustCompile(`(?i)^(?:(.*\d)t|(.*?)(?:,? at|,)? ?)$`)

// moment returns the moment of a text in normal form: a date, before or around a time of day and its zone.
func moment(text string) (at time.Time, ok bool) {
	m := clock.FindStringSubmatchIndex(text)
	if m == nil {
		y, month, d, ok := day(text, false)
		return time.Date(y, month, d, 0, 0, 0, 0, time.UTC), ok
	}
	parts := clock.FindStringSubmatch(text)
	hour, minute, second := atoi(parts[2]), atoi(parts[3]), atoi(parts[4])
	hour, ok = hourOf(hour, parts[1], parts[6])
	zone, year, known := zoneOf(text[m[1]:])
	if !ok || !known || minute > 59 || second > 59 {
		return at, false
	}
	before := text[:m[0]]
	if before != "" && before[len(before)-1] >= '0' && before[len(before)-1] <= '9' {
		return at, false
	}
	y, month, d, ok := day(strings.TrimSpace(join.ReplaceAllString(before, "$1$2")+" "+year), true)
	nano := atoi((parts[5] + "000000000")[:9])
	return time.Date(y, month, d, hour, minute, second, nano, zone), ok
}

// atoi returns the number of a text that has only digits; 0 for an empty one.
func atoi(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// hourOf returns the hour of the day from 0 to 23. The hour 12 in the evening may be midnight or noon, and is none.
func hourOf(hour int, half, english string) (int, bool) {
	switch english = strings.ToLower(english); {
	case half == "" && english == "":
		return hour, hour <= 23
	case hour > 12 || half != "" && english != "" || hour == 12 && (half == "晚上" || half == "傍晚"):
		return 0, false
	case half == "中午" && hour >= 10:
		return hour, true
	case english == "p" || half == "下午" || half == "中午" || half == "傍晚" || half == "晚上" || half == "午後":
		return hour%12 + 12, true
	}
	return hour % 12, true
}

// months are the starts of the names of months.
const months = "janfebmaraprmayjunjulaugsepoctnovdec"

const month = `(?i:(jan)(?:uary)?|(feb)(?:ruary)?|(mar)(?:ch)?|(apr)(?:il)?|(may)|(june?)|(july?)|(aug)(?:ust)?|(sep)(?:t(?:ember)?)?|(oct)(?:ober)?|(nov)(?:ember)?|(dec)(?:ember)?)\.?`

// days are dates as generators and people write them. The groups y, m and d of each are numbers, those of month a name.
var days = []*regexp.Regexp{
	regexp.MustCompile(`^(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})$`),
	regexp.MustCompile(`^(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})$`),
	regexp.MustCompile(`^(?P<y>\d{4})\.(?P<m>\d{1,2})\.(?P<d>\d{1,2})$`),
	regexp.MustCompile(`^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})$`),
	regexp.MustCompile(`^(?P<y>\d{4}) ?年 ?(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?[日号號]$`),
	regexp.MustCompile(`^` + month + `[ /-]?(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:, ?|[ /-])(?P<y>\d{4})$`),
	regexp.MustCompile(`^(?P<d>\d{1,2})(?:st|nd|rd|th)?\.?(?: of)?[ /-]?` + month + `,?[ /-]?(?P<y>\d{4}|\d{2})$`),
	regexp.MustCompile(`^(?P<y>\d{4})[ /-]` + month + `[ /-](?P<d>\d{1,2})$`),
}

// day returns the date that a text is. With a time of day, as in RFC 822, its year may have two digits, which RFC 5322 explains.
func day(text string, timed bool) (y int, m time.Month, d int, ok bool) {
	for _, pattern := range days {
		found := pattern.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		for i, name := range pattern.SubexpNames() {
			switch {
			case i == 0 || found[i] == "":
			case name == "y":
				y = atoi(found[i])
				if len(found[i]) == 2 && !timed {
					return 0, 0, 0, false
				} else if len(found[i]) == 2 {
					y += 1900 + 100*(1-min(y/50, 1))
				}
			case name == "m":
				m = time.Month(atoi(found[i]))
			case name == "d":
				d = atoi(found[i])
			default:
				m = time.Month(strings.Index(months, strings.ToLower(found[i][:3]))/3 + 1)
			}
		}
		at := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		return y, m, d, at.Month() == m && at.Day() == d && y > 0
	}
	return 0, 0, 0, false
}
