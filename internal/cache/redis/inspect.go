package redis

import (
	"context"

	"github.com/redis/go-redis/v9"

	"docsquare/internal/cache"
)

// Inspect is Read without the creation of stamps. If the tier is unavailable, it leaves the items as they are.
func (t *Tier) Inspect(ctx context.Context, items []cache.FarItem) error {
	if !t.receiver.Available() {
		return nil
	}
	pipe := t.client.Pipeline()
	entries, stamps := make([]*redis.StringCmd, len(items)), map[cache.Tag]*redis.StringCmd{}
	for i, item := range items {
		entries[i] = pipe.Get(ctx, t.prefix+item.Key)
		for _, tag := range item.Tags {
			if stamps[tag] == nil {
				stamps[tag] = pipe.Get(ctx, t.stampKey(tag))
			}
		}
	}
	if err := t.run(ctx, callInspect, pipe, t.readTimeout); err != nil {
		return err
	}
	for i := range items {
		items[i].Raw, _ = entries[i].Bytes()
		for _, tag := range items[i].Tags {
			items[i].Stamps = append(items[i].Stamps, parseStamp(stamps[tag].Val()))
		}
	}
	return nil
}
