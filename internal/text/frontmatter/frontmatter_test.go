package frontmatter_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"docsquare/internal/text/frontmatter"
)

// TestSplit lists texts as generators and people write them: the title and the tags that are read, and the text that is left.
func TestSplit(t *testing.T) {
	for name, c := range map[string]struct {
		file, title, tags, body string
	}{
		"none":                    {"# T\n\ntext\n", "", "", "# T\n\ntext\n"},
		"YAML":                    {"---\ntitle: 缓存：旁路\ntags: [a, b]\n---\n\ntext\n", "缓存：旁路", "a b", "text\n"},
		"fences with blanks":      {"---  \ntitle: a\n--- \t\ntext", "a", "", "text"},
		"ended by dots":           {"---\ntitle: a\n...\ntext", "a", "", "text"},
		"end of the file":         {"---\ntitle: a\n---", "a", "", ""},
		"empty":                   {"---\n---\ntext", "", "", "text"},
		"only comments":           {"---\n# none yet\n\n---\ntext", "", "", "text"},
		"keys in capitals":        {"---\nTitle: a\nTAGS:\n  - b\n---\ntext", "a", "b", "text"},
		"numbers, dates, truth":   {"---\ntitle: 2024\ntags: [2024-01-02, true, 1.50]\n---\n", "2024", "2024-01-02 true 1.50", ""},
		"nested lists":            {"---\ntags: [[misc, research], [x]]\n---\n", "", "misc research x", ""},
		"aliases":                 {"---\nx: &t cache\ntags: [*t, b]\n---\n", "", "cache b", ""},
		"objects":                 {"---\ntags:\n  - name: a\n  - label: b\n  - other: c\n---\n", "", "a", ""},
		"a list of blocks":        {"---\ntags:\n- a\n- b\ntitle: c\n---\n", "c", "a b", ""},
		"text over lines":         {"---\ntitle: \"one\ntwo\"\ntags: a\n---\ntext", "one two", "a", "text"},
		"block scalars":           {"---\ntitle: >-\n  one\n  two\n---\ntext", "one two", "", "text"},
		"keys of Obsidian":        {"---\ntitle: a\ncreated at: x\n标签: b\n---\ntext", "a", "", "text"},
		"a template":              {"---\ntitle: \"{{ x }}\"\n---\ntext", "{{ x }}", "", "text"},
		"TOML":                    {"+++\ntitle = \"TOML 文章\"\ndate = 2024-05-06T07:08:09Z\ntags = [\"redis\"]\n[params]\nx = 1\n+++\n\nbody", "TOML 文章", "redis", "body"},
		"TOML, arrays over lines": {"+++\ntitle = 'a'\ntags = [\n  'b',\n  'c',\n]\n+++\nbody", "a", "b c", "body"},
		"JSON":                    {"{\n  \"title\": \"JSON post\",\n  \"tags\": [\"a\", 1.50]\n}\n\nbody", "JSON post", "a 1.50", "body"},
		"JSON in a line":          {"{\"title\": \"a}b\"}\nbody", "a}b", "", "body"},

		"named YAML":  {"---yaml\ntitle: a\n---\ntext", "a", "", "text"},
		"named yml":   {"--- yml \ntitle: a\n--- \n\ntext", "a", "", "text"},
		"named TOML":  {"---toml\ntitle = 'a'\ntags = ['b']\n---\ntext", "a", "b", "text"},
		"named JSON":  {"---JSON\n{\n  \"title\": \"a\"\n}\n---\ntext", "a", "", "text"},
		"named other": {"---text\ntitle: a\n---\n", "", "", "---text\ntitle: a\n---\n"},

		"a rule":                  {"---\n\ntext\n\n---\nmore", "", "", "---\n\ntext\n\n---\nmore"},
		"a rule and a sentence":   {"---\nsome text\n---\nmore", "", "", "---\nsome text\n---\nmore"},
		"a rule and a table":      {"---\n| a: | b |\n---\n", "", "", "---\n| a: | b |\n---\n"},
		"rules around paragraphs": {"---\n\nNote: this is\na paragraph\n\n---\nmore", "", "", "---\n\nNote: this is\na paragraph\n\n---\nmore"},
		"a rule and a note":       {"---\nNote: important\n\ntext", "", "", "---\nNote: important\n\ntext"},
		"a rule alone":            {"---\n", "", "", "---\n"},
		"dashes":                  {"----\ntitle: a\n----\n", "", "", "----\ntitle: a\n----\n"},
		"not at the start":        {"\n---\ntitle: a\n---\n", "", "", "\n---\ntitle: a\n---\n"},
		"a brace":                 {"{% raw %}\ntext", "", "", "{% raw %}\ntext"},
		"a set":                   {"{a, b}\ntext", "", "", "{a, b}\ntext"},
		"JSON within a sentence":  {"{\"a\": 1} is JSON", "", "", "{\"a\": 1} is JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			block, body, err := frontmatter.Split(c.file)
			if err != nil {
				t.Fatal(err)
			}
			values, err := block.Values()
			if err != nil {
				t.Fatal(err)
			}
			if got := values.Get("title").Text; got != c.title {
				t.Errorf("the title is %q", got)
			}
			if got := strings.Join(values.Get("tags").Texts("name"), " "); got != c.tags {
				t.Errorf("the tags are %q", got)
			}
			if body != c.body {
				t.Errorf("the text is %q", body)
			}
		})
	}
}

