package ratelimit

// Usage is what a limiter has done since it was made, and how it is.
type Usage struct {
	Allowed    int64 // takes
	Refused    int64 // takes, also those that were too large
	Degraded   int64 // of both, those that the process decided because Redis did not answer
	Calls      int64 // round trips to Redis, also those in the background
	Losses     int64 // how often Redis was lost
	Buckets    int   // remembered now
	RedisInUse bool
}

// Usage is the present state.
func (l *Limiter) Usage() Usage {
	return Usage{
		Allowed: l.counts.allowed.Load(), Refused: l.counts.refused.Load(), Degraded: l.counts.degraded.Load(),
		Calls: l.counts.calls.Load(), Losses: l.epoch.Load(),
		Buckets: l.table.len(), RedisInUse: !l.near(),
	}
}
