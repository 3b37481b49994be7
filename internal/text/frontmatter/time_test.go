package frontmatter_test

import (
	"strings"
	"testing"
	"time"

	"docsquare/internal/text/frontmatter"
)

// TestDates lists dates as the files have them.
func TestDates(t *testing.T) {
	day := time.Date(2019, 3, 4, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2019-03-04": day, "2019/3/4": day, "2019.03.04": day, "2019年3月4日": day, "2019年03月04日 08:09": day.Add(8*time.Hour + 9*time.Minute),
		"20190304": day, "March 4, 2019": day, "Mar 4, 2019": day, "4 March 2019": day, "Mon, 04 Mar 2019 00:00:00 GMT": day,
		"2019-03-04 05:06:07 +0800": day.Add(-3*time.Hour + 6*time.Minute + 7*time.Second), "2019-03-04T05:06:07+0800": day.Add(-3*time.Hour + 6*time.Minute + 7*time.Second),
		"2019-03-04T05:06:07+08:00": day.Add(-3*time.Hour + 6*time.Minute + 7*time.Second), "2019-03-04 05:06:07+08": day.Add(-3*time.Hour + 6*time.Minute + 7*time.Second),
		"2019-03-04T05:06:07.5Z": day.Add(5*time.Hour + 6*time.Minute + 7500*time.Millisecond), "2019-03-04 05:06": day.Add(5*time.Hour + 6*time.Minute),
		"2019-03-04t05:06:07": day.Add(5*time.Hour + 6*time.Minute + 7*time.Second), " 2019-03-04 ": day, "2019-03-04 5:06 PM": day.Add(17*time.Hour + 6*time.Minute),
		"2019/03/04 5:06 PM": day.Add(17*time.Hour + 6*time.Minute), "2019-03-04 5:06pm": day.Add(17*time.Hour + 6*time.Minute), "Mar 4, 2019 5:06 a.m.": day.Add(5*time.Hour + 6*time.Minute),
		"March 4th, 2019": day, "March 4 2019": day, "２０１９-０３-０４": day, "2019年３月４日": day, "2019-03-04T05:06:07+08:00[Asia/Shanghai]": day.Add(-3*time.Hour + 6*time.Minute + 7*time.Second),
		"1551657600": day, "1551657600000": day,
	} {
		if at, err := frontmatter.Time(text); err != nil || !at.Equal(want) {
			t.Errorf("%q is %v, %v", text, at, err)
		}
	}
	for _, text := range []string{"", "yesterday", "2019-13-04", "2019-02-30", "03/04/2019", "04.03.2019", "2019-03", "平成31年3月4日", "2019-03-04 13:06 PM", "12", "2019-03-04T25:00:00Z"} {
		if at, err := frontmatter.Time(text); err == nil {
			t.Errorf("%q is %v", text, at)
		}
	}
}

