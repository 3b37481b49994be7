package cli

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// lineInterval is the time between lines of progress if it is not shown in place.
const lineInterval = 5 * time.Second

// progress returns a function that shows progress: on one line of a terminal, elsewhere on a line every few seconds and one
// at the end.
func progress(out io.Writer, what string) func(done, total int) {
	inPlace, last := terminal(out), time.Now()
	return func(done, total int) {
		switch {
		case done >= total:
			_, _ = fmt.Fprintf(out, "%s %d of %d\n", what, done, total)
		case inPlace:
			_, _ = fmt.Fprintf(out, "%s %d of %d\r", what, done, total)
		case time.Since(last) > lineInterval:
			last = time.Now()
			_, _ = fmt.Fprintf(out, "%s %d of %d\n", what, done, total)
		}
	}
}

// stages is progress of several things, one after the other.
func stages(out io.Writer) func(what string, done, total int) {
	now, tell := "", func(int, int) {}
	return func(what string, done, total int) {
		if what != now {
			now, tell = what, progress(out, what)
		}
		tell(done, total)
	}
}

func terminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
