package docs_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"docsquare/internal/config"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
)

var update = flag.Bool("update", false, "write the generated part of docs/configuration.md")

const (
	configuration = root + "/docs/configuration.md"
	generated     = "<!-- Generated from internal/config and the kinds of the cache; the test that compares it writes it with -update. -->\n"
	width         = 120 // characters of a line
)

// TestConfiguration compares docs/configuration.md with the struct tags of config.Config and with the kinds of the cache.
func TestConfiguration(t *testing.T) {
	text, err := os.ReadFile(configuration)
	testkit.Must(t, err)
	before, _, found := strings.Cut(string(text), generated)
	if !found {
		t.Fatalf("docs/configuration.md has no line %q", generated)
	}
	want := before + generated + "\n## Variables\n\n" + variables() + "\n## TTLs of the cache\n\n" + ttls()
	if *update {
		testkit.Must(t, os.WriteFile(configuration, []byte(want), 0o600))
	} else if string(text) != want {
		t.Error("docs/configuration.md is not what internal/config says: run go test -tags sqlite_fts5 ./internal/testkit/docs -update")
	}
}

func variables() string {
	var out strings.Builder
	group := ""
	for _, v := range config.Variables() {
		if v.Group != group {
			group = v.Group
			out.WriteString("\n### " + group + "\n\n")
		}
		fallback := ""
		if v.Default != "" {
			fallback = " (`" + v.Default + "`)"
		}
		out.WriteString(wrapped(fmt.Sprintf("- `%s`%s: %s", v.Name, fallback, v.Help)))
	}
	return strings.TrimPrefix(out.String(), "\n")
}

// wrapped breaks the text of an item of a list into lines.
func wrapped(text string) string {
	var out strings.Builder
	length := 0
	for i, w := range strings.Fields(text) {
		switch {
		case i > 0 && length+1+len(w) > width:
			out.WriteString("\n  ")
			length = 2
		case i > 0:
			out.WriteString(" ")
			length++
		}
		out.WriteString(w)
		length += len(w)
	}
	return out.String() + "\n"
}

func ttls() string {
	c := kinds.New(kinds.Options{})
	defer c.Close()
	out := "1s to 24h. The column *nothing* is for entries that say that there is no value. An entry with a stale time is\n" +
		"served for so long past its TTL, while it is refreshed.\n\n| variable | TTL | nothing | stale |\n|---|---|---|---|\n"
	for _, k := range c.Usage().Kinds {
		out += fmt.Sprintf("| `%s` | %s | %s | %s |\n", config.TTLVariable(k.Name), short(k.TTL), short(k.Negative), short(k.Stale))
	}
	return out
}

// short returns 1h for 1h0m0s, and nothing for no time.
func short(d time.Duration) string {
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = strings.TrimSuffix(text, zero[1:])
		}
	}
	if text == "0s" {
		return ""
	}
	return text
}
