package seed

import (
	"math/rand/v2"
	"strings"
	"unicode"
)

// chinese reports whether a title has Chinese characters: readers answer in the language of the document.
func chinese(title string) bool {
	return strings.ContainsFunc(title, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

func opinion(r *rand.Rand, chinese bool) string {
	if chinese {
		return pick(r, chineseOpinions)
	}
	return pick(r, englishOpinions)
}

func reply(r *rand.Rand, chinese bool) string {
	if chinese {
		return pick(r, chineseReplies)
	}
	return pick(r, englishReplies)
}

func pick(r *rand.Rand, texts []string) string { return texts[r.IntN(len(texts))] }

var englishOpinions = []string{
	"Clear and to the point, thank you.",
	"The table in the middle answered my question.",
	"I had to read the second section twice, but then it made sense.",
	"Could you add a complete example at the end?",
	"Saved for later. This is the explanation I was looking for.",
	"The code block works as it is, I have just tried it.",
	"One thing is missing: what happens when the request fails halfway?",
	"I would move the summary to the top.",
	"Good comparison. I did not know about the second option.",
	"We do almost the same, only with a shorter timeout.",
	"Is this still true for the latest version?",
	"Short enough to send to a new colleague.",
	"The link in the last paragraph leads nowhere for me.",
	"This saved me an afternoon.",
	"I disagree with the conclusion, but the measurements are useful.",
	"Please keep this page up to date, we link to it.",
	"What would you change for a much larger data set?",
	"The headings make it easy to find things again.",
}

var englishReplies = []string{
	"Same here.",
	"It does, I checked this week.",
	"Good point, that deserves its own section.",
	"For us it depends on the size of the page.",
	"Thanks, that helps.",
	"See the part about limits, it is mentioned there.",
	"I read it differently: the order matters, not the number.",
	"Yes, and it is worth measuring before changing anything.",
	"That was my first thought too.",
	"Try it with an empty database first.",
}

var chineseOpinions = []string{
	"讲得很清楚，谢谢分享。",
	"中间那张表格正好解答了我的疑问。",
	"第二节读了两遍才明白，不过很值得。",
	"能不能在最后补一个完整的例子？",
	"先收藏，回头再仔细看。",
	"代码可以直接运行，刚刚试过了。",
	"如果请求执行到一半失败了，应该怎么处理？",
	"建议把总结放到最前面。",
	"对比做得不错，第二种方案我之前没注意到。",
	"我们的做法差不多，只是超时时间更短。",
	"新版本里还是这样吗？",
	"篇幅适中，适合发给新同事。",
	"最后一段的链接打不开了。",
	"帮我省了一个下午的时间。",
	"结论我不完全同意，但数据很有参考价值。",
	"希望持续更新，我们内部文档引用了这篇。",
	"数据量再大一些的话，方案要怎么调整？",
	"标题层次清楚，之后回来查也很方便。",
}

var chineseReplies = []string{
	"同感。",
	"还是这样，这周刚确认过。",
	"说得对，值得单独写一节。",
	"我们这边主要看每页的大小。",
	"明白了，谢谢。",
	"文中关于限制的部分提到过。",
	"我的理解不太一样：关键是顺序，不是数量。",
	"是的，改之前最好先测一下。",
	"我一开始也是这么想的。",
	"可以先用空数据库试试。",
}
