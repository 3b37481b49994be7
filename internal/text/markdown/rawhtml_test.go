package markdown

// rawHTML is HTML in a text, what is left of it and how it is closed, for TestRender.
var rawHTML = map[string]string{
	"<details><summary>更多</summary>\n\n里面\n\n</details>": `<details><summary>更多</summary><p>里面</p></details>`,
	"H<sub>2</sub>O <kbd>Ctrl</kbd> <mark>m</mark>":      `<p>H<sub>2</sub>O <kbd>Ctrl</kbd> <mark>m</mark></p>`,
	"<div align=\"center\">居中</div>":                     `<div align="center">居中</div>`,
	"<img src=\"/a.png\" width=\"20\" onerror=\"x\">":    `<img src="/a.png" width="20" loading="lazy" decoding="async">`,
	"a <script>alert(1)</script> b":                      `<p>a  b</p>`,
	"<style>p { color: red }</style>\n\nb":               `<p>b</p>`,
	"<a href=\"javascript:x\" onclick=\"x\">文</a>":       `<p>文</p>`,
	"[x](javascript:alert(1)) [y](data:text/html,a)":     `<p>x y</p>`,
	"<div class=\"markdown-alert\" style=\"x\">a</div>":  `<div>a</div>`,
	"<b>open":             `<p><b>open</b></p>`,
	"a</p></div></b>":     `<p>a</p>`,
	"<ul><li>a<li>b</ul>": `<ul><li>a</li><li>b</li></ul>`,
	"<a id=\"x\"/>后 <sup class=\"y\" /> *b*":                   `<p><a id="user-content-x"></a>后 <sup></sup> <em>b</em></p>`,
	"<div/>a\n\n<b/>c":                                         `<div></div>a<p><b></b>c</p>`,
	"## a() <sup class=\"vt\" data-text=\"3.5+\" /> {#b}\n\nc": `<h2 id="user-content-b">a() <sup></sup></h2><p>c</p>`,
	"<h2/>a\n\n<td/><details/>":                                `<h2 id="user-content-section"></h2>a<td></td><details></details>`,
	"<p>a<p>b":                                                 `<p>a</p><p>b</p>`,
	"<!-- hidden --> a":                                        `a`,
	"<input type=\"password\"><form action=\"/x\"><button>b</button></form>": `<p>b</p>`,
	"<ruby>漢<rt>かん</rt></ruby>":                                              `<p><ruby>漢<rt>かん</rt></ruby></p>`,
	"<TabItem value=\"x\">\n\n**a**\n\n</TabItem>":                           `<p><strong>a</strong></p>`,
}
