package ratelimit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// Bucket is one budget. Two of them are the same where both the key and the rate are, so one key may have several rates.
// The key may be any text, such as what somebody typed as a name.
type Bucket struct {
	Key  string
	Rate Rate
}

// State is what is left of a budget, by what the process knows.
type State struct {
	Limit     int           // 0: no limit, and the rest means nothing
	Remaining int           // points
	Reset     time.Duration // until it is full again if nothing is taken
}

// Refused is the error of a Take that would exceed a budget. Where it would exceed several, it is about the one that it
// has to wait for longest among those that were looked at.
type Refused struct {
	Bucket     Bucket
	Cost       int
	RetryAfter time.Duration // more than 0; then the bucket has enough, unless somebody else takes it
	State      State
}

// Error names the bucket, by its hash where the key is long or has special characters.
func (r *Refused) Error() string {
	return fmt.Sprintf("ratelimit: %s has %d points left of %v, but %d are wanted: retry after %v",
		nameOf(r.Bucket.Key), r.State.Remaining, r.Bucket.Rate, r.Cost, r.RetryAfter)
}

// TooLarge is the error of a Take that costs more than a budget ever has. To retry is of no use.
type TooLarge struct {
	Bucket Bucket
	Cost   int
}

// Error names the bucket, by its hash where the key is long or has special characters.
func (t *TooLarge) Error() string {
	return fmt.Sprintf("ratelimit: %d points are wanted, more than %s ever has: %v", t.Cost, nameOf(t.Bucket.Key), t.Bucket.Rate)
}

// fit returns a *TooLarge error if the cost is more than the full budget of one of the buckets.
func fit(cost int, buckets []Bucket) error {
	for _, b := range buckets {
		if b.Rate.limits() && cost > b.Rate.Points {
			return &TooLarge{Bucket: b, Cost: cost}
		}
	}
	return nil
}

// maxName is the length up to which a key is its own name.
const maxName = 64

// nameOf is how a key is called in the process and in Redis: as it is where it is short and has only characters that are
// harmless everywhere, else by its hash. A # begins no other name.
func nameOf(key string) string {
	if len(key) <= maxName && harmless(key) {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return "#" + hex.EncodeToString(sum[:16])
}

// harmless leaves out, among others, the braces that choose a node of a cluster and what farKey puts between its parts.
func harmless(key string) bool {
	for i := range len(key) {
		c := key[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == ':' || c == '.' || c == '-' || c == '_' || c == '/' || c == '@':
		default:
			return false
		}
	}
	return true
}

// id identifies a bucket.
type id struct {
	name string
	rate Rate
}

func (b Bucket) id() id { return id{nameOf(b.Key), b.Rate} }

// layout is the version of the values in Redis. It is part of each key.
const layout = "rate:v1:"

// farKey is the key of a budget in Redis.
func (i id) farKey(prefix string) string { return prefix + layout + i.name + "|" + i.rate.String() }
