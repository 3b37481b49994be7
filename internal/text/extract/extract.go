// Package extract owns the text of files that are no text: PDF and DOCX. It treats every file as hostile: what a file may
// cost in memory and time is bounded before it is opened, PDFs are read inside a sandbox, and what comes out is plain
// text. It stores nothing, knows no document and no viewer, and does not judge the text.
package extract

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
)

// Format is a kind of file whose text can be extracted.
type Format string

// The formats.
const (
	PDF  Format = "pdf"
	DOCX Format = "docx"
)

// Text is the text of a file.
type Text struct {
	Body      string // valid UTF-8 without control characters but "\n" and "\t", at most Limits.Text bytes
	Title     string // one line from the metadata of the file, at most 512 bytes; empty where it has none
	Truncated bool   // whether Body is cut: the text or the pages were beyond the limits
}

// Extractor extracts the text of files. It may be used by many goroutines at once.
type Extractor struct {
	limits  Limits
	dir     string        // of the compiled code
	slots   chan struct{} // one for each PDF that is being read
	closing context.Context
	close   context.CancelFunc

	compiling sync.Mutex // held while a sandbox is made: two at once would take twice the memory

	load    sync.Once
	ready   chan struct{} // closed as soon as sandbox and broken are set
	sandbox *sandbox
	broken  error
	closed  sync.Once
	dropped sync.Once
}

// New returns an Extractor with these limits; those that are zero are as in Default. It keeps the compiled code of its sandbox in a
// directory, which is made if it is missing; "" keeps it in memory alone. New is cheap: see Prepare and Warm.
func New(l Limits, dir string) *Extractor {
	l = l.orDefault()
	x := &Extractor{limits: l, dir: dir, slots: make(chan struct{}, l.Sandboxes), ready: make(chan struct{})}
	x.closing, x.close = context.WithCancel(context.Background())
	return x
}

// Extract is PDF or DOCX, by the format. A format that is neither is an error.
func (x *Extractor) Extract(ctx context.Context, f Format, r io.ReaderAt, size int64) (Text, error) {
	switch f {
	case PDF:
		return x.PDF(ctx, r, size)
	case DOCX:
		return x.DOCX(ctx, r, size)
	}
	return Text{}, fmt.Errorf("extract: there is no format %q", f)
}

// Close ends the PDFs that are being read and gives the memory of the sandbox back. Later PDFs are refused. It does not wait for a sandbox that is
// being compiled. It may be called more than once.
func (x *Extractor) Close() {
	x.closed.Do(func() {
		x.close()
		for range cap(x.slots) { // each PDF that is being read gives its slot back
			x.slots <- struct{}{}
		}
		x.load.Do(func() { close(x.ready) })
		select {
		case <-x.ready:
			x.drop()
		default: // it is dropped as soon as it is compiled
		}
	})
}

// Prepare loads the sandbox, so that no PDF has to wait for it. Before, it compiles the sandbox into its directory unless the code is there, which
// takes seconds of one CPU and, for that time, about 300 MB of memory. If the directory cannot be used, Prepare returns why, and the sandbox is
// compiled in memory alone.
func (x *Extractor) Prepare() error {
	err := x.prepare()
	x.Warm()
	return err
}

func (x *Extractor) prepare() error {
	x.compiling.Lock()
	defer x.compiling.Unlock()
	if x.closing.Err() != nil {
		return nil
	}
	c, err := openCode(x.dir)
	if err != nil {
		return err
	}
	if c.ready() {
		c.close()
		return nil
	}
	s, err := c.sandbox(x.limits)
	if err == nil {
		s.close()
		debug.FreeOSMemory()
	}
	return err
}

// Warm begins to load the sandbox, and returns at once.
func (x *Extractor) Warm() {
	if x.closing.Err() != nil {
		return
	}
	// In a goroutine, so that a caller who gives up need not wait for it, and the next finds it done.
	x.load.Do(func() {
		go func() {
			x.compiling.Lock()
			x.sandbox, x.broken = newSandbox(x.limits, x.dir)
			x.compiling.Unlock()
			close(x.ready)
			if x.closing.Err() != nil {
				x.drop()
			}
			debug.FreeOSMemory() // of which the compiler takes much at once
		}()
	})
}

// drop gives the memory of the sandbox back. It is called after ready is closed.
func (x *Extractor) drop() {
	x.dropped.Do(func() {
		if x.sandbox != nil {
			x.sandbox.close()
		}
	})
}
