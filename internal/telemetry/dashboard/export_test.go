package dashboard

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// What the tests of this package see of its inside.

// Reading is all metrics at one moment.
type Reading = reading

// The bounds of what is remembered.
const (
	MaxFrames     = maxFrames
	MaxOperations = maxOperations
	Interval      = interval
)

// ReadAt is a reading that was taken then.
func ReadAt(at time.Time, from prometheus.Gatherer) (Reading, error) {
	r, err := read(from)
	r.at = at
	return r, err
}

// FrameOf is the frame between two readings.
func FrameOf(before, now Reading) Frame { return frameOf(before, now) }

// Quantile is the value below which that part of what a histogram counts is.
func Quantile(counts map[float64]float64, part float64) *float64 { return quantile(counts, part) }

// Add adds a frame.
func (f *Feed) Add(frame Frame) { f.add(frame) }

// Frames is the history.
func (f *Feed) Frames() []Frame {
	frames, _ := f.history()
	return frames
}

// Failures is the table of errors.
func (f *Feed) Failures() []Failure { return f.failures.list() }

// TitlesOf is the titles of keys.
func (f *Feed) TitlesOf(ctx context.Context, keys ...string) map[string]string {
	return f.titles.of(ctx, keys, f.options)
}

// Table is the table of operations.
func (f *Feed) Table() []Operation { return f.operations.list() }
