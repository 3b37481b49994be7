package markdown

// callouts are alerts of GitHub, callouts of Obsidian and directives, and what only looks like them, for TestRender.
var callouts = map[string]string{
	"> [!NOTE]\n> 注意 *这里*":                        `<div class="markdown-alert markdown-alert-note"><p class="markdown-alert-title">Note</p><p>注意 <em>这里</em></p></div>`,
	"> [!warning]\n>\n> Careful":                  `<div class="markdown-alert markdown-alert-warning"><p class="markdown-alert-title">Warning</p><p>Careful</p></div>`,
	"> [!OTHER]\n> a":                             `<blockquote><p>[!OTHER] a</p></blockquote>`,
	"- > [!NOTE]\n  > a":                          `<ul><li><blockquote><p>[!NOTE] a</p></blockquote></li></ul>`,
	"> [!NOTE]":                                   `<blockquote><p>[!NOTE]</p></blockquote>`,
	":::tip 注意\n内容\n:::\n后":                       `<div class="markdown-alert markdown-alert-tip"><p class="markdown-alert-title">注意</p><p>内容</p></div><p>后</p>`,
	"::: danger\na\n\n- b\n:::":                   `<div class="markdown-alert markdown-alert-caution"><p class="markdown-alert-title">Caution</p><p>a</p><ul><li>b</li></ul></div>`,
	":::info[Read this]\na\n:::":                  `<div class="markdown-alert markdown-alert-note"><p class="markdown-alert-title">Read this</p><p>a</p></div>`,
	"::: details 详情\na\n:::":                      `<details><summary>详情</summary><p>a</p></details>`,
	"::: code-group\n```js\n:::\n```\n:::":        `<div><pre class="chroma"><code class="language-js"><span class="o">:::</span></code></pre></div>`,
	"::::tip\n:::note\na\n:::\nb\n::::":           `<div class="markdown-alert markdown-alert-tip"><p class="markdown-alert-title">Tip</p><div class="markdown-alert markdown-alert-note"><p class="markdown-alert-title">Note</p><p>a</p></div><p>b</p></div>`,
	":::unknown\na\n:::":                          `<p>:::unknown a :::</p>`,
	"> [!tip] 自定义 **标题** &amp; `x`\n> 内容":         `<div class="markdown-alert markdown-alert-tip"><p class="markdown-alert-title">自定义 <strong>标题</strong> &amp; <code>x</code></p><p>内容</p></div>`,
	"> [!warning]- Folded\n> - a":                 `<details><summary>Folded</summary><ul><li>a</li></ul></details>`,
	"> [!faq]+\n> a":                              `<details open=""><summary>Faq</summary><p>a</p></details>`,
	"> [!Bug]\n> a":                               `<div class="markdown-alert markdown-alert-caution"><p class="markdown-alert-title">Bug</p><p>a</p></div>`,
	"> [!success] 只有标题":                           `<div class="markdown-alert markdown-alert-tip"><p class="markdown-alert-title">只有标题</p></div>`,
	"> [!tip] [[a]](https://b.c) ![!d]\n> e":      `<div class="markdown-alert markdown-alert-tip"><p class="markdown-alert-title"><a href="https://b.c" rel="nofollow">[a]</a> ![!d]</p><p>e</p></div>`,
	":::note [Pro *一*](https://a.b) {.x}\nc\n:::": `<div class="markdown-alert markdown-alert-note"><p class="markdown-alert-title"><a href="https://a.b" rel="nofollow">Pro <em>一</em></a></p><p>c</p></div>`,
	"- :::details `x` :tada:\n  c\n  :::":         `<ul><li><details><summary><code>x</code> 🎉</summary><p>c</p></details></li></ul>`,
	"::: tabs 标题\na\n:::":                         `<div><p>a</p></div>`,
	"> [!NOTE](https://a.b) c\n> d":               `<blockquote><p><a href="https://a.b" rel="nofollow">!NOTE</a> c d</p></blockquote>`,
	"> [!NOTE]x\n> a":                             `<blockquote><p>[!NOTE]x a</p></blockquote>`,
}
