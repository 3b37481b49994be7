package metrics

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"docsquare/internal/counters"
	"docsquare/internal/store"
)

var (
	responses     = describe("http_responses_total", "Answers by their HTTP status.", "status")
	databaseBytes = describe("database_bytes", "What the database takes on its disk.")
	walBytes      = describe("database_wal_bytes", "What the write-ahead log of the database takes on its disk; on PostgreSQL that of the server, if DATABASE_URL may see it.")
	diskFree      = describe("disk_free_bytes", "What is free on the disk of the database file or of the files.", "of")
	diskSize      = describe("disk_bytes", "The size of that disk.", "of")
	createdToday  = describe("created_today", "Accounts, documents and comments that were written since 00:00 UTC and are still there.", "what")
)

// answered collects the statuses of answers; nothing without them.
type answered struct {
	each func(func(status int, answers uint64))
}

func (answered) Describe(out chan<- *prometheus.Desc) { out <- responses }

func (a answered) Collect(out chan<- prometheus.Metric) {
	if a.each == nil {
		return
	}
	a.each(func(status int, answers uint64) { counter(out, responses, float64(answers), strconv.Itoa(status)) })
}

// lookedFor is how long what was read of the database is exported again.
const lookedFor = 30 * time.Second

// looked collects what takes statements to find out. It is safe for concurrent use.
type looked struct {
	sources Sources

	mu    sync.Mutex
	at    time.Time
	size  *store.Size       // nil: not known
	today *counters.Created // nil: not known
}

func (*looked) Describe(out chan<- *prometheus.Desc) {
	described(out, databaseBytes, walBytes, diskFree, diskSize, createdToday)
}

func (l *looked) Collect(out chan<- prometheus.Metric) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at.IsZero() || time.Since(l.at) >= lookedFor {
		l.look()
	}
	if l.size != nil {
		gauge(out, databaseBytes, float64(l.size.Database))
		if l.size.WAL != store.Unknown {
			gauge(out, walBytes, float64(l.size.WAL))
		}
	}
	if l.today != nil {
		for what, n := range map[string]int{"accounts": l.today.Users, "documents": l.today.Documents, "comments": l.today.Comments} {
			gauge(out, createdToday, float64(n), what)
		}
	}
	for of, path := range l.sources.Disks {
		if free, size, ok := disk(path); ok {
			gauge(out, diskFree, float64(free), of)
			gauge(out, diskSize, float64(size), of)
		}
	}
}

// look reads the database. What it cannot read is not known: a missing value is better than a wrong one.
func (l *looked) look() {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	l.at, l.size, l.today = time.Now(), nil, nil
	if size, err := l.sources.Store.Size(ctx); err == nil {
		l.size = &size
	} else {
		l.sources.Log.DebugContext(ctx, "size of the database not read", "error", err)
	}
	if c, err := counters.CreatedSince(ctx, l.sources.Store, time.Now().UTC().Truncate(24*time.Hour)); err == nil {
		l.today = &c
	} else {
		l.sources.Log.DebugContext(ctx, "rows of the day not counted", "error", err)
	}
}
