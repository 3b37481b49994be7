package trusted

import "fmt"

// Mode is how the handler uses trusted documents.
type Mode string

// The modes.
const (
	// Off does not use the manifests: a request must send its text. The zero value is the same.
	Off Mode = "off"

	// Log lets requests name trusted documents. Any other document runs too, and is logged, the first 1000 since the start and
	// each once, so that an operator sees what Enforce would refuse. An unknown name without a text is an error, as in Prefer.
	Log Mode = "log"

	// Prefer is Log without the log.
	Prefer Mode = "prefer"

	// Enforce runs trusted documents only, named or by their exact text. Anything else is refused before it is parsed,
	// introspection and a mere { __typename } too, unless a manifest holds it.
	Enforce Mode = "enforce"
)

// ParseMode reads a mode: off, log, prefer or enforce, in lower case. The error lists them.
func ParseMode(text string) (Mode, error) {
	switch m := Mode(text); m {
	case Off, Log, Prefer, Enforce:
		return m, nil
	}
	return Off, fmt.Errorf("%.*q is no mode of trusted documents: it must be %s, %s, %s or %s", maxName, text, Off, Log, Prefer, Enforce)
}
