package search

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strings"

	"docsquare/ent"
)

// field is a part of a document that is searched.
type field int

const (
	title field = iota
	labels
	summary
	body
	fieldCount
)

// The bounds of what is indexed of one document, on either database. PostgreSQL keeps 16,383 places of a text, and refuses a vector of more
// than 1,048,575 bytes. In it, a token takes its bytes, two for the number of its places, two for each place, and up to one for
// alignment. What maxDistinct leaves is for further places of the tokens, and for facets. SQLite writes the tokens while all other writers wait,
// so maxDistinct also bounds how long those wait. Real documents have fewer; many of them in one text of the largest size have 300,000 bytes.
const (
	maxPlaces     = 16_000
	maxDistinct   = 256_000 // bytes of the different tokens, each with one place
	tokenOverhead = 2 + 2 + 1
	fieldGap      = 8 // places between two fields, so that no phrase reaches across
)

// analysis is a document as the index sees it.
type analysis struct {
	fields [fieldCount][]string    // its tokens, in order
	wholes [fieldCount][]string    // tokens that stand for several, each once; they have no place among the others
	counts map[string]*occurrences // of each token
	words  map[string]string       // what a stem was made of, at its first place
	lists  []string                // what filters look for: see facets
}

// occurrences counts a token in each field.
type occurrences [fieldCount]int

// analyse reads a document and its text.
func analyse(d *ent.Document, text string) analysis {
	a := analysis{counts: map[string]*occurrences{}, words: map[string]string{}, lists: facets(filterOf(d))}
	size := 0
	for f, part := range [fieldCount]string{d.Title, strings.Join(d.Tags, "\n"), d.Summary, Plain(d.Format, text)} {
		for t := range Tokens(part) {
			o := a.counts[t.Text]
			if o == nil {
				if size += len(t.Text) + tokenOverhead; size > maxDistinct {
					continue
				}
				o = &occurrences{}
				a.counts[t.Text] = o
				if t.Word != t.Text {
					a.words[t.Text] = t.Word
				}
			}
			o[f]++
			switch {
			case !t.Whole:
				a.fields[f] = append(a.fields[f], t.Text)
			case o[f] == 1:
				a.wholes[f] = append(a.wholes[f], t.Text)
			}
		}
	}
	return a
}

// indexed returns the tokens of a field as the engines index them: phrases are found among those in order.
func (a analysis) indexed(f field) []string { return append(slices.Clip(a.fields[f]), a.wholes[f]...) }

const maxCount = 255

// encode writes what the ranking needs to know of a document: the length of each field in tokens (uvarints), and then, in
// the order of tokens, the length of a token and its fields as bits (one byte each), the token, and its count in each of these fields
// (one byte, 255 for more). If the token is a stem, its bits include stemBit, and the word that it was made of follows: how many bytes
// both have in common, and how many bytes of the word come then (one byte each), and these.
func (a analysis) encode() []byte {
	raw := make([]byte, 0, 16+10*len(a.counts))
	for _, tokens := range a.fields {
		raw = binary.AppendUvarint(raw, uint64(len(tokens)))
	}
	for _, token := range slices.Sorted(maps.Keys(a.counts)) {
		bits := len(raw) + 1
		raw = append(append(raw, byte(len(token)), 0), token...) //nolint:gosec // at most maxToken and what lower case adds
		for f, n := range a.counts[token] {
			if n > 0 {
				raw[bits] |= 1 << f
				raw = append(raw, byte(min(n, maxCount)))
			}
		}
		if w := a.words[token]; w != "" {
			n := common(token, w)
			raw[bits] |= stemBit
			raw = append(append(raw, byte(n), byte(len(w)-n)), w[n:]...) //nolint:gosec // at most maxToken
		}
	}
	return raw
}

const stemBit = 1 << 7

// common is how many bytes two texts begin with alike.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

var errEntry = errors.New("search: an entry of the index is broken: run docsquare migrate --rebuild")

// lengths reads how long each field is, and leaves the tokens.
func lengths(raw []byte) (list [fieldCount]int, tokens []byte, err error) {
	for f := range list {
		n, size := binary.Uvarint(raw)
		if size <= 0 {
			return list, nil, errEntry
		}
		list[f], raw = int(n), raw[size:] //nolint:gosec // a length that was written as an int
	}
	return list, raw, nil
}

// entryToken is a token of an entry. Its texts are parts of the entry.
type entryToken struct {
	text   []byte
	counts occurrences
	shared int    // how many bytes of it begin its word
	rest   []byte // of its word
	isStem bool
}

// word is the word that a token was made of, or the token itself.
func (t entryToken) word() string {
	if !t.isStem {
		return string(t.text)
	}
	return string(t.text[:t.shared]) + string(t.rest)
}

// nextToken reads the first of the tokens, and leaves the others.
func nextToken(raw []byte) (t entryToken, rest []byte, err error) {
	if len(raw) < 2 || len(raw) < 2+int(raw[0]) {
		return t, nil, errEntry
	}
	bits := raw[1]
	t.text, rest = raw[2:2+int(raw[0])], raw[2+int(raw[0]):]
	for f := range t.counts {
		if bits&(1<<f) == 0 {
			continue
		}
		if len(rest) == 0 {
			return t, nil, errEntry
		}
		t.counts[f], rest = int(rest[0]), rest[1:]
	}
	if bits&stemBit == 0 {
		return t, rest, nil
	}
	if len(rest) < 2 || int(rest[0]) > len(t.text) || len(rest) < 2+int(rest[1]) {
		return t, nil, errEntry
	}
	t.isStem, t.shared = true, int(rest[0])
	t.rest, rest = rest[2:2+int(rest[1])], rest[2+int(rest[1]):]
	return t, rest, nil
}
