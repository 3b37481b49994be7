package redis

import (
	"context"
	"errors"
	"strings"

	"github.com/redis/go-redis/v9"
)

// KeyspaceStats counts the keys under the prefix.
type KeyspaceStats struct {
	Entries map[string]int64 `json:"entries"` // by kind
	Stamps  int64            `json:"stamps"`
	Others  int64            `json:"others"`  // keys of other releases, and keys that are no entries, such as rate limits
	Used    int64            `json:"used"`    // bytes of memory that Redis uses in all
	Limit   int64            `json:"limit"`   // bytes; 0: no limit
	Scanned int64            `json:"scanned"` // all keys
}

// scanCount is how many keys one round trip of KeyspaceStats examines.
const scanCount = 1000

var errNotInUse = errors.New("Redis is not in use: REDIS_URL leads to no Redis in order") //nolint:staticcheck // Redis is a name

// KeyspaceStats counts the keys under the prefix, which takes a round trip for each thousand of all keys. kindOf returns the kind of
// an entry's key; see cache.Engine.KindOf. progress is called after each round trip with the number of keys scanned. If the tier
// is unavailable, KeyspaceStats returns an error.
func (t *Tier) KeyspaceStats(ctx context.Context, kindOf func(key string) (kind string, ok bool), progress func(scanned int64)) (KeyspaceStats, error) {
	s := KeyspaceStats{Entries: map[string]int64{}}
	if !t.receiver.Available() {
		return s, errNotInUse
	}
	err := eachMaster(ctx, t.client, func(ctx context.Context, node *redis.Client) error {
		for cursor := uint64(0); ; {
			keys, next, err := node.Scan(ctx, cursor, escapePattern(t.keyspace)+"*", scanCount).Result()
			if err != nil {
				return err
			}
			for _, key := range keys {
				rest, current := strings.CutPrefix(key, t.prefix)
				s.add(rest, current, kindOf)
			}
			s.Scanned += int64(len(keys))
			progress(s.Scanned)
			if cursor = next; cursor == 0 {
				return nil
			}
		}
	})
	s.Used, s.Limit, _ = t.Memory(ctx)
	return s, err
}

// add counts one key: what follows the prefix, and whether the prefix is that of the current layout.
func (s *KeyspaceStats) add(key string, current bool, kindOf func(string) (string, bool)) {
	if kind, ok := kindOf(key); ok && current {
		s.Entries[kind]++
	} else if current && strings.HasPrefix(key, "@") && !strings.HasPrefix(key, "@@") {
		s.Stamps++
	} else {
		s.Others++
	}
}

// escapePattern returns a prefix with the special characters of a pattern escaped.
func escapePattern(prefix string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(prefix)
}
