package dashboard

// Frame is what the server did between two looks at its metrics. Rates are of a second, latencies milliseconds; what is not
// known, or did not happen, is null.
type Frame struct {
	At          float64     `json:"at"`      // seconds since 1970
	Seconds     float64     `json:"seconds"` // since the look before
	Operations  Work        `json:"operations"`
	Far         Work        `json:"far"`   // round trips to Redis
	SQL         Work        `json:"sql"`   // statements
	Loads       Work        `json:"loads"` // keys that no tier had; the latency is of the calls
	Saved       Saved       `json:"saved"`
	Kinds       []Kind      `json:"kinds"`
	Near        Near        `json:"near"`
	Redis       Redis       `json:"redis"`
	Outbox      *Outbox     `json:"outbox"`
	Limited     Rate        `json:"limited"`
	Responses   Responses   `json:"responses"`
	Database    Database    `json:"database"`
	Disks       []Disk      `json:"disks"`
	Today       *Today      `json:"today"`
	Connections Connections `json:"connections"`
	Uploads     float64     `json:"uploads"`
	Pool        Pool        `json:"pool"`
	Audit       Audit       `json:"audit"`
	Process     Process     `json:"process"`
}

// Work is something that is done again and again.
type Work struct {
	Rate   float64  `json:"rate"`
	Errors float64  `json:"errors"`
	P50    *float64 `json:"p50"`
	P95    *float64 `json:"p95"`
	P99    *float64 `json:"p99"`
}

// Saved is what resolvers alone would have sent, less what was sent.
type Saved struct {
	Statements float64 `json:"statements"`
	RoundTrips float64 `json:"roundTrips"`
}

// Kind is one kind of entries: keys by where their answers came from, and what is in the process.
type Kind struct {
	Name     string  `json:"name"`
	Near     float64 `json:"near"`
	Far      float64 `json:"far"`
	Loads    float64 `json:"loads"`
	Shared   float64 `json:"shared"`
	Negative float64 `json:"negative"`
	Stale    float64 `json:"stale"`
	Entries  float64 `json:"entries"`
	Bytes    float64 `json:"bytes"`
}

// Near is the near tier, in bytes.
type Near struct {
	Bytes float64 `json:"bytes"`
	Limit float64 `json:"limit"`
}

// Redis is the far tier, in bytes.
type Redis struct {
	Configured bool     `json:"configured"`
	InUse      bool     `json:"inUse"`
	Memory     *float64 `json:"memory"`
	MaxMemory  *float64 `json:"maxMemory"`
	Losses     float64  `json:"losses"`
}

// Outbox is the invalidations that wait.
type Outbox struct {
	Rows   float64 `json:"rows"`
	Oldest float64 `json:"oldest"` // seconds
}

// Rate is a rate alone.
type Rate struct {
	Rate float64 `json:"rate"`
}

// Responses is the answers of each class of HTTP statuses, per second.
type Responses struct {
	Success  float64 `json:"success"`  // 2xx, and WebSockets that were opened
	Redirect float64 `json:"redirect"` // 3xx, also 304
	Client   float64 `json:"client"`   // 4xx
	Server   float64 `json:"server"`   // 5xx
}

// Database is what the database takes on its disk, in bytes.
type Database struct {
	Bytes *float64 `json:"bytes"`
	WAL   *float64 `json:"wal"`
}

// Disk is a disk that the server writes to, in bytes.
type Disk struct {
	Of   string  `json:"of"` // what is on it
	Free float64 `json:"free"`
	Size float64 `json:"size"`
}

// Today is what was written since 00:00 UTC.
type Today struct {
	Accounts  float64 `json:"accounts"`
	Documents float64 `json:"documents"`
	Comments  float64 `json:"comments"`
}

// Connections is what is open.
type Connections struct {
	WebSockets float64 `json:"webSockets"`
	Streams    float64 `json:"streams"`
	Operations float64 `json:"operations"`
}

