package cache

import (
	"context"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// The stream of stamp changes: every process adds its own and follows those of the others.
const (
	streamLength = 100_000
	streamBlock  = 200 * time.Millisecond // also how long Close may take: a read that blocks cannot be called off
	streamBatch  = 1000
	streamPause  = 200 * time.Millisecond
	streamGrace  = time.Second // how much later than streamBlock an answer may come; a server that is silent for longer is lost
	runInterval  = time.Second

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
// stream is lost, the near tier starts anew from the present end of the stream; until then it is empty but for what it
// keeps for a bounded moment.
func (e *Engine) follow(ctx context.Context) {
	for ctx.Err() == nil {
		err := e.followFrom(ctx)
		e.following.Store(false)
		e.cells.replace(Everything, 0)
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
	if err := e.checkRuns(ctx); err != nil {
		return err
	}
	e.cells.replace(Everything, 0) // what was written before this place may not have been heard of
	e.following.Store(true)
	e.firstFollowed.Do(func() { close(e.followed) })
	for checked := time.Now(); ; {
		if !e.following.Load() {
			return errAnotherRun
		}
		if time.Since(checked) > runInterval {
			if err := e.checkRuns(ctx); err != nil {
				return err
			}
			checked = time.Now()
		}
		messages, err := e.next(ctx, place)
		if err != nil {
			return err
		}
		for _, m := range messages {
			place = m.ID
			e.apply(m)
		}
	}
}

// next is the changes after a place, none where none come for a while.
func (e *Engine) next(ctx context.Context, place string) ([]redis.XMessage, error) {
	bounded, cancel := context.WithTimeout(ctx, streamBlock+streamGrace)
	defer cancel()
	streams, err := e.far.client.XRead(bounded, &redis.XReadArgs{
		Streams: []string{e.far.streamKey(), place}, Count: streamBatch, Block: streamBlock,
	}).Result()
	switch {
	case errors.Is(err, redis.Nil):
		return nil, nil
	case err != nil:
		return nil, err
	case len(streams[0].Messages) < streamBatch:
		return streams[0].Messages, nil
	}
	return streams[0].Messages, e.unbroken(bounded, place)
}

var errAnotherRun = errors.New("cache: a connection leads to another run of Redis")

var errTrimmed = errors.New("cache: the stream of stamp changes was trimmed past this process's place")

// unbroken says whether a process that is so far behind still finds everything after its place in the stream. Redis
// itself does not say when there is a gap.
func (e *Engine) unbroken(ctx context.Context, place string) error {
	first, err := e.far.client.XRangeN(ctx, e.far.streamKey(), "-", "+", 1).Result()
	if err != nil {
		return err
	}
	if len(first) == 0 || after(first[0].ID, place) {
		return errTrimmed
	}
	return nil
}

// after says whether an entry of a stream stands after a place: both are two numbers with a dash between.
func after(id, place string) bool {
	a, b := numbers(id), numbers(place)
	return a[0] > b[0] || a[0] == b[0] && a[1] > b[1]
}

func numbers(id string) (n [2]uint64) {
	moment, count, _ := strings.Cut(id, "-")
	n[0], _ = strconv.ParseUint(moment, 10, 64)
	n[1], _ = strconv.ParseUint(count, 10, 64)
	return n
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
