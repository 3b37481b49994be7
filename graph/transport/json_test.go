package transport

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// TestFromJSON decodes one value of at most maxValues values, whatever its strings contain.
func TestFromJSON(t *testing.T) {
	list := func(values int, value string) string { return "[" + strings.Repeat(value+",", values-2) + value + "]" }
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"numbers":              {list(maxValues, "1"), nil},
		"a number more":        {list(maxValues+1, "1"), errValues},
		"objects":              {list(maxValues/2, `{"a":1}`), nil},
		"objects, and more":    {list(maxValues, `{"a":1}`), errValues},
		"lists in lists":       {list(4, strings.Repeat("[", maxValues/3)+strings.Repeat("]", maxValues/3)), errValues},
		"strings that look so": {list(maxValues, `"\\\",[{\\"`), nil},
		"white space":          {" \t\r\n[1]" + strings.Repeat(" ", maxValues) + "\n", nil},
		"another value":        {"[1] [2]", errFollows},
		"a comma":              {"[1],", errFollows},
		"a number that joins":  {"[1]1", errFollows},
	} {
		t.Run(name, func(t *testing.T) {
			var out any
			if err := fromJSON(c.text, &out); !errors.Is(err, c.want) {
				t.Errorf("it is %v instead of %v", err, c.want)
			}
		})
	}
	var number any
	if err := fromJSON("12345678901234567890", &number); err != nil || number != json.Number("12345678901234567890") {
		t.Errorf("it is %v, %v", number, err)
	}
}
