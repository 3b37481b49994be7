package upload

import (
	"context"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"docsquare/ent/file"
	"docsquare/ent/schema"
)

const (
	sweepInterval = 10 * time.Second
	sweepSize     = 100
	discardTime   = 10 * time.Second // for deleting objects at the end of a request
)

func ago(d time.Duration) time.Time { return schema.Now().Add(-d) }

// whole selects the files that have arrived whole.
func whole(s *entsql.Selector) {
	s.Where(entsql.ColumnsEQ(s.C(file.FieldReceived), s.C(file.FieldSize)))
}

// every calls f again and again, at an interval, until the context ends.
func every(ctx context.Context, interval time.Duration, f func()) {
	t := time.NewTicker(interval)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			f()
		case <-ctx.Done():
			return
		}
	}
}
