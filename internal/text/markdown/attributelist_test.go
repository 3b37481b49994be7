package markdown

// attributeLists are lists of attributes, and what only looks like them, for TestRender.
var attributeLists = map[string]string{
	"段落\n{: .lead}":                                   `<p>段落</p>`,
	"{: .lead #x}\ntext\nmore":                        `<p id="user-content-x">text more</p>`,
	"text\n{: #x}\n\n[a](#x)":                         `<p id="user-content-x">text</p><p><a href="#user-content-x">a</a></p>`,
	"- a\n\n\n> b\n\n{: #x}\n说明":                      `<ul><li>a</li></ul><blockquote><p>b</p></blockquote><p id="user-content-x">说明</p>`,
	"a\n\n{: .b}\n\nc":                                `<p>a</p><p>c</p>`,
	"|a|\n|-|\n|b|\n{: .table .table-striped}":        `<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>`,
	"```\nx\n```\n{: .language-ruby .numberLines}\n后": `<pre class="chroma"><code>x</code></pre><p>后</p>`,
	"> 引文\n{: .prompt-tip }":                          `<blockquote><p>引文</p></blockquote>`,
	"- a\n- b\n{: .list}":                             `<ul><li>a</li><li>b</li></ul>`,
	"* TOC\n{:toc}\n\n# 用法":                           `<h1 id="user-content-用法">用法</h1>`,
	"1. 目录\n{:toc}\n\n正文":                             `<p>正文</p>`,
	"[a](/b){:target=\"_blank\"} c":                   `<p><a href="/b">a</a> c</p>`,
	"![图](/a.png){: width=\"300\" .center}。":          `<p><img src="/a.png" alt="图" loading="lazy" decoding="async">。</p>`,
	"![a](/a.png){ width=300 loading=lazy }":          `<p><img src="/a.png" alt="a" loading="lazy" decoding="async"></p>`,
	"[a](/b){.button .primary #x}":                    `<p><a href="/b">a</a></p>`,
	"**重点**{: .red}和`code`{:.language-go}":            `<p><strong>重点</strong>和<code>code</code></p>`,
	"*a*{:.b}\n中文\n{:.c}":                             `<p><em>a</em> 中文</p>`,
	"a {: .b} c":                                      `<p>a {: .b} c</p>`,
	"x_{:,i} and a[0]{b} (c){d=1}":                    `<p>x_{:,i} and a[0]{b} (c){d=1}</p>`,
	"`[a](b){:.c}` \\[a](b){:.c":                      `<p><code>[a](b){:.c}</code> [a](b){:.c</p>`,
	"`a`{b: 1} [c](/d){e}":                            `<p><code>a</code>{b: 1} <a href="/d">c</a>{e}</p>`,
}
