package exec

import "sync"

// buffers are buffers of answers that were recycled.
var buffers sync.Pool // of *[]byte

// maxRecycled bounds the memory that a recycled buffer keeps, in bytes.
const maxRecycled = 1 << 20

// newBuffer returns an empty buffer for an answer of about size bytes.
func newBuffer(size int) []byte {
	if b, ok := buffers.Get().(*[]byte); ok {
		return (*b)[:0]
	}
	return make([]byte, 0, size+256)
}

// Recycle gives the data of an answer back, to be overwritten by another. Call it at most once, if nothing refers to the data
// any more; an answer that is not recycled is left to the garbage collector.
func Recycle(data []byte) {
	if cap(data) > 0 && cap(data) <= maxRecycled {
		data = data[:0]
		buffers.Put(&data)
	}
}
