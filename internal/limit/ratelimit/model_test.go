package ratelimit

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"docsquare/internal/testkit"
)

// model is several instances over a real Redis whose clock the test moves, together with the expected budget: it is charged
// at the very moment at which a request is let through.
type model struct {
	t      *testing.T
	rnd    *rand.Rand
	client *redis.Client
	key    string
	rate   Rate

	now      time.Duration
	all      []*modelled
	level    float64 // of the budget as it should be
	total    int     // let through
	refusals int
	highest  float64 // level in Redis

	careless bool // more is returned than was taken
	slow     bool // calls may be under way for longer than a lease lasts
}

// modelled is one instance, with its own clock.
type modelled struct {
	b     *budget
	began time.Time
	call  *call
	hears time.Duration // when the call reaches Redis
	ends  time.Duration
	gone  bool // it has reached Redis
}

var modelScript = redis.NewScript(strings.Replace(levelText, "redis.call('TIME')", "{ARGV[13], ARGV[14]}", 1))

// latency is how long a call is under way to Redis at most, and back.
const latency = 2 * time.Millisecond

func newModel(t *testing.T, instances int, rate Rate, seed uint64) *model {
	t.Helper()
	server := testkit.Redis(t)
	c, _ := client(t, server.Addr)
	m := &model{t: t, rnd: rand.New(rand.NewPCG(seed, 1)), client: c, key: server.Prefix, rate: rate}
	for i := range instances {
		began := time.Unix(int64(i)*1e6, 0)
		m.all = append(m.all, &modelled{b: &budget{id: id{"model", rate}, at: began}, began: began})
	}
	return m
}

// pass lets time go by, in steps in which calls arrive and end.
func (m *model) pass(d time.Duration) {
	for end := m.now + d; m.now < end; {
		step := min(end-m.now, time.Duration(1+m.rnd.Int64N(int64(time.Millisecond))))
		m.now += step
		m.level = max(0, m.level-m.rate.refill(step))
		for _, x := range m.all {
			m.progress(x)
		}
	}
}

func (m *model) progress(x *modelled) {
	x.b.advance(x.began.Add(m.now))
	c := x.call
	switch {
	case c == nil && x.b.unsettled() && !x.b.at.Before(x.b.settlesAt()):
		m.begin(x, 0)
	case c == nil:
	case !x.gone && m.now >= x.hears:
		x.gone = true
		micros := time.Hour.Microseconds() + m.now.Microseconds()
		args := append(c.arguments(), micros/1e6, micros%1e6)
		c.cmd = modelScript.Run(m.t.Context(), m.client, []string{m.key}, args...)
		testkit.Must(m.t, c.read())
		m.level = max(0, m.level-float64(c.credit))
		m.highest = max(m.highest, c.level)
		switch {
		case c.granted > 0:
			m.let(c.need)
		case c.need > 0:
			m.refusals++
		}
	case x.gone && m.now >= x.ends:
		x.call = nil
		x.b.land(c, x.began.Add(m.now))
	}
}

func (m *model) begin(x *modelled, cost int) {
	x.gone = false
	x.hears = m.now + m.upTo(latency)
	if m.slow {
		x.hears = m.now + m.upTo(m.rate.hold())
	}
	x.ends = x.hears + m.upTo(latency)
	x.call = x.b.begin(cost, 0)
}

// let charges what was let through to the budget as it should be, and fails where that is more than it has.
func (m *model) let(cost int) {
	m.total += cost
	m.level += float64(cost)
	if m.level > float64(m.rate.Points)+0.01 { // the steps of the clocks
		m.t.Fatalf("after %v: the budget is at %v of %d", m.now, m.level, m.rate.Points)
	}
}

// takeOne wants a point at one of the instances.
func (m *model) takeOne() { m.takeAt(m.all[m.rnd.IntN(len(m.all))], 1) }

