package search

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"strings"

	entsql "entgo.io/ent/dialect/sql"

	"docsquare/internal/cache"
	"docsquare/internal/store"
)

// The bounds of a correction. It reads as many entries as a search does: see candidates.go.
const (
	maxCorrected  = 4 // words of a query
	minCorrected  = 3 // letters of a word
	longCorrected = 6 // letters of a word that may have two mistakes
	comparedBytes = 8 // of entries whose comparison takes as long as the encoding of one of an answer
	lookBytes     = 4 // of an answer whose encoding takes as long as comparing two words letter by letter
)

// misspelled is a word of a query that few documents have, and the word of the index that is nearest to it.
type misspelled struct {
	span
	word     string
	letters  uint32 // that the word has, as bits
	most     int    // mistakes
	found    int    // documents that have the word
	nearest  map[string]int
	distance int
	rows     [3][]int // of the table by which words are compared
}

// Correct returns a query whose words that no document has, or few have, are replaced by the nearest words of the newest documents: those that take
// the fewest changes of a letter, and of these the most frequent. Only words of the letters a to z are corrected. It takes what Frequencies has
// returned for the query's Units. It returns "" if there is nothing to correct.
func (x Index) Correct(ctx context.Context, query string, frequencies map[string]int) (string, error) {
	words := wordsToCorrect(query, frequencies)
	if len(words) == 0 {
		return "", nil
	}
	err := x.sample(ctx, func(entry []byte) error {
		looks, err := compare(entry, words)
		cache.Process(ctx, len(entry)/comparedBytes+looks*lookBytes)
		return err
	})
	if err != nil {
		return "", err
	}
	var out strings.Builder
	at := 0
	for _, w := range words {
		if word := w.best(); word != "" {
			out.WriteString(query[at:w.start] + word)
			at = w.end
		}
	}
	if at == 0 {
		return "", nil
	}
	return out.String() + query[at:], nil
}

// wordsToCorrect returns the words of a query that may be misspelled. What is excluded, the beginning of a word and a part of a compound are
// meant as they are.
func wordsToCorrect(query string, frequencies map[string]int) []*misspelled {
	var list []*misspelled
	compound := 0 // its end
	for t := range Tokens(query) {
		if t.Whole {
			compound = max(compound, t.End)
			continue
		}
		n := frequencies[t.Text]
		excluded := t.Start > 0 && query[t.Start-1] == '-'
		begin := strings.HasPrefix(query[t.End:], "*")
		if t.Start < compound || excluded || begin || n >= few || silent[t.Text] || !isLetters(t.Word) || len(t.Word) < minCorrected {
			continue
		}
		most := 1
		if len(t.Word) >= longCorrected {
			most = 2
		}
		letters, _ := lettersOf([]byte(t.Word))
		w := &misspelled{span: span{t.Start, t.End}, word: t.Word, letters: letters, most: most, found: n, nearest: map[string]int{}, distance: most + 1}
		for i := range w.rows {
			w.rows[i] = make([]int, len(t.Word)+1)
		}
		list = append(list, w)
		if len(list) == maxCorrected {
			break
		}
	}
	return list
}

// few is how many documents have a word that may be misspelled at most, and less.
const few = 3

// sample calls a function with entries of the newest documents, the smallest first.
func (x Index) sample(ctx context.Context, use func(entry []byte) error) error {
	statement := fmt.Sprintf("SELECT id, document_id, OCTET_LENGTH(terms) FROM search_entries WHERE id > 0 ORDER BY id DESC LIMIT %d", Most)
	newest, err := store.Select(ctx, x.store, statement, nil, func(rows *entsql.Rows) (c candidate, err error) {
		return c, rows.Scan(&c.number, &c.document, &c.size)
	})
	if err != nil {
		return err
	}
	parts, _ := batches(newest)
	for _, part := range parts {
		if err := x.fill(ctx, part); err != nil {
			return err
		}
		for i, c := range part {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := use(c.terms); err != nil {
				return err
			}
			part[i].terms = nil // no longer in memory
		}
	}
	return nil
}

// compare compares the words of an entry with those of a query. It returns how many it has compared letter by letter.
func compare(entry []byte, words []*misspelled) (looks int, err error) {
	if len(entry) == 0 {
		return 0, nil // it was deleted since
	}
	_, tokens, err := lengths(entry)
	if err != nil {
		return 0, err
	}
	var buffer []byte
	for len(tokens) > 0 {
		var t entryToken
		if t, tokens, err = nextToken(tokens); err != nil {
			return looks, err
		}
		word := t.text
		if t.isStem {
			buffer = append(append(buffer[:0], t.text[:t.shared]...), t.rest...)
			word = buffer
		}
		letters, ok := lettersOf(word)
		if !ok {
			continue
		}
		for _, w := range words {
			if len(word) >= len(w.word)-w.most && len(word) <= len(w.word)+w.most && bits.OnesCount32(w.letters^letters) <= 2*w.most {
				looks++
				w.look(word)
			}
		}
	}
	return looks, nil
}

// look notes a word of the index if it is as near as the nearest until now.
func (w *misspelled) look(word []byte) {
	if string(word) == w.word {
		return
	}
	most := min(w.most, w.distance)
	n := distance(word, w.word, most, w.rows)
	if n > most {
		return
	}
	if n < w.distance {
		w.distance = n
		clear(w.nearest)
	}
	w.nearest[string(word)]++
}

// best returns the nearest word; "" if there is none. A word that documents have is replaced by one that many more have only.
func (w *misspelled) best() string {
	best := ""
	for word, n := range w.nearest {
		if word0, n0 := best, w.nearest[best]; n <= 3*w.found || best != "" && cmp.Or(cmp.Compare(n, n0), cmp.Compare(word0, word)) < 0 {
			continue
		}
		best = word
	}
	return best
}

// lettersOf returns the letters a to z that a word has, as bits. It returns false for a word with others, and for none.
func lettersOf(word []byte) (set uint32, ok bool) {
	for _, c := range word {
		if c < 'a' || c > 'z' {
			return 0, false
		}
		set |= 1 << (c - 'a')
	}
	return set, len(word) > 0
}

// distance returns how many letters have to be changed, added, dropped or swapped with their neighbor to make one word of another (optimal
// string alignment); most+1 if these are more than most. The rows are of b's length and one more, with any content.
func distance(a []byte, b string, most int, rows [3][]int) int {
	if len(a) > len(b)+most || len(b) > len(a)+most {
		return most + 1
	}
	before, last, row := rows[0], rows[1], rows[2]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		first, end := max(i-most, 1), min(i+most, len(b)) // other cells are beyond most
		row[first-1] = most + 1
		if first == 1 {
			row[0] = i
		}
		least := row[first-1]
		for j := first; j <= end; j++ {
			n := last[j-1]
			if a[i-1] != b[j-1] {
				n++
			}
			n = min(n, row[j-1]+1)
			if j < i+most { // last has that cell
				n = min(n, last[j]+1)
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				n = min(n, before[j-2]+1)
			}
			row[j] = n
			least = min(least, n)
		}
		if least > most {
			return most + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], most+1)
}
