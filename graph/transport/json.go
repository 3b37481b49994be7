package transport

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// maxValues is how many values the JSON of a request may have. Decoded, a number of two bytes takes more than forty.
const maxValues = 20_000

var (
	errValues  = fmt.Errorf("the JSON of the request has more than %d values: send less at a time", maxValues)
	errFollows = errors.New("something follows the JSON value")
)

// fromJSON decodes a text that is one JSON value into what the pointer points at, numbers as json.Number. It returns errValues for too many
// values before it decodes any, and errFollows for a text that goes on.
func fromJSON(text string, into any) error {
	if tooManyValues(text) {
		return errValues
	}
	in := json.NewDecoder(strings.NewReader(text))
	in.UseNumber()
	if err := in.Decode(into); err != nil {
		return err
	}
	if strings.Trim(text[in.InputOffset():], " \t\r\n") != "" {
		return errFollows
	}
	return nil
}

// noJSON refuses what fromJSON has returned an error for.
func noJSON(err error, words string) *refusal {
	if errors.Is(err, errValues) {
		words = err.Error()
	}
	return refused(http.StatusBadRequest, words)
}

// tooManyValues reports whether a text in JSON has more than maxValues values. Each but the first follows a bracket, a
// brace or a comma, so that an empty list or object counts as two.
func tooManyValues(text string) bool {
	if len(text) <= maxValues {
		return false
	}
	values, quoted := 1, false
	for i := 0; i < len(text) && values <= maxValues; i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case !quoted && (c == ',' || c == '[' || c == '{'):
			values++
		}
	}
	return values > maxValues
}
