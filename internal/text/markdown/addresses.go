package markdown

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// addresses finds URLs in text, as GitHub's autolink extension does, also next to Chinese and Japanese text.
type addresses struct{}

// Trigger returns the characters that follow "http" and "www".
func (addresses) Trigger() []byte { return []byte{':', '.'} }

var schemes = [][]byte{[]byte("https"), []byte("http"), []byte("ftp")}

// Parse takes the scheme back from the text before the colon, and goes on to the end of the address.
func (addresses) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if pc.IsInLinkLabel() {
		return nil
	}
	line, segment := block.PeekLine()
	last, ok := parent.LastChild().(*ast.Text)
	if !ok || segment.Padding != 0 || last.Segment.Stop != segment.Start || last.SoftLineBreak() || last.HardLineBreak() || last.IsRaw() {
		return nil
	}
	before := last.Segment.Value(block.Source())
	if line[0] == '.' {
		n := len("www")
		if !endsWithWord(before, []byte("www")) || hostLength(line[1:]) == 0 || len(before) > n && bytes.IndexByte([]byte("./@-:="), before[len(before)-n-1]) >= 0 {
			return nil // a part of another name
		}
		return cutAddress(parent, last, block, n, addressLength(line, 1), []byte("http"))
	}
	if !bytes.HasPrefix(line, []byte("://")) {
		return nil
	}
	for _, s := range schemes {
		if endsWithWord(before, s) {
			if hostLength(line[3:]) == 0 {
				return nil
			}
			return cutAddress(parent, last, block, len(s), addressLength(line, 3), nil)
		}
	}
	return nil
}

// endsWithWord reports whether a text ends with a word and not with a longer one of ASCII letters and digits.
func endsWithWord(s, word []byte) bool {
	if len(s) < len(word) || !bytes.EqualFold(s[len(s)-len(word):], word) {
		return false
	}
	return len(s) == len(word) || !util.IsAlphaNumeric(s[len(s)-len(word)-1])
}

// cutAddress makes a link of the last n bytes of a text and the next bytes of the line.
func cutAddress(parent ast.Node, last *ast.Text, block text.Reader, n, next int, protocol []byte) ast.Node {
	_, segment := block.PeekLine()
	start := segment.Start - n
	if last.Segment = last.Segment.WithStop(start); last.Segment.IsEmpty() {
		parent.RemoveChild(parent, last)
	}
	block.Advance(next)
	link := ast.NewAutoLink(ast.AutoLinkURL, ast.NewTextSegment(text.NewSegment(start, segment.Start+next)))
	link.Protocol = protocol
	return link
}

// hostLength returns the length of the name of a host at the start of s. In a name that begins in ASCII, Chinese or Japanese
// text is no part of it.
func hostLength(s []byte) int {
	ascii, letters := len(s) > 0 && s[0] < utf8.RuneSelf, false
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRune(s[i:])
		switch {
		case r == '.' || r == '-' || r == '_':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if ascii && isIdeographic(r) {
				return given(letters, i)
			}
			letters = true
		default:
			return given(letters, i)
		}
		i += size
	}
	return given(letters, len(s))
}

func given(ok bool, n int) int {
	if ok {
		return n
	}
	return 0
}

// addressLength returns the length of an address whose host starts at an index of the line.
func addressLength(line []byte, host int) int {
	end := host + hostLength(line[host:])
	if r, _ := utf8.DecodeRune(line[end:]); r < utf8.RuneSelf || !isIdeographic(r) { // else text follows the host
		for end < len(line) {
			r, size := utf8.DecodeRune(line[end:])
			if r == '<' || unicode.IsSpace(r) || isCJKPunctuation(r) || r == utf8.RuneError ||
				bytes.HasPrefix(line[end:], []byte("**")) || bytes.HasPrefix(line[end:], []byte("~~")) {
				break
			}
			end += size
		}
	}
	return trimAddress(line[:end])
}

// trimAddress returns the length of an address without the punctuation of the sentence around it.
func trimAddress(s []byte) int {
	surplus := bytes.Count(s, []byte(")")) - bytes.Count(s, []byte("("))
	for len(s) > 0 {
		switch s[len(s)-1] {
		case '?', '!', '.', ',', ':', '*', '_', '~', '\'', '"':
			s = s[:len(s)-1]
		case ')':
			if surplus <= 0 {
				return len(s)
			}
			surplus--
			s = s[:len(s)-1]
		case ';':
			start := len(s) - 1
			for start > 0 && util.IsAlphaNumeric(s[start-1]) {
				start--
			}
			if start == 0 || s[start-1] != '&' {
				s = s[:len(s)-1]
				continue
			}
			s = s[:start-1]
		default:
			return len(s)
		}
	}
	return 0
}

const (
	maxLocalPart = 64
	maxDomain    = 255
)

// linkEmails makes links of the e-mail addresses in a run of texts that follow each other in the source. Emphasis may have cut
// an address apart.
func linkEmails(first *ast.Text, source []byte) {
	last := first
	for {
		next, ok := last.NextSibling().(*ast.Text)
		if !ok || last.SoftLineBreak() || last.HardLineBreak() || next.IsRaw() || next.Segment.Start != last.Segment.Stop || next.Segment.Padding != 0 {
			break
		}
		last = next
	}
	segment := text.NewSegment(first.Segment.Start, last.Segment.Stop)
	value := segment.Value(source)
	parent, from := first.Parent(), 0
	for at := 0; at < len(value); at++ {
		if value[at] != '@' {
			continue
		}
		start, end := emailAt(value, from, at)
		if end == 0 {
			continue
		}
		if start > from {
			parent.InsertBefore(parent, first, ast.NewTextSegment(text.NewSegment(segment.Start+from, segment.Start+start)))
		}
		parent.InsertBefore(parent, first, ast.NewAutoLink(ast.AutoLinkEmail, ast.NewTextSegment(text.NewSegment(segment.Start+start, segment.Start+end))))
		from, at = end, end-1
	}
	if from == 0 {
		return
	}
	for n := first.NextSibling(); first != last; n = first.NextSibling() {
		parent.RemoveChild(parent, n)
		if n == ast.Node(last) {
			break
		}
	}
	first.Segment = text.NewSegment(segment.Start+from, segment.Stop)
	first.SetSoftLineBreak(last.SoftLineBreak())
	first.SetHardLineBreak(last.HardLineBreak())
}

// emailAt returns where the address around an @ starts and ends; an end of 0 if there is none.
func emailAt(s []byte, from, at int) (start, end int) {
	start = at
	for start > from && at-start < maxLocalPart && (util.IsAlphaNumeric(s[start-1]) || bytes.IndexByte([]byte(".+-_"), s[start-1]) >= 0) {
		start--
	}
	end = at + 1
	for end < len(s) && end-at <= maxDomain && (util.IsAlphaNumeric(s[end]) || s[end] == '.' || s[end] == '-' || s[end] == '_') {
		end++
	}
	for end > at+1 && s[end-1] == '.' {
		end--
	}
	if start == at || bytes.IndexByte(s[at+1:end], '.') < 1 || s[end-1] == '-' || s[end-1] == '_' {
		return 0, 0
	}
	return start, end
}
