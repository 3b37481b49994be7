package dashboard_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"docsquare/internal/telemetry/dashboard"
	"docsquare/internal/testkit"
)

// run has a feed look at metrics until the end of the test, within a bubble.
func run(t *testing.T, metrics prometheus.Gatherer) *dashboard.Feed {
	t.Helper()
	f := dashboard.New(dashboard.Options{Metrics: metrics, Log: slog.New(slog.DiscardHandler)})
	testkit.Work(t, f.Run)
	synctest.Wait() // it has looked for the first time
	return f
}

// pass lets time pass in a bubble of synctest.
func pass(d time.Duration) {
	time.Sleep(d) //nolint:forbidigo // the clock of the bubble
	synctest.Wait()
}

// TestFeedLooksAgainAndAgain adds a frame with what has happened since the one before, every two seconds.
func TestFeedLooksAgainAndAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBoard()
		b.set("docsquare_rate_limit_takes_total", 10, "decision", "refused")
		f, began := run(t, b.registry), time.Now()
		if n := len(f.Frames()); n != 0 {
			t.Fatalf("%d frames at once", n)
		}
		b.set("docsquare_rate_limit_takes_total", 16, "decision", "refused")
		pass(dashboard.Interval)
		b.set("docsquare_rate_limit_takes_total", 17, "decision", "refused")
		pass(2 * dashboard.Interval)
		frames := f.Frames()
		if len(frames) != 3 || frames[0].Limited.Rate != 3 || frames[1].Limited.Rate != .5 || frames[2].Limited.Rate != 0 {
			t.Fatalf("%+v", frames)
		}
		for i, frame := range frames {
			if at := float64(began.Add(time.Duration(i+1)*dashboard.Interval).UnixMilli()) / 1000; frame.At != at || frame.Seconds != 2 {
				t.Errorf("frame %d is of %v seconds at %v, want %v", i, frame.Seconds, frame.At, at)
			}
		}
	})
}

// TestHistoryIsBounded keeps the last ten minutes, and leaves alone what somebody is reading.
func TestHistoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if dashboard.MaxFrames != 300 {
			t.Errorf("%d frames", dashboard.MaxFrames)
		}
		f := run(t, prometheus.NewRegistry())
		pass(10 * time.Minute)
		full := f.Frames()
		first := full[0]
		pass(20 * time.Second)
		frames := f.Frames()
		if len(full) != dashboard.MaxFrames || len(frames) != dashboard.MaxFrames || frames[0].At != first.At+20 || full[0].At != first.At {
			t.Errorf("%d frames from %v, then %d from %v", len(full), full[0].At, len(frames), frames[0].At)
		}
		if last := frames[len(frames)-1].At; last-frames[0].At != 2*(dashboard.MaxFrames-1) {
			t.Errorf("they are from %v to %v", frames[0].At, last)
		}
	})
}

// TestFeedWithoutMetrics adds nothing while the metrics cannot be read, and then one frame for all of that time.
func TestFeedWithoutMetrics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var failing atomic.Bool
		b := newBoard()
		f := run(t, prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) {
			if failing.Load() {
				return nil, context.DeadlineExceeded
			}
			return b.registry.Gather()
		}))
		failing.Store(true)
		b.set("docsquare_rate_limit_takes_total", 12, "decision", "refused")
		pass(2 * dashboard.Interval)
		if n := len(f.Frames()); n != 0 {
			t.Fatalf("%d frames of nothing", n)
		}
		failing.Store(false)
		pass(dashboard.Interval)
		if frames := f.Frames(); len(frames) != 1 || frames[0].Seconds != 6 || frames[0].Limited.Rate != 2 {
			t.Fatalf("%+v", frames)
		}
	})
}
