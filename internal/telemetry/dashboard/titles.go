package dashboard

import (
	"context"
	"sync"
	"time"
)

// titlesFor is how long a title is shown before it is read again. Reading one is a load like those that are counted.
const titlesFor = time.Minute

// titles remembers the titles of keys. It is safe for concurrent use.
type titles struct {
	mu    sync.Mutex
	known map[string]title
}

type title struct {
	text string
	at   time.Time
}

// of returns the titles of keys. Only those that are unknown or old are read; if that fails, they have none.
func (t *titles) of(ctx context.Context, keys []string, o Options) map[string]string {
	if o.Titles == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	known, unknown, now := make(map[string]title, len(keys)), []string{}, time.Now()
	for _, key := range keys {
		if x, ok := t.known[key]; ok && now.Sub(x.at) < titlesFor {
			known[key] = x
		} else {
			unknown = append(unknown, key)
		}
	}
	if len(unknown) > 0 {
		read, err := o.Titles(ctx, unknown)
		if err != nil {
			o.Log.DebugContext(ctx, "titles of hot keys not read", "error", err)
		}
		for _, key := range unknown {
			known[key] = title{read[key], now}
		}
	}
	t.known = known // without keys that are no longer hot
	texts := make(map[string]string, len(known))
	for key, x := range known {
		texts[key] = x.text
	}
	return texts
}
