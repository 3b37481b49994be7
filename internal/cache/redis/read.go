package redis

import (
	"context"
	"slices"

	"github.com/redis/go-redis/v9"

	"docsquare/internal/cache"
	"docsquare/internal/cache/tags"
)

// maxReads bounds the entries that one round trip reads, and so the bytes of its answer: 8 MiB, as an entry has at most
// codec.MaxBytes.
const maxReads = 128

// Read answers all items, maxReads in one round trip. Read itself creates a stamp that does not exist (SET NX GET), so a fill
// after the load needs no round trip for stamps.
func (t *Tier) Read(ctx context.Context, batch [][]cache.FarItem) error {
	var items []*cache.FarItem
	for _, part := range batch {
		for i := range part {
			items = append(items, &part[i])
		}
	}
	losses := t.receiver.Losses()
	for part := range slices.Chunk(items, maxReads) {
		if err := t.read(ctx, part); err != nil {
			return err
		}
	}
	if t.receiver.Losses() != losses { // for instance, onConnect has rejected the connection that has answered
		return errUnavailable
	}
	return nil
}

// read answers items in one round trip. The stamps of an item are read together with its entry: were they read before, they could be
// those of an older state.
func (t *Tier) read(ctx context.Context, items []*cache.FarItem) error {
	if !t.receiver.Available() {
		return errUnavailable
	}
	pipe := t.client.Pipeline()
	entries := make([]*redis.StringCmd, len(items))
	created := map[cache.Tag]cache.Stamp{}
	stamps := map[cache.Tag]*redis.StatusCmd{}
	for i, item := range items {
		entries[i] = pipe.Get(ctx, t.prefix+item.Key)
		for _, tag := range item.Tags {
			if stamps[tag] == nil {
				created[tag] = tags.NewStamp()
				stamps[tag] = pipe.SetArgs(ctx, t.stampKey(tag), stampBytes(created[tag]), redis.SetArgs{Mode: "NX", Get: true, TTL: stampTTL})
			}
		}
	}
	if err := t.run(ctx, callRead, pipe, t.readTimeout); err != nil {
		return err
	}
	for i, item := range items {
		item.Raw, _ = entries[i].Bytes()
		item.Stamps = make([]cache.Stamp, len(item.Tags))
		for n, tag := range item.Tags {
			item.Stamps[n] = stampOr(stamps[tag], created[tag])
		}
	}
	return nil
}
