package cache

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// The stream of stamp changes: every process adds its own and follows those of the others.
const (
	streamLength = 100_000
	streamBlock  = 200 * time.Millisecond // also how long Close may take: a read that blocks cannot be called off
	streamBatch  = 1000
	streamPause  = 200 * time.Millisecond

	fieldOrigin = "origin"
	fieldTags   = "tags"
)

func (f *far) streamKey() string { return f.prefix + "@@changes" }

// announcement is one entry of the stream: for each tag its stamp (8 bytes), its length (2 bytes) and its text.
func (f *far) announcement(origin string, tags []Tag, stamps []Stamp) *redis.XAddArgs {
	var raw []byte
	for i, tag := range tags {
		raw = binary.BigEndian.AppendUint64(raw, uint64(stamps[i]))
		raw = binary.BigEndian.AppendUint16(raw, uint16(len(tag))) //nolint:gosec // tags are short
		raw = append(raw, tag...)
	}
	return &redis.XAddArgs{
		Stream: f.streamKey(), MaxLen: streamLength, Approx: true,
		Values: []any{fieldOrigin, origin, fieldTags, raw},
	}
}

// follow applies what other processes write to this one's near tier, until the context ends. Whenever its place in the
// stream is lost, the near tier starts anew from the present end of the stream.
func (e *Engine) follow(ctx context.Context) {
	for ctx.Err() == nil {
		err := e.followFrom(ctx)
		e.following.Store(false)
		if ctx.Err() == nil {
			e.log.DebugContext(ctx, "the stream of stamp changes is not being followed", "error", err)
			pause(ctx, streamPause)
		}
	}
}

// Follow waits until this process hears of what others write, for the first time. Without Redis there is nobody to hear.
func (e *Engine) Follow(ctx context.Context) error {
	if e.far == nil {
		return nil
	}
	select {
	case <-e.followed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// followFrom follows the stream from its present end until something fails; it never returns nil.
func (e *Engine) followFrom(ctx context.Context) error {
	place, err := e.streamEnd(ctx)
	if err != nil {
		return err
	}
	e.cells.replace(Everything, 0) // what was written before this place may not have been heard of
	e.following.Store(true)
	e.firstFollowed.Do(func() { close(e.followed) })
	for {
		streams, err := e.far.client.XRead(ctx, &redis.XReadArgs{
			Streams: []string{e.far.streamKey(), place}, Count: streamBatch, Block: streamBlock,
		}).Result()
		if errors.Is(err, redis.Nil) {
			continue
		}
		if err != nil {
			return err
		}
		for _, m := range streams[0].Messages {
			place = m.ID
			e.apply(m)
		}
	}
}

func (e *Engine) streamEnd(ctx context.Context) (string, error) {
	last, err := e.far.client.XRevRangeN(ctx, e.far.streamKey(), "+", "-", 1).Result()
	if err != nil {
		return "", err
	}
	if len(last) == 0 {
		return "0-0", nil
	}
	return last[0].ID, nil
}

// apply begins a new version of each tag that another process has written to.
func (e *Engine) apply(m redis.XMessage) {
	if m.Values[fieldOrigin] == e.origin {
		return
	}
	text, _ := m.Values[fieldTags].(string)
	raw := []byte(text)
	for len(raw) >= 10 {
		stamp := Stamp(binary.BigEndian.Uint64(raw))
		n := int(binary.BigEndian.Uint16(raw[8:]))
		if len(raw) < 10+n {
			return
		}
		e.cells.replace(Tag(raw[10:10+n]), stamp)
		raw = raw[10+n:]
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
