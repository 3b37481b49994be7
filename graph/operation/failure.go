package operation

import "sync"

// Failure is the internal errors of an operation, which are logged together at its end.
type Failure struct {
	ID    string // by which clients can ask for it; empty if there is none
	First error
	Count int // of all errors
}

type failures struct {
	mu sync.Mutex
	Failure
}

// Fail notes an internal error. It returns the ID of the first one, which clients get.
func (o *Operation) Fail(id string, err error) string {
	if o.below != nil {
		return o.below.Fail(id, err)
	}
	f := &o.failures
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.Count == 0 {
		f.ID, f.First = id, err
	}
	f.Count++
	return f.ID
}

// Failure returns the internal errors so far.
func (o *Operation) Failure() Failure {
	o.failures.mu.Lock()
	defer o.failures.mu.Unlock()
	return o.failures.Failure
}
