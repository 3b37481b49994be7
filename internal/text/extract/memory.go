package extract

import (
	"fmt"
	"sync"
	"syscall"

	"github.com/tetratelabs/wazero/experimental"
)

// memory is the memory of one instance of the sandbox. It is taken from the operating system and given back to it: on the
// heap of Go, growing would copy it over and over, and leave the copies to the garbage collector. Of what is reserved only
// what an instance touches counts.
type memory struct {
	region []byte
}

func reserve(size int64) (*memory, error) {
	region, err := syscall.Mmap(-1, 0, int(size), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return nil, fmt.Errorf("reserve %d bytes: %w", size, err)
	}
	return &memory{region: region}, nil
}

// Reallocate grows in place. It is nil where that is too much, which the instance sees as out of memory.
func (m *memory) Reallocate(size uint64) []byte {
	if size > uint64(len(m.region)) {
		return nil
	}
	return m.region[:size]
}

// Free does nothing: an instance that is killed calls it while it may still run. See release.
func (m *memory) Free() {}

// release gives the memory back. The instance must have come to its end.
func (m *memory) release() { _ = syscall.Munmap(m.region) }

// allocator hands a memory that was reserved beforehand to the next instance, because where wazero asks for one, no error can
// be returned.
type allocator struct {
	starting sync.Mutex // held while an instance starts
	next     *memory
}

// Allocate is the memory for the instance that is starting.
func (a *allocator) Allocate(_, _ uint64) experimental.LinearMemory { return a.next }
