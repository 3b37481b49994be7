//go:build chaos

// Package sabotage breaks rules of the server on purpose, to show that the campaign of faults notices. It does so only in builds
// with the tag chaos.
package sabotage

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// environment is the variable with the rules to break, separated by commas.
const environment = "DOCSQUARE_SABOTAGE"

var broken = read(os.Getenv(environment))

func read(text string) (rules []Rule) {
	known := []Rule{
		NoOutbox, EarlyOrder, MissingTags, MissingViewer, CrashOnSignal,
		LateSnapshots, SingleReplace, AnyStamps, EarlyResume, AnyServer, KeepWhileUnsure,
	}
	for word := range strings.SplitSeq(text, ",") {
		if word != "" && !slices.Contains(known, Rule(word)) {
			panic(fmt.Sprintf("%s does not know %q: it has %q", environment, word, known))
		}
		rules = append(rules, Rule(word))
	}
	return rules
}

// Has reports whether the process is to break a rule.
func Has(r Rule) bool { return slices.Contains(broken, r) }