// TestBroken lists files whose front matter cannot be read: the error names the line of the file.
func TestBroken(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"two colons":         {"---\ntitle: ok\nsub: a: b\n---\ntext", "line 3: the YAML cannot be read: mapping values are not allowed"},
		"a tab":              {"---\ntitle: ok\nx:\n\t- a\n---\ntext", "line 4: the YAML cannot be read"},
		"an unknown alias":   {"---\ntitle: *none\n---\ntext", "the YAML cannot be read: unknown anchor 'none'"},
		"a list":             {"---\n- a\n- b\n---\ntext", "the front matter must be keys with values"},
		"named, no end":      {"---yaml\ntitle: a\n\ntext", "line 1: the front matter has no end"},
		"named TOML, broken": {"---toml\ntitle = \n---\ntext", "line 2: the TOML cannot be read"},
		"no end":             {"---\ntitle: a\n\ntext", "line 1: the front matter has no end"},
		"no end, whole file": {"---\ntitle: a\n", "line 1: the front matter has no end"},
		"TOML":               {"+++\ntitle = \"a\"\nx = [1\n+++\ntext", "line 3: the TOML cannot be read"},
		"TOML, twice":        {"+++\na = 1\na = 2\n+++\ntext", "the TOML cannot be read"},
		"JSON":               {"{\n  \"title\": \"a\",\n  \"tags\": [a]\n}\ntext", "line 3: the JSON of the front matter cannot be read"},
		"JSON, no end":       {"{\"title\": \"a\"\n\ntext", "line 3: the JSON of the front matter cannot be read"},
		"too many values":    {"---\na: &a [0,0,0,0,0,0,0,0,0,0]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n---\n", "too many values"},
		"an alias of itself": {"---\na: &a [*a]\n---\n", "too many values"},
	} {
		t.Run(name, func(t *testing.T) {
			block, _, err := frontmatter.Split(c.file)
			if err == nil {
				_, err = block.Values()
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestBool(t *testing.T) {
	block, _, err := frontmatter.Split("---\na: true\nb: Yes\nc: 'false'\nd: off\ne: maybe\nf: \n---\n")
	if err != nil {
		t.Fatal(err)
	}
	values, err := block.Values()
	if err != nil {
		t.Fatal(err)
	}
	type truth struct{ Value, OK bool }
	got := map[string]truth{}
	for key := range strings.SplitSeq("abcdef", "") {
		value, ok := values.Get(key).Bool()
		got[key] = truth{value, ok}
	}
	if diff := cmp.Diff(map[string]truth{"a": {true, true}, "b": {true, true}, "c": {false, true}, "d": {false, true}, "e": {}, "f": {}}, got); diff != "" {
		t.Error(diff)
	}
}

// TestLine lists front matter in which a date is in line 3 of the file, or in none alone.
func TestLine(t *testing.T) {
	for file, want := range map[string]int{
		"---\ntitle: a\ndate: soon\n---\n": 3, "---\n标题: a\nDate : soon\n---\n": 3, "---\n# date\n\"date\": soon\n---\n": 3, "+++\ntitle = 'a'\ndate = 'soon'\n+++\n": 3,
		"{\n  \"title\": \"a\",\n  \"date\": \"soon\"\n}\n": 3, "{\"title\": \"a\", \"date\": \"soon\"}\n": 0, "---\ntitle: a\nextra: {date: soon}\n---\n": 0, "text\n\ndate: soon": 0,
	} {
		block, _, err := frontmatter.Split(file)
		if err != nil || block.Line("date") != want {
			t.Errorf("%q: line %d, %v", file, block.Line("date"), err)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("---\ntitle: a\ntags: [b, c]\ndate: 2024-01-01\n---\n# T\n")
	f.Add("+++\na = [1]\n+++\nx")
	f.Add("{\"a\": [1]}\nx")
	f.Add("---\n&a [*a]\n---\nx")
	f.Fuzz(func(t *testing.T, file string) {
		block, body, err := frontmatter.Split(file)
		if !strings.HasSuffix(file, body) || err != nil && body != file {
			t.Errorf("the text %q is no end of the file", body)
		}
		if values, err := block.Values(); err == nil && len(values.Map) > 0 && len(body) == len(file) {
			t.Error("the front matter is in the text")
		}
	})
}
