package dashboard

import (
	"slices"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"docsquare/internal/telemetry/record"
)

// Failure is the errors of one code and message that operations of one name have ended with since the start. The message has … for what a
// client has sent. The log has the cause of an internal error, by the request ID.
type Failure struct {
	Code      string `json:"code"`
	Message   string `json:"message"`
	Operation string `json:"operation"`
	Type      string `json:"type"` // query, mutation or subscription; empty if the request never became an operation
	Count     int    `json:"count"`
	At        int64  `json:"at"`      // of the last one, in seconds since 1970
	Request   string `json:"request"` // ID of the last request
}

// maxFailures bounds the remembered failures: clients choose the names of operations.
const maxFailures = 100

// failures remembers the latest failures by code, message and operation. It is safe for concurrent use.
type failures struct {
	mu  sync.Mutex
	all *lru.Cache[failureKey, *Failure]
}

type failureKey struct{ code, message, operation, kind string }

func newFailures() *failures {
	all, _ := lru.New[failureKey, *Failure](maxFailures) // it only fails for a size of 0
	return &failures{all: all}
}

func (f *failures) observe(op record.Operation, request string) {
	if len(op.Codes) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, code := range op.Codes {
		key := failureKey{code: code, operation: op.Name, kind: op.Type}
		if i < len(op.Sentences) {
			key.message = op.Sentences[i]
		}
		seen, ok := f.all.Get(key)
		if !ok {
			seen = &Failure{Code: code, Message: key.message, Operation: op.Name, Type: op.Type}
			f.all.Add(key, seen)
		}
		seen.Count++
		seen.At, seen.Request = op.Began.Add(op.Took).Unix(), request
	}
}

// list returns the failures, the latest first.
func (f *failures) list() []Failure {
	f.mu.Lock()
	defer f.mu.Unlock()
	keys := f.all.Keys()
	list := make([]Failure, 0, len(keys))
	for _, key := range slices.Backward(keys) {
		if seen, ok := f.all.Peek(key); ok {
			list = append(list, *seen)
		}
	}
	return list
}
