package redis

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"docsquare/internal/cache"
)

// The stream of changes: every process adds the stamps that it has replaced, and follows those of the others. It takes at most
// streamLength * maxChange bytes, 64 MiB, and what Redis adds for each entry.
const (
	streamLength = 65_536
	maxChange    = 1024
	streamBlock  = 200 * time.Millisecond // also how long the end of Run may take: a blocking read cannot be cancelled
	streamBatch  = 1000
	streamGrace  = time.Second // how much later than streamBlock an answer may arrive before the connection counts as lost, or the timeout of reads

	fieldOrigin = "origin"
	fieldTags   = "tags"

	changeHeader = stampSize + 2
)

func (t *Tier) streamKey() string { return t.prefix + "@@changes" }

// changes returns the entries of the stream for a change: for each tag its stamp (8 bytes), its length (2 bytes) and its text, up to maxChange
// bytes in one entry.
func (t *Tier) changes(tags []cache.Tag, stamps []cache.Stamp) (all []*redis.XAddArgs) {
	var raw []byte
	add := func() {
		all = append(all, &redis.XAddArgs{
			Stream: t.streamKey(), MaxLen: streamLength, Approx: true,
			Values: []any{fieldOrigin, t.origin, fieldTags, raw},
		})
		raw = nil
	}
	for i, tag := range tags {
		if len(raw) > 0 && len(raw)+changeHeader+len(tag) > maxChange {
			add()
		}
		raw = binary.BigEndian.AppendUint64(raw, uint64(stamps[i]))
		raw = binary.BigEndian.AppendUint16(raw, uint16(len(tag))) //nolint:gosec // tags are short
		raw = append(raw, tag...)
	}
	add()
	return all
}

// follow passes the changes after a position to the engine, until something fails. It never returns nil.
func (t *Tier) follow(ctx context.Context, at position, id ServerIdentity) error {
	t.followed.advance(at)
	for checked := time.Now(); ; {
		if !t.receiver.Available() {
			return errLostMeanwhile
		}
		if time.Since(checked) > checkInterval {
			var err error
			if id, err = t.check(ctx, id); err != nil {
				return err
			}
			checked = time.Now()
		}
		messages, err := t.next(ctx, at)
		if err != nil {
			return err
		}
		for _, m := range messages {
			t.apply(m)
		}
		if n := len(messages); n > 0 {
			at = parsePosition(messages[n-1].ID)
			t.followed.advance(at)
		}
	}
}

// next returns the changes after a position. If none arrive within streamBlock, it returns none.
func (t *Tier) next(ctx context.Context, at position) ([]redis.XMessage, error) {
	bounded, cancel := context.WithTimeout(ctx, streamBlock+max(streamGrace, t.readTimeout))
	defer cancel()
	streams, err := t.client.XRead(bounded, &redis.XReadArgs{
		Streams: []string{t.streamKey(), at.String()}, Count: streamBatch, Block: streamBlock,
	}).Result()
	switch {
	case errors.Is(err, redis.Nil):
		return nil, nil
	case err != nil:
		return nil, err
	case len(streams[0].Messages) < streamBatch:
		return streams[0].Messages, nil
	}
	return streams[0].Messages, t.checkTrimmed(bounded, at)
}

var errTrimmed = errors.New("cache: stream of changes was trimmed past the position of this process")

// checkTrimmed returns errTrimmed if changes after a position may have been trimmed from the stream. Redis itself does not report
// a gap.
func (t *Tier) checkTrimmed(ctx context.Context, at position) error {
	first, err := t.client.XRangeN(ctx, t.streamKey(), "-", "+", 1).Result()
	if err != nil {
		return err
	}
	if len(first) == 0 || at.before(parsePosition(first[0].ID)) {
		return errTrimmed
	}
	return nil
}

// streamEnd returns the position of the last change.
func (t *Tier) streamEnd(ctx context.Context) (at position, err error) {
	var last []redis.XMessage
	err = t.guarded(ctx, t.readTimeout, func(ctx context.Context) error {
		last, err = t.client.XRevRangeN(ctx, t.streamKey(), "+", "-", 1).Result()
		return err
	})
	if err != nil {
		return position{}, err
	}
	if len(last) == 0 {
		return position{}, nil
	}
	return parsePosition(last[0].ID), nil
}

// apply invalidates each tag that another process has written to.
func (t *Tier) apply(m redis.XMessage) {
	if m.Values[fieldOrigin] == t.origin {
		return
	}
	text, _ := m.Values[fieldTags].(string)
	raw := []byte(text)
	for len(raw) >= changeHeader {
		stamp := cache.Stamp(binary.BigEndian.Uint64(raw))
		n := int(binary.BigEndian.Uint16(raw[stampSize:]))
		if len(raw) < changeHeader+n {
			return
		}
		t.receiver.Invalidate(cache.Tag(raw[changeHeader:changeHeader+n]), stamp)
		raw = raw[changeHeader+n:]
	}
}
