package httpserver

import (
	"net/http"
	"sync/atomic"

	"github.com/felixge/httpsnoop"
)

// Statuses counts answers by their HTTP status. The zero value is ready to use, and safe for concurrent use.
type Statuses struct{ counts [maxStatus]atomic.Uint64 }

// maxStatus is the status that no answer has any more.
const maxStatus = 600

// Count returns a handler that counts the answers of next. An answer counts when its header is written, or at its end. What next needs of the
// writer, such as hijacking and flushing, is passed on.
func (s *Statuses) Count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		counted := false
		count := func(status int) {
			if counted || status < http.StatusOK && status != http.StatusSwitchingProtocols { // others announce a further header
				return
			}
			if counted = true; status < maxStatus {
				s.counts[status].Add(1)
			}
		}
		next.ServeHTTP(httpsnoop.Wrap(w, httpsnoop.Hooks{WriteHeader: func(write httpsnoop.WriteHeaderFunc) httpsnoop.WriteHeaderFunc {
			return func(status int) {
				count(status)
				write(status)
			}
		}}), r)
		count(http.StatusOK)
	})
}

// Each calls f with each status that there were answers with, in ascending order.
func (s *Statuses) Each(f func(status int, answers uint64)) {
	for status := range s.counts {
		if n := s.counts[status].Load(); n > 0 {
			f(status, n)
		}
	}
}
