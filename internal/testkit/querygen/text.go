package querygen

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/vektah/gqlparser/v2/ast"
)

// text generates a string. Some are written with Unicode escapes, some as block strings.
func (b *builder) text() value {
	s := pick(b.r, []string{
		"", "go", "Redis cache", "a b", "文档", "数据库 缓存", "café", "🚀", "家族 👩‍💻", "say \"hi\"", `back\slash`,
		"two\nlines", "tab\there", "\u0001", "100% _", "<b>html</b>",
	})
	switch n := b.r.IntN(10); {
	case n < 2:
		return value{text: escaped(s, n == 0), plain: s}
	case n == 2 && s != "\u0001": // a block string cannot have control characters
		return value{text: `"""` + "\n" + strings.ReplaceAll(s, `"""`, `\"""`) + "\n" + `"""`, plain: s}
	default:
		return quoted(s)
	}
}

// quoted returns a string as a literal with the escapes that it needs.
func quoted(s string) value {
	literal := &ast.Value{Kind: ast.StringValue, Raw: s}
	return value{text: literal.String(), plain: s}
}

// escaped returns a string literal with escapes for all characters other than ASCII letters and digits: with braces, or with
// four digits and surrogate pairs.
func escaped(s string, braces bool) string {
	var text strings.Builder
	text.WriteByte('"')
	for _, c := range s {
		high, low := utf16.EncodeRune(c)
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
			text.WriteRune(c)
		case braces:
			fmt.Fprintf(&text, `\u{%X}`, c)
		case c < 1<<16:
			fmt.Fprintf(&text, `\u%04x`, c)
		default:
			fmt.Fprintf(&text, `\u%04X\u%04X`, high, low)
		}
	}
	text.WriteByte('"')
	return text.String()
}
