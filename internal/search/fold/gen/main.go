// Command gen writes variants.txt, the Chinese characters that are folded together, from the dictionaries of OpenCC:
//
//	go run ./internal/search/fold/gen DICTIONARY > internal/search/fold/variants.txt
//
// DICTIONARY is a directory with TSCharacters.txt, STCharacters.txt, TWVariants.txt and HKVariants.txt
// (https://github.com/BYVoid/OpenCC, Apache License 2.0). The present file is of version 1.1.
//
// Characters that one dictionary gives as a choice for another are one class. So a word is folded to the same characters
// whichever of its spellings a text has: 皇后 and 以後 need no dictionary of phrases.
package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// alike are pairs that OpenCC knows within phrases only, such as 座標 for 坐标.
const alike = "沈沉 傢家 俱具 座坐 薰熏 幷并 鏚戚 廕荫 醯酰 唚吣 繐穗"

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gen DICTIONARY")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// traditional is what a character is ranked lower by if it has a simplified one.
const traditional = 1000

// classes is a union-find of characters.
type classes struct {
	parent map[rune]rune
	rank   map[rune]int // how often a character is what others are simplified to
}

func (c classes) find(r rune) rune {
	for c.parent[r] != 0 && c.parent[r] != r {
		r = c.parent[r]
	}
	return r
}

func (c classes) join(a, b rune) {
	c.parent[a], c.parent[b] = cmp.Or(c.parent[a], a), cmp.Or(c.parent[b], b)
	c.parent[c.find(b)] = c.find(a)
}

func run(dir string, out io.Writer) error {
	c := classes{map[rune]rune{}, map[rune]int{}}
	for _, name := range []string{"TSCharacters.txt", "STCharacters.txt", "TWVariants.txt", "HKVariants.txt"} {
		if err := c.read(filepath.Join(dir, name), name == "TSCharacters.txt"); err != nil {
			return err
		}
	}
	for pair := range strings.FieldsSeq(alike) {
		from, size := utf8.DecodeRuneInString(pair)
		to, _ := utf8.DecodeRuneInString(pair[size:])
		c.join(from, to)
		c.rank[to]++
	}
	for _, class := range c.sorted() {
		if len(class) > 1 {
			if _, err := fmt.Fprintln(out, string(class)); err != nil {
				return err
			}
		}
	}
	return nil
}

// read reads a dictionary: lines of a character, a tab, and its choices.
func (c classes) read(path string, simplifies bool) error {
	f, err := os.Open(path) //nolint:gosec // the operator names the directory
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		from, choices, _ := strings.Cut(lines.Text(), "\t")
		for i, to := range strings.Fields(choices) {
			a, b := []rune(from), []rune(to)
			if len(a) != 1 || len(b) != 1 {
				continue
			}
			c.join(a[0], b[0])
			if simplifies && i == 0 {
				c.rank[b[0]]++
				c.rank[a[0]] -= traditional
			}
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return f.Close()
}

// sorted returns each class, what it is folded to first.
func (c classes) sorted() [][]rune {
	lists := map[rune][]rune{}
	for r := range c.parent {
		lists[c.find(r)] = append(lists[c.find(r)], r)
	}
	out := make([][]rune, 0, len(lists))
	for _, list := range lists {
		slices.SortFunc(list, func(a, b rune) int { return cmp.Or(cmp.Compare(c.rank[b], c.rank[a]), cmp.Compare(a, b)) })
		out = append(out, list)
	}
	slices.SortFunc(out, func(a, b []rune) int { return cmp.Compare(a[0], b[0]) })
	return out
}
