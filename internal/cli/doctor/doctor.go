// Package doctor examines a setup: configuration, database, Redis, files and clocks, as the server would find them. It reports
// what is wrong and how to fix it. It changes nothing: what it writes as a probe, it removes again. It has no checks of what
// the metrics show or what the start corrects by itself.
package doctor

import (
	"context"
	"fmt"
	"iter"
	"time"

	"docsquare/internal/cache/redis"
	"docsquare/internal/config"
)

// State is the severity of a finding.
type State int

// The states of a finding.
const (
	OK      State = iota // in order
	Note                 // worth knowing; nothing has to be done
	Warning              // it works now, and will hurt
	Failure              // the server does not start, or does not do what it promises
)

// String is the word for a state.
func (s State) String() string { return [...]string{"ok", "note", "warning", "failure"}[s] }

// MarshalText writes the word for a state.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Finding is what one check has found.
type Finding struct {
	Part   string `json:"part"`
	Check  string `json:"check"`
	State  State  `json:"state"`
	Says   string `json:"says"`
	Remedy string `json:"remedy,omitempty"` // names what to change; of a warning or failure never empty
}

// Options are what is examined.
type Options struct {
	Config  config.Config
	Invalid error          // what is wrong with the configuration, as config.Load joins it; nil: nothing
	Redis   redis.Endpoint // as the server makes it of the configuration
}

// Examine gives the findings as they are made, which takes seconds. Where the context ends they end too.
func Examine(ctx context.Context, o Options) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		e := &examination{Options: o, wrong: variables(o.Invalid), tell: func(f Finding) {
			if ctx.Err() == nil && !yield(f) {
				stop()
			}
		}}
		for _, part := range []struct {
			name    string
			examine func(context.Context)
		}{
			{"Configuration", e.configuration},
			{"Database", e.database},
			{"Redis", e.redis},
			{"Files", e.files},
			{"Clock", e.clock},
		} {
			e.part = part.name
			part.examine(ctx)
		}
	}
}

// examination is an examination under way.
type examination struct {
	Options
	wrong map[string]bool // the variables whose values cannot be used
	part  string
	tell  func(Finding)
	met   []clock // the clocks of others
}

func (e *examination) ok(check, says string, args ...any) {
	e.tell(Finding{Part: e.part, Check: check, State: OK, Says: fmt.Sprintf(says, args...)})
}

func (e *examination) note(check, remedy, says string, args ...any) {
	e.tell(Finding{Part: e.part, Check: check, State: Note, Says: fmt.Sprintf(says, args...), Remedy: remedy})
}

func (e *examination) warn(check, remedy, says string, args ...any) {
	e.tell(Finding{Part: e.part, Check: check, State: Warning, Says: fmt.Sprintf(says, args...), Remedy: remedy})
}

func (e *examination) fail(check, remedy, says string, args ...any) {
	e.tell(Finding{Part: e.part, Check: check, State: Failure, Says: fmt.Sprintf(says, args...), Remedy: remedy})
}

// unread reports whether a part cannot be examined because one of the named variables is invalid. If so, it adds a note.
func (e *examination) unread(names ...string) bool {
	for _, name := range names {
		if e.wrong[name] {
			e.note("reachable", "fix "+name+", and run docsquare doctor again", "not examined: %s cannot be used", name)
			return true
		}
	}
	return false
}

// size is a number of bytes for a reader.
func size(bytes int64) string {
	value, unit := float64(bytes), 0
	for ; value >= 1024 && unit < 4; unit++ {
		value /= 1024
	}
	return fmt.Sprintf("%.4g %s", value, [...]string{"B", "KiB", "MiB", "GiB", "TiB"}[unit])
}

// rounded is a time for a reader.
func rounded(d time.Duration) time.Duration {
	for _, unit := range []time.Duration{time.Minute, time.Second, time.Millisecond, time.Microsecond} {
		if d.Abs() >= 10*unit {
			return d.Round(unit / 10)
		}
	}
	return d
}
