package markdown

import (
	"bytes"
	"slices"

	nethtml "golang.org/x/net/html"
)

// addressed are the attributes with an address, by element.
var addressed = map[string]string{"a": "href", "area": "href", "img": "src", "video": "src", "audio": "src", "source": "src", "embed": "src"}

// attributeValues returns where the addresses in the tags of HTML are. Comments and scripts have none.
func attributeValues(source []byte) (values []Span) {
	z, at := nethtml.NewTokenizer(bytes.NewReader(source)), 0
	for {
		kind := z.Next()
		raw := z.Raw()
		if kind == nethtml.ErrorToken {
			return values
		}
		if kind == nethtml.StartTagToken || kind == nethtml.SelfClosingTagToken {
			name, _ := z.TagName()
			if key := addressed[string(name)]; key != "" {
				if v, ok := attributeValue(source[at:at+len(raw)], key); ok {
					values = append(values, Span{at + v.Start, at + v.Stop})
				}
			}
		}
		at += len(raw)
	}
}

// attributeValue returns where the value of an attribute is within a tag, without its quotes.
func attributeValue(tag []byte, key string) (Span, bool) {
	at := 1 + wordLength(tag[1:], " \t\n\f/>")
	for at < len(tag) {
		at += runLength(tag[at:], " \t\n\f/>")
		name := tag[at : at+wordLength(tag[at:], " \t\n\f/>=")]
		at += len(name)
		at += runLength(tag[at:], " \t\n\f")
		if at >= len(tag) || tag[at] != '=' {
			if len(name) == 0 {
				at++
			}
			continue
		}
		at++
		at += runLength(tag[at:], " \t\n\f")
		ends := " \t\n\f>"
		if at < len(tag) && (tag[at] == '"' || tag[at] == '\'') {
			ends = string(tag[at])
			at++
		}
		end := at + wordLength(tag[at:], ends)
		if bytes.EqualFold(name, []byte(key)) {
			return Span{at, end}, end > at
		}
		at = end
	}
	return Span{}, false
}

// wordLength returns how many bytes come before one of the ends.
func wordLength(s []byte, ends string) int {
	if i := bytes.IndexAny(s, ends); i >= 0 {
		return i
	}
	return len(s)
}

// runLength returns how many bytes of a set s begins with.
func runLength(s []byte, set string) int {
	if i := slices.IndexFunc(s, func(b byte) bool { return bytes.IndexByte([]byte(set), b) < 0 }); i >= 0 {
		return i
	}
	return len(s)
}
