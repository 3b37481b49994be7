package comment_test

import (
	"testing"

	"docsquare/internal/cli/importer/comment"
)

func TestRemove(t *testing.T) {
	for _, kind := range []struct {
		name  string
		from  func(string) string
		cases map[string]string
	}{
		{"Obsidian", removing(comment.Obsidian), map[string]string{
			"a %%b%% c %%d%%":             "a  c ",
			"a\n%%\nb\n\nc\n%%\nd\n":      "a\n\nd\n",
			"a %%b\nc%% d":                "a  d",
			"`%%a%%` ``b ` %%`` %%c%%":    "`%%a%%` ``b ` %%`` ",
			"```\n%%a%%\n```\n%%b%%":      "```\n%%a%%\n```\n",
			"100% and 50%":                "100% and 50%",
			"%%\n```\nsecret\n```\n%%\nx": "\nx",
			"%% never closed\nsecret":     "",
			"%%密码%%正文":                    "正文",
		}},
		{"kramdown", removing(comment.Kramdown), map[string]string{
			"a\n\n{::comment}\nsecret\n\n密码\n{:/comment}\n\nb\n": "a\n\n\n\nb\n",
			"a {::comment}x{:/} b":                        "a  b",
			"{::comment this=\"that\"}\nx\n{:/comment}\n": "\n",
			"`{::comment}` b":                             "`{::comment}` b",
			"~~~\n{::comment}\nx\n{:/comment}\n~~~\n":     "~~~\n{::comment}\nx\n{:/comment}\n~~~\n",
			"{::comment}\nno end":                         "",
			"{::comments} {::nomarkdown}a{:/}":            "{::comments} {::nomarkdown}a{:/}",
		}},
		{"MDX", removing(comment.MDX), map[string]string{
			"a {/* b */} c": "a  c",
			"{/*\n  待改写\n\n  x\n*/}\n\n正文\n": "\n\n正文\n",
			"{ /* a */ }b":             "b",
			"`{/* a */}`":              "`{/* a */}`",
			"```jsx\n{/* a */}\n```\n": "```jsx\n{/* a */}\n```\n",
			"{a /* b */} /* c */":      "{a /* b */} /* c */",
			"> {/* a\n> b */} c\n":     ">  c\n",
		}},
		{"Nunjucks", removing(comment.Nunjucks), map[string]string{
			"a {# b #} c":            "a  c",
			"{#\n草稿\n#}\n正文":         "\n正文",
			"## a {#b}":              "## a {#b}",
			"## a {#b}\n## c {#d}\n": "## a {#b}\n## c {#d}\n",
			"`{# a #}`":              "`{# a #}`",
			"```\n{# a #}\n```":      "```\n{# a #}\n```",
		}},
		{"Liquid", comment.RemoveLiquid, map[string]string{
			"a {% comment %}b{% endcomment %} c":                            "a  c",
			"{%- comment -%}\n密码\n\n{%- endcomment -%}\n正文":                 "\n正文",
			"{% # raw %}a{%- # 另一行\n# two -%}b":                             "ab",
			"```\n{% comment %}\nx\n{% endcomment %}\n```":                  "```\n\n```",
			"{% raw %}{% comment %}a{% endcomment %}{% endraw %}":           "{% raw %}{% comment %}a{% endcomment %}{% endraw %}",
			"{% comment %}{% raw %}a{% endraw %}{% endcomment %}b":          "b",
			"{% comment %}\nno end":                                         "",
			"{% comments %} {% include comment.html %} {{ \"# %}\" }}":      "{% comments %} {% include comment.html %} {{ \"# %}\" }}",
			"{% comment %}a{% endcomment %}b{% comment %}c{% endcomment %}": "b",
		}},
		{"Hugo", comment.RemoveShortcodes, map[string]string{
			"a {{% comment %}} b {{% /comment %}} c":      "a  c",
			"{{< comment >}}\n密码\n\n{{< /comment >}}\n正文": "\n正文",
			"```\n{{% comment %}}x{{%/comment%}}\n```":    "```\n\n```",
			"{{</* comment */>}}a{{</* /comment */>}}":    "{{</* comment */>}}a{{</* /comment */>}}",
			"{{< comments >}} {{/* a */}}":                "{{< comments >}} {{/* a */}}",
			"{{% comment %}}\nno end":                     "",
		}},
	} {
		t.Run(kind.name, func(t *testing.T) {
			for text, want := range kind.cases {
				if got := kind.from(text); got != want {
					t.Errorf("%q: %q, want %q", text, got, want)
				}
			}
		})
	}
}

func removing(s comment.Syntax) func(string) string {
	return func(text string) string { return comment.Remove(text, s) }
}