// Pool is the connections to the database, and the write transactions on them.
type Pool struct {
	Open    float64 `json:"open"`
	InUse   float64 `json:"inUse"`
	Waits   float64 `json:"waits"`   // for a connection, per second
	Writes  float64 `json:"writes"`  // write transactions that are open
	Longest float64 `json:"longest"` // of the write transactions of the last 5 to 10 minutes, in seconds
}

// Audit is what the auditor has found since the start.
type Audit struct {
	Ratio    float64 `json:"ratio"`
	Compared float64 `json:"compared"`
	Stale    float64 `json:"stale"`
	Oldest   float64 `json:"oldest"` // seconds
}

// Process is the process itself.
type Process struct {
	Goroutines float64 `json:"goroutines"`
	Heap       float64 `json:"heap"`     // bytes
	Resident   float64 `json:"resident"` // bytes
	CPU        float64 `json:"cpu"`      // cores
}

// frameOf is the frame between two readings.
func frameOf(before, now reading) Frame {
	seconds := max(now.at.Sub(before.at).Seconds(), minSeconds)
	d := difference{before, now, seconds}
	statements, trips := d.rate("operation_statements_total"), d.rate("operation_round_trips_total")
	return Frame{
		At: float64(now.at.UnixMilli()) / 1000, Seconds: seconds,
		Operations: d.work("operation_duration_seconds", d.rate("operations_total")-d.rate("operations_total", "outcome", "ok")),
		Far:        d.work("redis_call_duration_seconds", d.rate("redis_call_failures_total")),
		SQL:        d.work("sql_statement_duration_seconds", d.rate("sql_statement_failures_total")),
		Loads:      d.loads(),
		Saved: Saved{
			Statements: max(d.rate("loader_keys_total")-statements, 0),
			RoundTrips: max(d.rate("loader_batches_total")-trips, 0),
		},
		Kinds: d.kinds(),
		Near:  Near{now.sum("cache_near_bytes") + now.sum("cache_near_tag_bytes"), now.sum("cache_near_limit_bytes")},
		Redis: Redis{
			Configured: now.sum("redis_configured") > 0, InUse: now.sum("redis_in_use") > 0,
			Memory: now.maybe("redis_memory_bytes"), MaxMemory: now.maybe("redis_memory_limit_bytes"), Losses: now.sum("redis_losses_total"),
		},
		Outbox:      now.outbox(),
		Limited:     Rate{d.rate("rate_limit_takes_total", "decision", "refused")},
		Responses:   d.responses(),
		Database:    Database{now.maybe("database_bytes"), now.maybe("database_wal_bytes")},
		Disks:       now.disks(),
		Today:       now.today(),
		Connections: Connections{now.sum("connections", "transport", "websocket"), now.sum("connections", "transport", "sse"), now.sum("live_operations")},
		Uploads:     now.sum("uploads_in_progress"),
		Pool: Pool{
			Open: now.other("go_sql_open_connections"), InUse: now.other("go_sql_in_use_connections"),
			Waits:  max(now.other("go_sql_wait_count_total")-before.other("go_sql_wait_count_total"), 0) / seconds,
			Writes: now.sum("write_transactions_open"), Longest: now.sum("write_transaction_hold_longest_seconds"),
		},
		Audit: Audit{now.sum("cache_audit_ratio"), now.sum("cache_audited_total"), now.sum("cache_stale_total"), now.sum("cache_stale_max_seconds")},
		Process: Process{
			Goroutines: now.other("go_goroutines"), Heap: now.other("go_memstats_heap_alloc_bytes"), Resident: now.other("process_resident_memory_bytes"),
			CPU: max(now.other("process_cpu_seconds_total")-before.other("process_cpu_seconds_total"), 0) / seconds,
		},
	}
}

// minSeconds is the shortest time between two readings.
const minSeconds = 0.001
