package cache

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// A Version identifies the last write that a client has seen. A client that sends it back gets no older answer from any
// instance. It is opaque to the engine: the far tier makes it. It is empty if nothing was written, or without a far tier.
type Version string

// Claim identifies something that counts once within a time, see cache/claims.
type Claim [16]byte

// MaxStaleness bounds how old an answer may be, even after a crash of the writer or while an instance is cut off from the
// far tier: the outbox delivers each invalidation within this time.
const MaxStaleness = 2 * time.Second

// Far is the far tier: a store of entries and stamps that all instances of the server share, such as cache/redis. Every method
// but Run returns within the timeouts of the tier. A Far is safe for concurrent use.
type Far interface {
	// Bind connects the tier to an engine. New calls it once, before any other method.
	Bind(r Receiver)

	// Run makes the tier available, passes the invalidations of other instances to the receiver, and recovers from failures,
	// until the context ends. drain delivers the invalidations in the outbox; nil if there is no outbox.
	Run(ctx context.Context, drain func(context.Context) error)

	// Read sets Raw and Stamps of all items, in one round trip. It creates the stamps that do not exist. After an error, the
	// caller must not use the items.
	Read(ctx context.Context, batch [][]FarItem) error

	// Inspect is Read without the creation of stamps. If the tier is unavailable, it leaves the items as they are.
	Inspect(ctx context.Context, items []FarItem) error

	// Fill queues entries to be written and returns at once. The tier may drop them: that is a later miss.
	Fill(fills []FarFill)

	// Settle blocks until the entries that were queued before are written, or dropped.
	Settle()

	// Replace sets the stamps of tags, and then publishes the change to the other instances. It returns the version of the
	// write, also with an error.
	Replace(ctx context.Context, tags []Tag, stamps []Stamp) (Version, error)

	// Reached reports whether this process has received the invalidations of a version. It waits for them for as long as a
	// read may take.
	Reached(ctx context.Context, v Version) bool

	// Claim returns the claims that no instance has made within the ttl. If the tier fails, it returns all.
	Claim(ctx context.Context, name string, claims []Claim, ttl time.Duration) []Claim

	// Memory returns how much memory the store uses and may use, in bytes; a limit of 0 means none. It returns false if that is
	// not known.
	Memory(ctx context.Context) (used, limit int64, ok bool)

	// Collectors returns the metrics of the tier.
	Collectors() []prometheus.Collector

	// Close writes the entries that are queued and stops what NewTier or similar has started. The engine calls it once.
	Close()
}

// FarItem is one key to read from the far tier, and the tags that its entry depends on.
type FarItem struct {
	Key    string
	Tags   []Tag
	Raw    []byte  // the result: the encoded entry; nil if there is none
	Stamps []Stamp // the result: the stamp of each tag
}

// FarFill is one entry to write to the far tier.
type FarFill struct {
	Key   string
	Value []byte // the encoded entry
	TTL   time.Duration
}

// none is the far tier of an engine that has none. It stores nothing, and all its calls succeed. The engine never becomes
// available for it, so nothing is encoded for it either.
type none struct{}

func (none) Bind(Receiver)                                          {}
func (none) Run(context.Context, func(context.Context) error)       {}
func (none) Read(context.Context, [][]FarItem) error                { return nil }
func (none) Inspect(context.Context, []FarItem) error               { return nil }
func (none) Fill([]FarFill)                                         {}
func (none) Settle()                                                {}
func (none) Reached(context.Context, Version) bool                  { return true }
func (none) Memory(context.Context) (used, limit int64, known bool) { return 0, 0, false }
func (none) Collectors() []prometheus.Collector                     { return nil }
func (none) Close()                                                 {}

func (none) Replace(context.Context, []Tag, []Stamp) (Version, error) { return "", nil }

func (none) Claim(_ context.Context, _ string, claims []Claim, _ time.Duration) []Claim {
	return claims
}