// takeAt wants points at an instance, unless that waits for a call.
func (m *model) takeAt(x *modelled, cost int) verdict {
	x.b.advance(x.began.Add(m.now))
	v := x.b.take(cost, false)
	switch {
	case v == granted:
		m.let(cost)
		if m.careless && m.rnd.IntN(2) == 0 {
			x.b.giveBack(20)
			x.b.due = x.b.at
		}
	case v == refused:
		m.refusals++
	case x.call == nil:
		m.begin(x, cost)
	}
	return v
}

// trickle has each instance take a little in a moment, so that all of them hold leases.
func (m *model) trickle() {
	for _, x := range m.all {
		m.takeAt(x, 2)
		m.pass(m.upTo(m.rate.hold() / 50))
	}
}

// flood takes all there is as quickly as the calls allow.
func (m *model) flood() {
	for enough := m.refusals + 3*len(m.all); m.refusals < enough; m.pass(m.upTo(latency)) {
		for _, x := range m.all {
			for v := granted; v == granted; {
				v = m.takeAt(x, 1+m.rnd.IntN(3))
			}
		}
	}
}

// upTo is a time at random.
func (m *model) upTo(d time.Duration) time.Duration { return time.Duration(m.rnd.Int64N(int64(d) + 1)) }

// TestInstancesNeverExceedTheBudget has instances take at random: in floods, in trickles that leave their leases unspent,
// and after rests in which the budget fills.
func TestInstancesNeverExceedTheBudget(t *testing.T) {
	for i, rate := range []Rate{{1000, 10 * time.Second}, {100, 10 * time.Second}, {5000, time.Minute}, {20, 2 * time.Second}, {1000, time.Hour}} {
		for _, instances := range []int{1, 3, 20} {
			t.Run(fmt.Sprintf("%v by %d", rate, instances), func(t *testing.T) {
				t.Parallel()
				m := newModel(t, instances, rate, uint64(i))
				for range 20 {
					m.rest()
					for range m.rnd.IntN(4) {
						m.careless, m.slow = m.rnd.IntN(2) == 0, m.rnd.IntN(4) == 0
						m.trickle()
						m.careless = false // what is yet to be returned would make room for an error
						m.pass(m.upTo(2*rate.hold()) / time.Duration(1+m.rnd.IntN(8)))
						m.slow = false
					}
					m.flood()
				}
				if m.total < 2*rate.Points {
					t.Errorf("only %d points were let through: this shows nothing", m.total)
				}
			})
		}
	}
}

// rest lets the budget fill. Nothing happens meanwhile but that leases are given back.
func (m *model) rest() {
	m.pass(2 * maxHold)
	m.now += m.rate.Window
	m.level = 0
}

// TestInstancesUseTheBudget lets through all that comes back while all instances want more than that.
func TestInstancesUseTheBudget(t *testing.T) {
	rate := Rate{1000, 10 * time.Second}
	m := newModel(t, 5, rate, 7)
	const time1 = 20 * time.Second
	for m.now < time1 {
		m.takeOne()
		m.takeOne()
		m.takeOne()
		m.pass(time.Millisecond)
	}
	if all := float64(rate.Points) + rate.refill(time1); float64(m.total) < 0.97*all {
		t.Errorf("%d of %v points were let through", m.total, all)
	}
}

// TestInstancesLeaveTheRestInRedis has instances want less than what comes back, each of them but a small part of its
// leases: nearly all of the budget must stay in Redis, for a burst.
func TestInstancesLeaveTheRestInRedis(t *testing.T) {
	m := newModel(t, 10, Rate{1000, 10 * time.Second}, 8)
	for m.now < 20*time.Second {
		m.takeOne()
		m.pass(12 * time.Millisecond)
	}
	if all := len(m.all) * m.rate.chunk(); m.highest > 1.5*float64(all) || m.refusals > 0 {
		t.Errorf("the level was %v, where all leases are %d; %d refusals", m.highest, all, m.refusals)
	}
}