// TestDatesOfPrograms lists dates as generators, mail, browsers and note-taking programs write them, in Chinese and in English.
func TestDatesOfPrograms(t *testing.T) {
	at := time.Date(2024, 5, 6, 9, 6, 0, 0, time.UTC) // 17:06 in China
	for program, texts := range map[string][]string{
		"Jekyll, Ruby":  {"2024-05-06 09:06:00 UTC", "2024-05-06 17:06:00 +0800", "Mon May 06 17:06:00 +0800 2024", "2024-05-06 04:06:00 EST"},
		"ISO 8601":      {"2024-05-06T17:06+08:00", "2024-05-06T09:06Z", "2024-5-6T9:06:00", "20240506T090600Z", "20240506T0906", "2024-05-06T17:06+08", "2024-05-06 17:06:00.000+0800"},
		"RFC 822, 5322": {"Mon, 06 May 2024 17:06:00 +0800", "06 May 24 09:06 UTC", "Mon, 6 May 2024 17:06 +0800 (CST)", "06 May 24 02:06 PDT", "Monday, 06-May-24 09:06:00 GMT", "6 May 2024 09:06:00 UT"},
		"JavaScript": {
			"Mon May 06 2024 17:06:00 GMT+0800 (China Standard Time)", "Mon May 06 2024 17:06:00 GMT+0800 (中国标准时间)", "Mon, 06 May 2024 09:06:00 GMT",
			"2024/5/6 下午5:06:00 GMT+8", "May 6, 2024, 9:06:00\u202fAM", "Monday, May 6, 2024 at 9:06 AM",
		},
		"YAML":          {"2024-05-06 04:06:00.0 -5", "2024-05-06t04:06:00.00-05:00", "2024-05-06 9:06:00", "2024-05-06 17:06:00 +8"},
		"Notion":        {"May 6, 2024 5:06 PM (GMT+8)", "2024/05/06 17:06 (GMT+8)", "2024年5月6日 17:06 (GMT+8)", "2024年5月6日 下午5:06 (GMT+8)", "May 6, 2024 2:36 PM (GMT+5:30)"},
		"Go, git, date": {"2024-05-06 17:06:00 +0800 CST", "Mon May 6 17:06:00 2024 +0800", "Mon May  6 09:06:00 2024", "Mon May  6 09:06:00 UTC 2024", "06/May/2024 17:06:00 +0800"},
		"Java":          {"2024-05-06T17:06:00+08:00[Asia/Shanghai]", "2024-05-06T17:06[Asia/Shanghai]", "2024-05-06T09:06Z[UTC]", "2024-05-06 17:06:00 Asia/Shanghai"},
		"Org":           {"2024-05-06 Mon 09:06", "2024-05-06 (一) 09:06"},
		"Chinese": {
			"2024年5月6日 上午9:06", "2024年5月6日 星期一 上午9:06", "2024年05月06日09:06", "2024年5月6日上午9时6分", "2024年5月6日 9点06分00秒", "2024年5月6日（星期一）上午 9：06", "２０２４年５月６日　０９：０６",
			"2024-05-06 周一 09:06:00", "2024/5/6 早上9:06", "2024年5月6日(月) 午前9:06", "2024年5月6日月曜日 9時06分",
		},
		"people": {"May 6th, 2024 at 9:06 AM", "6th of May 2024 9:06 a.m.", "2024-05-06, 09:06", "2024.05.06 09:06", "2024 May 6 9:06am", "6-May-2024 09:06", "Monday, May 6 2024 9:06 A.M."},
	} {
		for _, text := range texts {
			if got, err := frontmatter.Time(text); err != nil || !got.Equal(at) {
				t.Errorf("%s: %q is %v, %v", program, text, got, err)
			}
		}
	}
	for _, text := range []string{"2024年5月6日 星期一", "2024年5月6日（周一）", "星期一，2024年5月6日", "Monday, May 6, 2024", "2024-05-06 (Mon)", "Sept 6, 2024", "06-May-2024", "6. May 2024", "2024-May-06", "May. 6, 2024", "2024年5月6號"} {
		if got, err := frontmatter.Time(text); err != nil || got.Day() != 6 || got.Year() != 2024 || got.Hour() != 0 {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for text, want := range map[string]int{"2024-05-06 12:06 AM": 0, "2024年5月6日 凌晨0:06": 0, "2024年5月6日 中午12:06": 12, "2024年5月6日 中午1:06": 13, "2024年5月6日 中午11:06": 11, "2024年5月6日 晚上8:06": 20, "2024-05-06 12:06 pm": 12, "2024年5月6日 午後1時06分": 13} {
		if got, err := frontmatter.Time(text); err != nil || got.Hour() != want || got.Minute() != 6 {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
}

// TestDatesThatAreNotCertain lists texts that could be several moments, or none.
func TestDatesThatAreNotCertain(t *testing.T) {
	for _, text := range []string{
		"星期一", "下午5:06", "6/5/2024 17:06", "6/5/2024, 5:06:00 PM", "2024-05", "2024", "2024年5月", "06 May 24", "May 6", "2024-05/06", "2024-02-30 17:06", "2024年2月30日",
		"2024-05-06 17:06 CST", "2024-05-06 17:06 IST", "2024-05-06 17:06 Nowhere/Else", "2024-05-06 17:06 +1500", "2024-05-06 17:06 +08:60", "2024-05-06 17:06 +080", "2024-05-06 17:06 2024", "Mon May 6 2024 17:06 2024",
		"2024-05-06 24:00", "2024-05-06 17:60", "2024-05-06 17:06:61", "2024-05-06 5:6", "2024-05-0617:06", "2024年5月6日 下午13:06", "2024年5月6日 晚上12:00", "2024-05-06 17:06 or so", "about 2024-05-06", "2024-05-06 2024-05-07",
		"6. Mai 2024", "2024-W19-1", "{{ date }}", "0000-01-01", "2024-00-01", "17:06", "(GMT+8)", "2024-05-06" + strings.Repeat(" ", 200),
	} {
		if at, err := frontmatter.Time(text); err == nil {
			t.Errorf("%q is %v", text, at)
		}
	}
}

func FuzzTime(f *testing.F) {
	for _, text := range []string{"2024-05-06T07:08:09+08:00", "Mon May 06 2024 17:06:00 GMT+0800 (China Standard Time)", "2024年5月6日 下午5:06 (GMT+8)", "06 May 24 17:06 UTC"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := frontmatter.Time(text)
		if err != nil {
			return
		}
		if again, err := frontmatter.Time(at.Format(time.RFC3339Nano)); at.Year() > 0 && at.Year() < 9999 && (err != nil || !again.Equal(at)) {
			t.Errorf("%q is %v, then %v, %v", text, at, again, err)
		}
	})
}
