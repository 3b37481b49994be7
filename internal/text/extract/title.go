package extract

import (
	"regexp"
	"strings"
	"unicode"
)

// maxTitle is the length of a title in bytes.
const maxTitle = 512

// generated are titles that programs write by themselves: the name of the program and of the file, the name of a file alone, and what a new document
// is called.
var generated = []*regexp.Regexp{
	regexp.MustCompile(`(?i)^(microsoft|ms|wps|libreoffice|openoffice)\s*(office\s*)?(word|excel|powerpoint|visio|writer|文字|文档|表格|演示)?\s*[-–—]\s*\S`),
	regexp.MustCompile(`(?i)^\S*[^\s.]\.(docx?|docm|dotx?|rtf|odt|wps|tex|dvi|e?ps|indd|qxd|pub|pages|pptx?|xlsx?|csv|pdf|html?|txt|md|markdown)$`),
	regexp.MustCompile(`(?i)^.*\.(docx?|docm|dotx?|rtf|odt|wps|indd|qxd|pptx?|xlsx?)$`),
	regexp.MustCompile(`(?i)^(the )?(untitled|no title|title|document|doc|dokument|documento|presentation|book|slide|anonymous|print|template)( (document|title|page|presentation))?[ -]?\d*$`),
	regexp.MustCompile(`(?i)^(microsoft )?(word|powerpoint|excel|wps)( |-)*(document|presentation|worksheet|文档|文稿|演示文稿|簡報|文件|工作表)[ -]?\d*$`),
	regexp.MustCompile(`(?i)^(新建|新的|未命名|无标题|無標題|無題)\s*(microsoft )?(word|powerpoint|wps|docx?)?\s*(文档|文件|文稿|演示文稿)?[ -]?\d*$`),
	regexp.MustCompile(`(?i)^(文档|文稿|文件|演示文稿)[ -]?\d*$`),
}

// titleOf returns the title of the metadata in one line. It is empty if no person has given that title.
func titleOf(text string) string {
	c := collector{limit: maxTitle}
	for word := range strings.FieldsSeq(text) {
		c.separate(' ')
		c.write(word)
	}
	title := c.String()
	bare := strings.TrimFunc(title, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsSpace(r) })
	if bare == "" {
		return ""
	}
	for _, pattern := range generated {
		if pattern.MatchString(title) || pattern.MatchString(bare) {
			return ""
		}
	}
	return title
}
