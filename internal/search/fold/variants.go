package fold

import (
	_ "embed"
	"strings"
	"sync"
)

// variants has a class of characters in each line: see gen.
//
//go:embed variants.txt
var variants string

// The block of Unicode that has nearly all characters of Chinese.
const firstHan, lastHan = '\u4e00', '\u9fff'

// han is what characters of Chinese are folded to.
type han struct {
	common [lastHan - firstHan + 1]rune // 0: itself
	others map[rune]rune
}

var hanTable = sync.OnceValue(func() *han {
	t := &han{others: map[rune]rune{}}
	for line := range strings.Lines(variants) {
		class := []rune(strings.TrimSuffix(line, "\n"))
		for _, r := range class[1:] {
			if r >= firstHan && r <= lastHan {
				t.common[r-firstHan] = class[0]
			} else {
				t.others[r] = class[0]
			}
		}
	}
	return t
})

// of returns what a character of Chinese is folded to.
func (t *han) of(r rune) rune {
	if r >= firstHan && r <= lastHan {
		if to := t.common[r-firstHan]; to != 0 {
			return to
		}
		return r
	}
	if to, ok := t.others[r]; ok {
		return to
	}
	return r
}
