package admin

import (
	"context"
	"time"

	"docsquare/internal/cache/ops"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/nodeid"
)

// TierName names a tier.
type TierName string

// The tiers.
const (
	Near TierName = "near"
	Far  TierName = "far"
)

// TierState is how a tier is.
type TierState string

// The states of a tier.
const (
	OK       TierState = "ok"
	Degraded TierState = "degraded" // configured, and not in use
	Off      TierState = "off"      // not configured
)

// Report is the cache of this instance at one moment.
type Report struct {
	Tiers       []*Tier
	Kinds       []*Kind
	Outbox      Outbox
	Audit       Audit
	WarmUp      WarmUp
	Undecodable int64
	Losses      int64

	cache *kinds.Cache
}

// Tier is one tier. What is not known is nil.
type Tier struct {
	Name    TierName
	State   TierState
	Entries *int64
	Bytes   *int64
	Limit   *int64
}

// Kind is one kind of entries, its times in seconds.
type Kind struct {
	Name                                                            string
	Version, TTL, NegativeTTL, Stale, Entries                       int
	Bytes, Limit                                                    int64
	Near, Far, Shared, Loads, Hits, Negative, StaleServed, Failures int64
}

// Outbox is the invalidations that Redis has yet to hear of.
type Outbox struct {
	Rows   int
	Oldest float64 // seconds
}

// Audit is what the auditor has seen.
type Audit struct {
	Ratio           float64
	Compared, Stale int64
	Oldest          float64 // seconds
}

// Report looks at the cache.
func (s *Service) Report(ctx context.Context) (*Report, error) {
	usage, audited := s.cache.Usage(), s.cache.Audit()
	rows, age, err := s.store.Backlog(ctx)
	if err != nil {
		return nil, err
	}
	r := &Report{
		cache: s.cache, Outbox: Outbox{rows, age.Seconds()}, WarmUp: s.WarmUp(), Undecodable: usage.Undecodable, Losses: usage.Losses,
		Audit: Audit{audited.Ratio, audited.Compared, audited.Stale, audited.Oldest.Seconds()},
	}
	near := &Tier{Name: Near, State: OK, Entries: new(int64), Bytes: &usage.TagBytes, Limit: &usage.Limit}
	for _, k := range usage.Kinds {
		r.Kinds = append(r.Kinds, kindOf(k))
		*near.Entries += int64(k.Entries)
		*near.Bytes += bytes(k.Bytes)
	}
	far := &Tier{Name: Far, State: TierState(s.cache.State())}
	if used, limit, ok := s.cache.FarMemory(ctx); ok {
		far.Bytes, far.Limit = &used, &limit
	}
	r.Tiers = []*Tier{near, far}
	return r, nil
}

func kindOf(k ops.KindUsage) *Kind {
	n := k.Counts
	return &Kind{
		Name: k.Name, Version: k.Version, TTL: seconds(k.TTL), NegativeTTL: seconds(k.Negative), Stale: seconds(k.Stale),
		Entries: k.Entries, Bytes: bytes(k.Bytes), Limit: bytes(k.Limit),
		Near: n.Near, Far: n.Far, Shared: n.Shared, Loads: n.Loads, Hits: n.Hits(), Negative: n.Negative, StaleServed: n.Stale, Failures: n.Failed,
	}
}

func seconds(d time.Duration) int { return int(d.Seconds()) }

func bytes(n uint64) int64 { return int64(n) } //nolint:gosec // of memory

// maxHotKeys is how many hot keys are reported.
const maxHotKeys = 100

// HotKeys is the keys that this instance is asked for most, the hottest first.
func (r *Report) HotKeys(_ context.Context, first int) ([]ops.HotKey, error) {
	if first < 1 || first > maxHotKeys {
		return nil, errs.BadInput("first", "first must be 1 to %d, but is %d", maxHotKeys, first)
	}
	return r.cache.HotKeys(first), nil
}

// Inspect is what the tiers hold under an identifier.
func (r *Report) Inspect(ctx context.Context, id nodeid.ID) ([]ops.Inspection, error) {
	return r.cache.Inspect(ctx, id.UUID)
}
