package extract

import (
	"context"
	"fmt"
	"io"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// pageSize is the step in which WebAssembly takes memory, in bytes.
const pageSize = 64 << 10

// sandbox is PDFium, compiled to WebAssembly: it has its own memory that cannot outgrow its limit, no files, no
// network and no output, and can be stopped at any time. Each file gets a fresh instance, which takes about 2 ms, so that
// no file can leave anything behind for the next. Between files only the compiled code stays, about 30 MB.
type sandbox struct {
	pool   pdfium.Pool
	code   *code // nil: in memory alone
	memory allocator
	size   int64 // bytes of memory for each instance
}

// newSandbox returns a sandbox whose code is kept in a directory. If the directory cannot be used, the code is compiled in memory alone.
func newSandbox(l Limits, dir string) (*sandbox, error) {
	if c, err := openCode(dir); err == nil {
		if s, err := c.sandbox(l); err == nil {
			return s, nil
		}
	}
	return compile(l, wazero.NewRuntimeConfig())
}

// sandbox returns a sandbox with the code, which it compiles if it is not there. The sandbox closes c.
func (c *code) sandbox(l Limits) (*sandbox, error) {
	s, err := compile(l, wazero.NewRuntimeConfig().WithCompilationCache(c.cache))
	if err != nil {
		c.close()
		return nil, err
	}
	s.code = c
	if err := c.seal(); err != nil {
		s.close()
		return nil, err
	}
	if !c.ready() {
		c.clean()
	}
	return s, nil
}

func compile(l Limits, runtime wazero.RuntimeConfig) (*sandbox, error) {
	steps := min(max(1, l.Memory/pageSize), 1<<16)
	s := &sandbox{size: steps * pageSize}
	pool, err := webassembly.Init(webassembly.Config{
		Context:  experimental.WithMemoryAllocator(context.Background(), &s.memory),
		MaxTotal: l.Sandboxes,
		MaxIdle:  l.Sandboxes,
		FSConfig: wazero.NewFSConfig(), // the default is the whole file system
		Stdout:   io.Discard,
		Stderr:   io.Discard,
		RuntimeConfig: runtime.
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithMemoryLimitPages(uint32(steps)).
			WithCloseOnContextDone(true),
	})
	if err != nil {
		return nil, fmt.Errorf("%w to compile: %w", errSandbox, err)
	}
	s.pool = pool
	return s, nil
}

// start is a fresh instance and the memory that is to be released after its end.
func (s *sandbox) start(ctx context.Context) (pdfium.Pdfium, *memory, error) {
	s.memory.starting.Lock()
	defer s.memory.starting.Unlock()
	reserved, err := reserve(s.size)
	if err != nil {
		return nil, nil, fmt.Errorf("%w to start: %w", errSandbox, err)
	}
	s.memory.next = reserved
	instance, err := s.pool.GetInstanceWithContext(ctx)
	if err != nil {
		reserved.release()
		return nil, nil, fmt.Errorf("%w to start: %w", errSandbox, err)
	}
	return instance, reserved, nil
}

// run gives do an instance and ends it with ctx, even in the middle of a call. It comes back only when do has, and the
// instance is thrown away in any case.
func (s *sandbox) run(ctx context.Context, do func(pdfium.Pdfium) error) error {
	instance, memory, err := s.start(ctx)
	if err != nil {
		return err
	}
	defer memory.release()
	killed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(killed)
		_ = instance.Kill()
	})
	err = do(instance)
	if !stop() {
		<-killed
		return err
	}
	// Not Close, which would run PDFium once more, and now nothing would end it.
	if problem := instance.Kill(); err == nil && problem != nil {
		err = fmt.Errorf("%w to end: %w", errSandbox, problem)
	}
	return err
}

func (s *sandbox) close() {
	_ = s.pool.Close()
	s.code.close()
}

// enter waits for a turn and for the sandbox. After a successful call, the caller must call leave.
func (x *Extractor) enter(ctx context.Context) (*sandbox, error) {
	if x.closing.Err() != nil {
		return nil, errClosed
	}
	select {
	case x.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-x.closing.Done():
		return nil, errClosed
	}
	x.Warm()
	var err error
	select {
	case <-x.ready:
		err = x.broken
		if x.closing.Err() != nil {
			err = errClosed
		}
	case <-ctx.Done():
		err = ctx.Err()
	case <-x.closing.Done():
		err = errClosed
	}
	if err != nil {
		x.leave()
		return nil, err
	}
	return x.sandbox, nil
}

func (x *Extractor) leave() { <-x.slots }
