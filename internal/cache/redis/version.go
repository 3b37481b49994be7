package redis

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"docsquare/internal/cache"
)

// A version of this tier is a position in the stream of changes. The version of a write that could not be published is
// undeliveredPrefix and the time of the write in milliseconds since 1970.
const undeliveredPrefix = "!"

// maxClockSkew is by how much the clocks of instances and Redis may differ.
const maxClockSkew = 5 * time.Second

func undeliveredVersion(at time.Time) cache.Version {
	return cache.Version(undeliveredPrefix + strconv.FormatInt(at.UnixMilli(), 10))
}

// position is a position in the stream of changes: a time in milliseconds since 1970, and a sequence number.
type position [2]uint64

func (p position) before(q position) bool { return p[0] < q[0] || p[0] == q[0] && p[1] < q[1] }

func (p position) String() string { return fmt.Sprintf("%d-%d", p[0], p[1]) }

// parsePosition parses a position. An invalid text is the beginning of the stream.
func parsePosition(text string) (p position) {
	moment, number, _ := strings.Cut(text, "-")
	p[0], _ = strconv.ParseUint(moment, 10, 64)
	p[1], _ = strconv.ParseUint(number, 10, 64)
	return p
}

// Reached blocks until this process has followed the stream to a version, but no longer than the timeout of a read, and reports
// whether it has. An invalid version is reached, and so is one that is older than any entry may be stale.
func (t *Tier) Reached(ctx context.Context, v cache.Version) bool {
	text, undelivered := strings.CutPrefix(string(v), undeliveredPrefix)
	at := parsePosition(text)
	age := time.Since(time.UnixMilli(int64(at[0]))) //nolint:gosec // a time out of range is far away, which is all that counts
	if age > cache.MaxStaleness+maxClockSkew || age < -maxClockSkew {
		return true
	}
	return !undelivered && t.followed.wait(ctx, at, t.readTimeout)
}

// followed is the position to which this process has followed the stream of changes.
type followed struct {
	mu   sync.Mutex
	at   position
	next chan struct{} // closed when the position advances; nil while no goroutine waits
}

func (f *followed) advance(p position) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at = p
	if f.next != nil {
		close(f.next)
		f.next = nil
	}
}

// wait blocks until the position is p or later, and reports whether it is. It returns false after the timeout.
func (f *followed) wait(ctx context.Context, p position, timeout time.Duration) bool {
	late := time.After(timeout)
	for {
		f.mu.Lock()
		if !f.at.before(p) {
			f.mu.Unlock()
			return true
		}
		if f.next == nil {
			f.next = make(chan struct{})
		}
		next := f.next
		f.mu.Unlock()
		select {
		case <-next:
		case <-late:
			return false
		case <-ctx.Done():
			return false
		}
	}
}
