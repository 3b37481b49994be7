package ratelimit

import "time"

// Return gives back points that a Take of this limiter has charged, where something turned out cheaper. It never waits:
// Redis, and by it other instances, hear of it within half a second, and not at all where it does not answer. A bucket is
// never more than full; one that is not remembered was full again, or one of too many.
func (l *Limiter) Return(points int, buckets ...Bucket) {
	if points <= 0 {
		return
	}
	now := time.Now()
	for _, bucket := range buckets {
		if !bucket.Rate.limits() {
			continue
		}
		i := bucket.id()
		s := l.table.shard(i)
		s.mu.Lock()
		if b := s.budgets[i]; b != nil {
			b.advance(now)
			b.giveBack(points)
			s.note(b)
		}
		s.mu.Unlock()
	}
}
