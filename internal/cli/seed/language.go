package seed

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// language is what documents of one language are made of.
type language struct {
	topics, titles, sentences, actions, categories, tags []string
	stop                                                 string
}

// The slope of topics: a few are written about all the time, most seldom.
const topicSlope, topicOffset = 1.3, 3

func (l *language) topic(r *rand.Rand) string {
	return l.topics[rand.NewZipf(r, topicSlope, topicOffset, uint64(len(l.topics)-1)).Uint64()] //nolint:gosec // there are topics
}

// title names the topic, and the number of the document in a way that nothing else is named.
func (l *language) title(r *rand.Rand, topic string, n int) string {
	return fmt.Sprintf(pick(r, l.titles), topic) + " " + serial(n)
}

// serial is a number as a word: rare words are what searches of large sites are for.
func serial(n int) string {
	const syllables = "bacedifoguhajekilomunapereqisotuvawexiyozu"
	var out strings.Builder
	for n += 441; n > 0; n /= len(syllables) / 2 {
		at := n % (len(syllables) / 2) * 2
		out.WriteString(syllables[at : at+2])
	}
	return out.String()
}

func (l *language) sentence(r *rand.Rand, topic string) string {
	return fmt.Sprintf(pick(r, l.sentences), topic, pick(r, l.actions)) + l.stop
}

// body is a page of Markdown: two sections, and the topics of others on the way.
func (l *language) body(r *rand.Rand, title, topic string) string {
	var out strings.Builder
	out.WriteString("# " + title + "\n\n")
	for section := range 2 {
		if section > 0 {
			out.WriteString("\n## " + fmt.Sprintf(pick(r, l.titles), l.topic(r)) + "\n\n")
		}
		for range 2 + r.IntN(3) {
			about := topic
			if r.Float64() < 0.4 {
				about = l.topic(r)
			}
			out.WriteString(l.sentence(r, about))
		}
		out.WriteString("\n")
	}
	return out.String()
}

var english = &language{
	stop: ". ",
	topics: []string{
		"caching", "connection pools", "database indexes", "message queues", "rate limiting", "load balancing", "transactions",
		"GraphQL", "Redis", "PostgreSQL", "SQLite", "Docker", "Kubernetes", "TCP", "HTTP", "TLS certificates", "garbage collection",
		"thread pools", "distributed locks", "idempotency", "pagination", "full-text search", "schema migrations", "backups",
		"monitoring", "tracing", "feature flags", "code review", "unit tests", "benchmarks", "memory leaks", "hash tables", "binary trees",
		"bloom filters", "consistent hashing", "consensus", "replication", "sharding", "web sockets", "server-sent events", "Markdown", "Vue",
		"React", "TypeScript", "Go", "Rust", "Python", "Java", "Linux", "Git", "Vim", "regular expressions", "character sets", "time zones",
		"floating point", "compression", "encryption", "password hashing", "access tokens", "cookies",
	},
	titles: []string{
		"Notes on %s", "%s in production", "A short guide to %s", "What we learned about %s", "Common mistakes with %s", "%s, explained",
		"Measuring %s", "How we moved to %s", "Debugging %s", "%s for newcomers",
	},
	sentences: []string{
		"With %s the first thing to do is to %s", "Most teams that use %s forget to %s", "We changed how we handle %s, and began to %s",
		"The documentation of %s says that one should %s", "After the incident with %s we decided to %s", "A good way to understand %s is to %s",
		"Before you touch %s in production, remember to %s", "The cost of %s shows only when you %s",
	},
	actions: []string{
		"measure the latency under load", "write a failing test first", "keep the configuration in one place", "read the error messages twice",
		"set a timeout for every call", "limit how many requests run at once", "log the identifiers of slow requests", "compare two versions side by side",
		"remove what is no longer used", "retry with a growing pause", "look at the query plan", "split the work into small batches",
		"invalidate the entries after the commit", "store the result next to its version", "ask what happens when the server restarts",
		"draw the path of a request", "count the round trips", "watch the memory for a day", "start with the simplest thing that works",
		"agree on names before writing code",
	},
	categories: []string{"databases", "networks", "languages", "operations", "frontend", "algorithms"},
	tags:       []string{"performance", "reliability", "testing", "security", "tools", "architecture", "caching", "storage", "protocols", "basics"},
}

var englishCategories, englishTags = english.categories, english.tags

var chineseLanguage = &language{
	stop: "。",
	topics: []string{
		"缓存", "连接池", "数据库索引", "消息队列", "限流", "负载均衡", "事务", "分布式锁", "线程池", "垃圾回收", "幂等性", "分页查询", "全文搜索",
		"数据迁移", "备份恢复", "监控告警", "链路追踪", "灰度发布", "代码评审", "单元测试", "性能测试", "内存泄漏", "哈希表", "红黑树", "布隆过滤器",
		"一致性哈希", "共识算法", "主从复制", "分库分表", "网络协议", "证书管理", "容器编排", "微服务", "服务发现", "配置中心", "日志收集", "权限控制",
		"单点登录", "密码存储", "正则表达式", "字符编码", "时区处理", "浮点数", "数据压缩", "加密算法", "前端框架", "响应式编程", "组件通信", "状态管理",
		"路由设计", "编译原理", "操作系统", "进程调度", "文件系统", "虚拟内存", "设计模式", "领域建模", "接口设计", "版本控制", "持续集成",
	},
	titles: []string{
		"%s实践笔记", "深入理解%s", "%s入门指南", "%s常见问题", "我们如何改进%s", "一次%s故障的复盘", "%s性能优化", "%s原理与实现", "关于%s的思考", "%s踩坑记录",
	},
	sentences: []string{
		"使用%s的时候，第一步是%s", "很多团队在%s上忽略了%s", "我们重新设计了%s，并且开始%s", "官方文档在介绍%s时建议%s",
		"那次%s故障之后，大家决定%s", "想要理解%s，最好的办法是%s", "在生产环境调整%s之前，记得%s", "%s的代价往往要等到%s才能看出来",
	},
	actions: []string{
		"测量高负载下的延迟", "先写一个失败的测试", "把配置放在同一个地方", "仔细阅读错误信息", "为每次调用设置超时", "限制并发请求的数量", "记录慢请求的标识",
		"对比两个版本的结果", "删除没有人使用的代码", "失败之后延时重试", "查看查询计划", "把任务拆成小批量", "提交之后再让缓存失效", "把结果和版本号一起保存",
		"考虑服务重启时会发生什么", "画出请求经过的路径", "统计网络往返的次数", "连续观察一天的内存", "从最简单可用的方案开始", "写代码之前先统一命名",
	},
	categories: []string{"数据库", "计算机网络", "编程语言", "运维", "前端", "算法"},
	tags:       []string{"性能", "高可用", "测试", "安全", "工具", "架构", "缓存", "存储", "协议", "基础"},
}

var chineseCategories, chineseTags = chineseLanguage.categories, chineseLanguage.tags
