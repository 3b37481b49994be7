package ratelimit

import (
	"math"
	"time"
)

// budget is what the process knows of one bucket. The lock of its shard guards it. The level in Redis, as far as it is
// known, is spent + ahead + credit.
type budget struct {
	id   id
	home *shard

	spent float64   // points that everybody has spent and that have not come back, as of at
	at    time.Time // the present of all methods: advance moves it

	// ahead is by how much Redis has been charged beyond what was spent: the lease. Below zero it is owed: spent without
	// Redis.
	ahead int
	stamp int64     // when Redis granted the lease, by its clock
	until time.Time // the lease must not be spent any more, and is given back

	credit int       // returned, which Redis has yet to hear of
	due    time.Time // when it is to hear of it

	quiet   time.Time     // until then what is known is enough to refuse
	asked   time.Time     // when points were last asked of Redis
	calls   int           // under way to Redis
	flight  chan struct{} // closed when the call for a lease has ended; nil where none is under way
	waiting int           // points that are wanted by who waits for that call
	seen    int64         // the last answer, by the clock of Redis
	born    int64         // since when Redis has the record that it was about, by the same clock
	epoch   int64         // when Redis last got everything
	queued  bool          // in the queue of the shard
}

const (
	leasedPoints = 100              // smaller budgets are charged point by point,
	leasedWindow = 10 * time.Second // and so are quicker ones
	leasePart    = 50               // a lease is this part of the budget
	maxHold      = time.Second      // how long Redis keeps a lease from leaking
	quietTime    = 100 * time.Millisecond
)

// chunk is how many points a lease takes; 0 where there are no leases.
func (r Rate) chunk() int {
	if r.Points < leasedPoints || r.Window < leasedWindow {
		return 0
	}
	return r.Points / leasePart
}

// hold is how long Redis keeps a lease from leaking. The process spends it only in the first half of that, so that the
// rest can be on its way back in the second.
func (r Rate) hold() time.Duration {
	if r.chunk() == 0 {
		return 0
	}
	return min(r.Window/leasePart, maxHold)
}

// advance moves the present.
func (b *budget) advance(now time.Time) {
	if now.Before(b.at) { // somebody who looked at the clock later got the lock earlier
		return
	}
	b.spent = max(0, b.spent-b.id.rate.refill(now.Sub(b.at)))
	b.at = now
	b.ahead = max(b.ahead, -ceil(b.spent)) // what has come back is owed no more
	if b.ahead > 0 && now.After(b.until.Add(b.id.rate.hold()/2)) {
		b.ahead = 0 // Redis has let it leak
	}
}

// lease is how many points may be spent without asking Redis.
func (b *budget) lease() int {
	if b.ahead > 0 && b.at.Before(b.until) {
		return b.ahead
	}
	return 0
}

// affords reports whether the budget has at least cost points, apart from the leases of others.
func (b *budget) affords(cost int) bool {
	return b.spent+float64(cost) <= float64(b.id.rate.Points)+grain
}

func (b *budget) spend(cost int) {
	b.spent += float64(cost)
	b.ahead -= cost
}

// verdict is what becomes of a Take at one bucket.
type verdict int

const (
	open verdict = iota
	granted
	refused
)

// take charges a cost if that can be decided in the process, which it always can while budgets are kept there.
func (b *budget) take(cost int, near bool) verdict {
	switch {
	case near && b.affords(cost), !near && b.lease() >= cost:
		b.spend(cost)
		return granted
	case near, b.at.Before(b.quiet) && !b.affords(cost):
		return refused
	}
	return open
}

// giveBack returns points that were spent, of which those that have come back meanwhile are no more.
func (b *budget) giveBack(points int) {
	points = min(points, ceil(b.spent))
	b.spent = max(0, b.spent-float64(points))
	owed := min(points, max(0, -b.ahead))
	b.ahead += owed
	b.owe(points - owed)
}

// owe has Redis hear of returned points, soon.
func (b *budget) owe(points int) {
	if points > 0 && b.credit == 0 {
		b.due = b.at.Add(b.id.rate.hold() / 2)
	}
	b.credit += points
}

// unsettled reports whether changes have to be sent to Redis, now or later.
func (b *budget) unsettled() bool { return b.ahead != 0 || b.credit != 0 }

// settlesAt is when it has to.
func (b *budget) settlesAt() time.Time {
	switch {
	case b.ahead < 0:
		return b.at
	case b.credit > 0:
		return b.due
	}
	return b.until
}

// idle reports whether the budget is full and no call is in flight, so that it can be removed.
func (b *budget) idle() bool { return b.spent == 0 && !b.unsettled() && b.calls == 0 }

// level is the least level that Redis has.
func (b *budget) level() float64 { return max(0, b.spent+float64(b.ahead)+float64(b.credit)) }

func (b *budget) state() State {
	r := b.id.rate
	left := math.Floor(float64(r.Points) - b.spent + grain)
	return State{Limit: r.Points, Remaining: max(0, int(left)), Reset: r.span(b.spent)}
}

// retry is how long a refused cost has to wait.
func (b *budget) retry(cost int) time.Duration {
	wait := b.id.rate.span(b.spent + float64(cost) - float64(b.id.rate.Points))
	return max(wait, time.Millisecond) // others hold what seems to be there
}

func ceil(points float64) int { return int(math.Ceil(points - grain)) }
