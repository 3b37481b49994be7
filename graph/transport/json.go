package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// maxValues is how many values the JSON of a request may have. Decoded, a number of two bytes takes more than forty.
const maxValues = 20_000

var (
	errValues  = fmt.Errorf("the JSON of the request has more than %d values: send less at a time", maxValues)
	errFollows = errors.New("something follows the JSON value")
)

// fromJSON decodes a text as decode does. A text does not fail.
func fromJSON(text string, into any) error {
	wrong, _ := decode(strings.NewReader(text), into)
	return wrong
}

// decode reads a source, which is one JSON value, to its end, into what the pointer points at, numbers as json.Number. Wrong is what is wrong with
// the value: errValues for too many values, of which none is decoded, errFollows for a source that goes on, or an error of encoding/json. Failed
// is the error of a source that fails.
func decode(source io.Reader, into any) (wrong, failed error) {
	values := &counted{from: source, count: 1}
	in := json.NewDecoder(values)
	in.UseNumber()
	wrong = in.Decode(into) // reads the value to its end before it decodes any of it
	if wrong == nil && !onlySpace(io.MultiReader(in.Buffered(), values)) {
		wrong = errFollows
	}
	if errors.Is(values.err, errValues) {
		return errValues, nil
	}
	return wrong, values.err
}

// onlySpace reports whether nothing but white space of JSON follows, up to the end or an error. The decoder would keep all of it, and look at
// it again with each piece that it reads.
func onlySpace(from io.Reader) bool {
	piece := make([]byte, 512)
	for {
		n, err := from.Read(piece)
		if len(bytes.Trim(piece[:n], " \t\r\n")) > 0 {
			return false
		}
		if err != nil {
			return true
		}
	}
}

// counted counts the values of JSON that is read from a source, and ends with errValues after maxValues. Each value but the first follows a
// bracket, a brace or a comma, so an empty list or object counts as two.
type counted struct {
	from            io.Reader
	count           int
	quoted, escaped bool  // within a string; after a backslash there
	err             error // how the source has failed; nil at its end
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	for _, b := range p[:n] {
		switch {
		case c.escaped:
			c.escaped = false
		case b == '"':
			c.quoted = !c.quoted
		case c.quoted:
			c.escaped = b == '\\'
		case b == ',' || b == '[' || b == '{':
			c.count++
		}
	}
	if c.count > maxValues {
		n, err = 0, errValues
	}
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

// noJSON refuses what decode has found something wrong with.
func noJSON(err error, words string) *refusal {
	if errors.Is(err, errValues) {
		words = err.Error()
	}
	return refused(http.StatusBadRequest, words)
}
