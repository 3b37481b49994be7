package fence_test

import (
	"strings"
	"testing"

	"docsquare/internal/cli/importer/fence"
)

func TestIsCode(t *testing.T) {
	for text, want := range map[string]string{ // c is code
		"a|```go|b|```|c":        "-ccc-",
		"~~~|```|a|~~~~|b":       "cccc-",
		"````|```|````|正文":       "ccc-",
		"> ```|> a|> ```|> b":    "ccc-",
		"- x|  ```|  a|  ``` |b": "-ccc-",
		"``a``|```|a":            "-cc",
		"```a|``` b|```\r|c":     "ccc-",
	} {
		var tracker fence.Tracker
		var got strings.Builder
		for line := range strings.SplitSeq(text, "|") {
			if tracker.IsCode(line + "\n") {
				got.WriteByte('c')
			} else {
				got.WriteByte('-')
			}
		}
		if got.String() != want {
			t.Errorf("%q: %s, want %s", text, &got, want)
		}
	}
}
