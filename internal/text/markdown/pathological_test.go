package markdown

import "strings"

// pathological makes texts of about n bytes that some renderer of Markdown, this one included, once took much too long or too
// much memory for.
var pathological = map[string]func(n int) string{
	"same headings":                repeat("# a\n"),
	"setext headings":              repeat("标题\n---\n"),
	"numbered headings":            func(n int) string { return repeat("# a-1\n")(n/2) + repeat("# a\n")(n/2) },
	"headings with ids":            repeat("# a {#a}\n"),
	"attribute lines":              repeat("{:.a}\n"),
	"attributes":                   repeat("*a*{:.b}"),
	"unclosed lists of attributes": repeat("[a](b){:c=\"d "),
	"lists of headings":            repeat("- a\n{:toc}\n\n1. b\n{:toc}\n\n"),
	"callouts":                     repeat("> [!tip]- a *b*\n> c\n\n"),
	"wide table, short rows": func(n int) string {
		k := n / 6
		return times("|a", k) + "|\n" + times("|-", k) + "|\n" + times("b\n", k)
	},
	"tables":                   repeat("|a|b|\n|-|:-:|\n|c|\n\n"),
	"aligned cells":            func(n int) string { return "|a|b|\n|:-:|:-:|\n" + times("|c|d|\n", n/6) },
	"escaped pipes":            func(n int) string { return "|a|\n|-|\n" + times("|`\\|`|\n", n/7) },
	"long reference":           func(n int) string { return "[a]: /" + times("x", n/2) + "\n\n" + times("[a] ", n/8) },
	"reference titles":         func(n int) string { return "[a]: / \"" + times("x", n/2) + "\"\n\n" + times("[a] ", n/8) },
	"definitions":              repeat("[a]: b\n"),
	"definitions, open title":  repeat("[a]: b '\n"),
	"definitions in one label": repeat("[a\n"),
	"open brackets":            repeat("["),
	"closed brackets":          repeat("]"),
	"brackets":                 func(n int) string { return times("[", n/2) + times("]", n/2) },
	"empty links":              repeat("[]()"),
	"open links":               repeat("[a](b "),
	"open link titles":         repeat("[a](b \""),
	"links in links":           repeat("[[a](b)](c)"),
	"open images":              repeat("![[]()"),
	"emphasis in links":        repeat("[*a](b)"),
	"broken references":        repeat("[a][b"),
	"shortcut references":      repeat("[a]\n"),
	"stars":                    repeat("*"),
	"openers and closers":      func(n int) string { return times("*a ", n/6) + times("b_ ", n/6) },
	"mixed delimiters":         repeat("*a_ **b__ ~~c"),
	"nested emphasis":          repeat("*a **b "),
	"cjk emphasis":             repeat("**。"),
	"marks":                    repeat("==a =="),
	"open components":          repeat("<A {"),
	"open components in lines": repeat("<A {\n"),
	"components":               repeat("<A b={c}>\n"),
	"imports":                  func(n int) string { return times("import A from 'b'\n\n", n/40) + times("<A/> ", n/10) },
	"tildes":                   repeat("~a ~~b "),
	"backticks":                func(n int) string { return growing("`", "a", n) },
	"backticks in lines":       func(n int) string { return growing("`", "\n", n) },
	"quotes":                   repeat("> "),
	"quotes in quotes":         repeat("> > > > > > > > a\n"),
	"deep quotes and text":     func(n int) string { return times(">", n/4) + "a\n" + times("b\n", n/4) },
	"nested lists":             func(n int) string { return growing("  ", "- a\n", n) },
	"lists in a line":          repeat("- "),
	"lists and blank lines":    func(n int) string { return times("- ", n/4) + "a\n" + times("\n", n/2) },
	"list items":               repeat("- a\n"),
	"ordered lists":            repeat("1. a\n\n"),
	"tasks":                    repeat("- [ ] a\n"),
	"footnotes":                func(n int) string { return times("[^1] ", n/5) + "\n\n[^1]: a\n" },
	"definitions of footnotes": func(n int) string { return numbered("[^%]: a\n\n", n) },
	"footnotes backwards":      backwards,
	"raw tags":                 repeat("<b>"),
	"different raw tags":       func(n int) string { return numbered("<b id=%>", n) },
	"raw end tags":             repeat("</div>"),
	"open tags":                repeat("<a x=\""),
	"open attributes":          repeat("<a "),
	"open comments":            repeat("<!-- a "),
	"open processing":          repeat("a <? "),
	"open cdata":               repeat("a <![CDATA["),
	"html blocks":              repeat("<div>\n\n"),
	"open tables":              repeat("<table><tr><td>"),
	"details":                  repeat("<details><summary>a</summary>\n\n"),
	"entities":                 repeat("&amp;"),
	"ampersands":               repeat("&"),
	"open entities":            repeat("&#1"),
	"angle brackets":           repeat("<"),
	"quotation marks":          repeat("\""),
	"URLs":                     repeat("http://a.b "),
	"URLs without end":         repeat("www.a.b/("),
	"closed parentheses":       func(n int) string { return "http://a.b/" + times(")", n) },
	"schemes":                  repeat("http:"),
	"e-mail addresses":         repeat("a@b.c "),
	"e-mail without end":       repeat("a@"),
	"underscored addresses":    repeat("_a@b.c"),
	"dots":                     repeat("www."),
	"dollars":                  repeat("$a "),
	"double dollars":           repeat("$$ a\n"),
	"dollar lines":             repeat("$$\n\n"),
	"colons":                   repeat(":a"),
	"directives":               repeat("::: tip\n"),
	"alerts":                   repeat("> [!NOTE]\n> a\n\n"),
	"code":                     func(n int) string { return "```go\n" + times("a b ", n/4) + "\n```\n" },
	"code blocks":              repeat("```js\na\n```\n"),
	"open code":                repeat("```\n~~~\n"),
	"code with quotes":         func(n int) string { return "```python\n" + times("\"", n) + "\n```\n" },
	"code with brackets":       func(n int) string { return "```c++\n" + times("((", n/2) + "\n```\n" },
	"code with strings":        func(n int) string { return "```ruby\n" + times("<<A ", n/4) + "\n```\n" },
	"indented code":            repeat("    a\n\n"),
	"tabs":                     repeat("\t- a\n"),
	"breaks":                   repeat("a  \n"),
	"soft breaks":              repeat("字\n"),
	"rules":                    repeat("---\n"),
	"front matter":             func(n int) string { return "---\n" + times("a: b\n", n/5) },
	"one line":                 repeat("word "),
	"one word":                 repeat("字"),
	"backslashes":              repeat("\\"),
	"emoji":                    repeat(":tada:"),
}

func repeat(s string) func(n int) string { return func(n int) string { return times(s, n/len(s)) } }

func times(s string, n int) string { return strings.Repeat(s, max(n, 0)) }

// growing repeats s once more in each turn.
func growing(s, end string, n int) string {
	var out strings.Builder
	for k := 1; out.Len() < n; k++ {
		out.WriteString(times(s, k) + end)
	}
	return out.String()
}

func numbered(pattern string, n int) string {
	var out strings.Builder
	for k := 0; out.Len() < n; k++ {
		out.WriteString(strings.ReplaceAll(pattern, "%", number(k)))
	}
	return out.String()
}

func backwards(n int) string {
	k := n / 24
	var uses, definitions strings.Builder
	for i := range k {
		uses.WriteString("[^" + number(k-i) + "] ")
		definitions.WriteString("[^" + number(i) + "]: a\n\n")
	}
	return definitions.String() + uses.String()
}

func number(k int) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	s := ""
	for ; k > 0 || s == ""; k /= len(digits) {
		s = digits[k%len(digits):k%len(digits)+1] + s
	}
	return s
}
