// Package ratelimit owns budgets: so many points over so much time, for whatever a key names. They are kept in Redis,
// where all instances charge the same ones, or in the process where there is no Redis or while it is away. It knows
// nothing of who is asked for or what a point is worth.
//
// A budget is a generic cell rate algorithm (GCRA). Its state is the level, in points: what is taken raises it, it falls
// evenly by Points in a Window, and what would raise it above Points is refused. (The theoretical arrival time of the
// literature is now + level * Window / Points.)
//
// # What holds
//
// While Redis answers, all instances together let through at most Points + t * Points / Window in any stretch of time t:
// not one point more, however many they are. Under traffic on all of them it is no less either.
//
// A budget of at least 100 points and 10 seconds is spent by leases: an instance that asks for it again and again takes a
// fiftieth of the budget from Redis at once, and has no need to ask until that is used up. A lease lasts for half a second
// at most, in which Redis keeps it from leaking away, and then what is left of it is given back. Smaller and quicker
// budgets cost a call for each Take, and so does a Take after a pause. A refusal is repeated without a call for up to a
// tenth of a second.
//
// While Redis is away each instance goes on from what it knows: the last level from Redis, and what it took itself.
// So it lets through at most what by its knowledge is left, and N instances at most N times that; none of them alone
// exceeds the budget, unless it was started meanwhile or had too many buckets to remember this one. When Redis is back
// each instance sends the level that it knew, of which the highest counts, and adds what it has let through since. A
// Redis that comes back empty thus hands out no fresh budgets, but for those that no instance remembers. A call whose
// answer is lost may have charged points that are never spent: errors of this kind refuse too much, never too little.
//
// # Measured against libraries
//
// Compared with redis_rate v10, with x/time/rate while Redis is away: three instances with eight callers each, one Redis, two
// cores. An operation charges the budget of its account and the global one.
//
//	                                        leases                       redis_rate, x/time/rate
//	operations, 2000 accounts               4,176/s, 1.0 round trips     2,174/s, 2.0 round trips
//	operations, 200 busy accounts           162,782/s, 0.014             4,441/s, 2.0
//	one busy budget                         623,368/s, 0.000             9,064/s, 1.0
//	an exhausted budget                     16,260/s, 0.023              2,795/s, 1.0
//	let through, of what the budget allows  99.9 %                       99.9 %
//	the same, Redis away for 10 of 30 s     150 %                        243 %
//
// In addition, redis_rate cannot charge several budgets or none, and returns no points.
package ratelimit

import (
	"cmp"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// Options say how to limit. The zero value limits in the process alone.
type Options struct {
	// Redis holds the budgets; nil: each process has its own. The client must heed the deadlines of contexts
	// (ContextTimeoutEnabled) and should retry nothing. It remains the caller's to close, after the Limiter.
	Redis redis.UniversalClient
	// Prefix is before every key in Redis.
	Prefix string
	// Timeout bounds how long a Take or a Peek may wait for Redis, in all. 0: 50 ms.
	Timeout time.Duration
	// Buckets bounds how many buckets the process remembers, at some 300 bytes each and the key. 0: 100,000. Where there
	// are more, those are forgotten first that would be full again first.
	Buckets int
	// Log hears when Redis is lost and found again. nil: nothing is logged.
	Log *slog.Logger
}

// Limiter keeps budgets. Its methods are safe for concurrent use.
type Limiter struct {
	redis   pipeline // nil: in the process alone
	prefix  string
	timeout time.Duration
	log     *slog.Logger
	table   table

	losing sync.Mutex
	away   atomic.Bool  // Redis does not answer, requests do not try
	epoch  atomic.Int64 // how often Redis was lost: it may have forgotten what it got before

	counts struct{ allowed, refused, degraded, calls atomic.Int64 }

	closing sync.Once
	stop    chan struct{}
	stopped chan struct{}
}

// New makes a limiter, which works in the background until it is closed. It does not reach out to Redis yet.
func New(o Options) *Limiter {
	l := &Limiter{
		prefix: o.Prefix, timeout: cmp.Or(o.Timeout, 50*time.Millisecond),
		log:   cmp.Or(o.Log, slog.New(slog.DiscardHandler)),
		table: newTable(cmp.Or(o.Buckets, 100_000), o.Redis != nil),
		stop:  make(chan struct{}), stopped: make(chan struct{}),
	}
	if o.Redis != nil {
		l.redis = pipelineOf(o.Redis)
	}
	go l.work()
	return l
}

// Close ends the work in the background and gives unspent leases back to Redis, up to the first call that is not answered
// in time. A closed limiter must not be used. Closing it twice is fine.
func (l *Limiter) Close() {
	l.closing.Do(func() {
		close(l.stop)
		<-l.stopped
		l.giveUp()
	})
}

// near reports whether budgets are kept in the process now.
func (l *Limiter) near() bool { return l.redis == nil || l.away.Load() }
