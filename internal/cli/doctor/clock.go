package doctor

import (
	"context"
	"time"
)

// How far clocks may be apart: sessions and tokens end by them, and rows are compared that several machines have dated.
const (
	clocksDiffer = 2 * time.Second
	clocksWrong  = time.Minute
)

// clock is one of somebody else.
type clock struct {
	whose string
	ahead time.Duration // of ours
}

// ask asks somebody what time it is, a few times: the fastest answer knows best.
func (e *examination) ask(ctx context.Context, whose string, now func(context.Context) (time.Time, error)) {
	const questions = 3
	found, nearest := clock{whose: whose}, time.Duration(-1)
	for range questions {
		asked := time.Now()
		there, err := now(ctx)
		if err != nil {
			e.note("clock", "", "%s does not say what time it is: %v", whose, err)
			return
		}
		if took := time.Since(asked); nearest < 0 || took < nearest {
			nearest, found.ahead = took, there.Sub(asked.Add(took/2))
		}
	}
	e.met = append(e.met, found)
}

// clock compares ours with those that were met.
func (e *examination) clock(context.Context) {
	const remedy = "run NTP on both machines (chrony, or timedatectl set-ntp true), and look at both with date -u"
	if len(e.met) == 0 {
		e.ok("clocks", "there is no other machine to compare with")
	}
	for _, c := range e.met {
		says, apart := "%s is %s ahead of this machine", rounded(c.ahead)
		if c.ahead < 0 {
			says, apart = "%s is %s behind this machine", rounded(-c.ahead)
		}
		switch {
		case apart < time.Millisecond:
			e.ok("clocks", "%s and this machine agree", c.whose)
		case apart > clocksWrong:
			e.fail("clocks", remedy, says+": sessions and tokens end at wrong times", c.whose, apart)
		case apart > clocksDiffer:
			e.warn("clocks", remedy, says, c.whose, apart)
		default:
			e.ok("clocks", says, c.whose, apart)
		}
	}
}
