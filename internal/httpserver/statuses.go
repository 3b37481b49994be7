package httpserver

import "sync/atomic"

// Statuses counts answers by their HTTP status, see WithHeaders. The zero value is ready to use, and safe for concurrent use.
type Statuses struct{ counts [maxStatus]atomic.Uint64 }

// maxStatus is the status that no answer has any more.
const maxStatus = 600

// add counts an answer: when its header is written, or at its end.
func (s *Statuses) add(status int) {
	if status < maxStatus {
		s.counts[status].Add(1)
	}
}

// Each calls f with each status that there were answers with, in ascending order.
func (s *Statuses) Each(f func(status int, answers uint64)) {
	for status := range s.counts {
		if n := s.counts[status].Load(); n > 0 {
			f(status, n)
		}
	}
}
