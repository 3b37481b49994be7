package markdown

// jsx is what Docusaurus and other users of MDX write, and what only looks like it, for TestRender.
var jsx = map[string]string{
	"<Tabs\n  values={[\n    {label: 'A > B', value: 'a'},\n  ]}>\n<TabItem value=\"a\">\n\n一\n\n</TabItem>\n</Tabs>": `<p>一</p>`,
	"<Tabs groupId=\"x\" values={[{a: 1}]}>\n\n- a\n\n</Tabs>":                                                        `<ul><li>a</li></ul>`,
	"前 <Icon size={24} name=\"x\" /> 后":                                                                               `<p>前  后</p>`,
	"a\n<Image img={require('./a.png')}\n  alt=\"}\" />\nb":                                                           `<p>a</p><p>b</p>`,
	"- <Card data={x}>\n  b\n\n  </Card>":                                                                             `<ul><li><p>b</p></li></ul>`,
	"import Tabs from '@theme/Tabs';\nimport TabItem from '@theme/TabItem';\n\n<Tabs>":                                ``,
	"import Install, { X as Y } from \"../_install.mdx\"\n正文\n\n<Y/>":                                                 `<p>正文</p>`,
	"import { ref } from 'vue'\n\n<ref>":                                                                              `<p>import { ref } from 'vue'</p>`,
	"import Vue from 'vue'":                                                                                           `<p>import Vue from 'vue'</p>`,
	"> import Tabs from 'x'\n\n<Tabs>":                                                                                `<blockquote><p>import Tabs from 'x'</p></blockquote>`,
	"`<Tabs a={1}>`\n\n    <Tabs a={1}>":                                                                              `<p><code>&lt;Tabs a={1}&gt;</code></p><pre class="chroma"><code>&lt;Tabs a={1}&gt;</code></pre>`,
	"Map<String, {a}> and List<T {":                                                                                   `<p>Map&lt;String, {a}&gt; and List&lt;T {</p>`,
	"<Tabs a={1\n\nb":                                                                                                 `<p>&lt;Tabs a={1</p><p>b</p>`,
	"<Foo a={1 }} b>":                                                                                                 `<p>&lt;Foo a={1 }} b&gt;</p>`,
	"a < B && {c} > d":                                                                                                `<p>a &lt; B &amp;&amp; {c} &gt; d</p>`,
}
