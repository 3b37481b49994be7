package transfer

import (
	"net/url"
	"strings"
)

// disposition is the header Content-Disposition of a file that is saved under its name (RFC 6266). A name that is not all plain ASCII comes
// twice: once for programs that do not know filename*, with "_" for what they cannot read.
func disposition(kind, name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%/`, r) {
			return '_'
		}
		return r
	}, name)
	header := kind + `; filename="` + plain + `"`
	if plain == name {
		return header
	}
	return header + "; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}
