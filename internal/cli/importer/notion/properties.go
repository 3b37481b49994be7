package notion

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// keys are the properties of pages that mean something in front matter, as people name them.
var keys = map[string]string{
	"tags": "tags", "tag": "tags", "labels": "tags", "标签": "tags", "標籤": "tags", "タグ": "tags",
	"category": "category", "categories": "category", "分类": "category", "分類": "category", "类别": "category",
	"date": "date", "publish date": "date", "published date": "date", "日期": "date", "发布日期": "date", "published": "published", "发布": "published",
	"created": "created", "created time": "created", "created at": "created", "date created": "created", "创建时间": "created", "建立時間": "created", "作成日時": "created",
	"author": "author", "authors": "author", "created by": "author", "作者": "author", "创建人": "author", "创建者": "author",
	"description": "description", "summary": "description", "excerpt": "description", "摘要": "description", "描述": "description",
	"status": "status", "状态": "status", "狀態": "status", "draft": "draft", "草稿": "draft", "publish": "publish", "public": "publish", "private": "private",
}

var property = regexp.MustCompile(`^([^:\n]{1,60}): ?(.*)$`)

// Text implements source.Source: the properties that a page of a database begins with become front matter. Those that mean nothing there
// stay in the text.
func (e *export) Text(name, text string) string {
	title, id := split(name)
	if id == "" || strings.HasPrefix(text, "---\n") {
		return text
	}
	heading, rest := "", text
	values := map[string]string{}
	if strings.HasPrefix(text, "# ") {
		heading, rest, _ = strings.Cut(text, "\n")
		heading += "\n\n"
	} else {
		values["title"] = title
	}
	kept, rest := properties(strings.TrimLeft(rest, "\n"), values)
	if len(values) == 0 {
		return text
	}
	matter, err := json.Marshal(values)
	if err != nil {
		return text
	}
	return string(matter) + "\n" + heading + kept + rest
}

// properties sets the values of the properties that a text begins with. It returns the lines of others, and what follows.
func properties(text string, values map[string]string) (kept, rest string) {
	block, rest, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(strings.TrimRight(block, "\n"), "\n")
	if slices.ContainsFunc(lines, func(line string) bool { return !property.MatchString(line) }) {
		return "", text
	}
	for _, line := range lines {
		m := property.FindStringSubmatch(line)
		key, value := keys[strings.ToLower(strings.TrimSpace(m[1]))], strings.TrimSpace(m[2])
		if key == "" {
			kept += line + "\n"
			continue
		}
		if value = understood(key, value); value != "" && values[key] == "" {
			values[key] = value
		}
	}
	if kept != "" {
		kept += "\n"
	}
	return kept, strings.TrimLeft(rest, "\n")
}

// understood returns a value as front matter has it.
func understood(key, value string) string {
	if key == "date" || key == "created" || key == "published" {
		value, _, _ = strings.Cut(strings.TrimPrefix(value, "@"), " → ") // of a time with an end, the start
	}
	return value
}
