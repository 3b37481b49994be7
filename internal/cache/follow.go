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
	streamGrace  = time.Second // how much later than streamBlock an answer may come; a server that is silent for longer is lost

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

// follow applies what other processes write to this one's near tier, from a place in the stream on, until something fails;
// it never returns nil.
func (e *Engine) follow(ctx context.Context, at place, marks landmarks) error {
	e.heard.advance(at)
	for checked := time.Now(); ; {
		if !e.farReady() {
			return errLostMeanwhile
		}
		if time.Since(checked) > checkInterval {
			var err error
			if marks, err = e.check(ctx, marks); err != nil {
				return err
			}
			checked = time.Now()
		}
		messages, err := e.next(ctx, at)
		if err != nil {
			return err
		}
		for _, m := range messages {
			e.apply(m)
		}
		if n := len(messages); n > 0 {
			at = placeOf(messages[n-1].ID)
			e.heard.advance(at)
		}
	}
}

// next is the changes after a place, none where none come for a while.
func (e *Engine) next(ctx context.Context, at place) ([]redis.XMessage, error) {
	bounded, cancel := context.WithTimeout(ctx, streamBlock+streamGrace)
	defer cancel()
	streams, err := e.far.client.XRead(bounded, &redis.XReadArgs{
		Streams: []string{e.far.streamKey(), at.String()}, Count: streamBatch, Block: streamBlock,
	}).Result()
	switch {
	case errors.Is(err, redis.Nil):
		return nil, nil
	case err != nil:
		return nil, err
	case len(streams[0].Messages) < streamBatch:
		return streams[0].Messages, nil
	}
	return streams[0].Messages, e.unbroken(bounded, at)
}

var errTrimmed = errors.New("cache: the stream of stamp changes was trimmed past this process's place")

// unbroken says whether a process that is so far behind still finds everything after its place in the stream. Redis
// itself does not say when there is a gap.
func (e *Engine) unbroken(ctx context.Context, at place) error {
	first, err := e.far.client.XRangeN(ctx, e.far.streamKey(), "-", "+", 1).Result()
	if err != nil {
		return err
	}
	if len(first) == 0 || at.before(placeOf(first[0].ID)) {
		return errTrimmed
	}
	return nil
}

// streamEnd is the place of the last change.
func (e *Engine) streamEnd(ctx context.Context) (at place, err error) {
	var last []redis.XMessage
	err = e.far.guarded(ctx, e.far.readIn, func(ctx context.Context) error {
		last, err = e.far.client.XRevRangeN(ctx, e.far.streamKey(), "+", "-", 1).Result()
		return err
	})
	if err != nil {
		return place{}, err
	}
	if len(last) == 0 {
		return place{}, nil
	}
	return placeOf(last[0].ID), nil
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
		tag := Tag(raw[10 : 10+n])
		e.cells.replace(tag, stamp)
		e.watches.tell(tag)
		raw = raw[10+n:]
	}
}
