package viewer

import (
	"slices"
	"sync"

	"github.com/google/uuid"
)

// Audience is who gets the same answer as a viewer. It is noted while the answer is made: as long as only rules are asked about
// the viewer, everybody but the accounts that those rules name gets the same. It is safe for concurrent use. Its zero value is
// everybody.
type Audience struct {
	mu     sync.Mutex
	alone  bool
	except []uuid.UUID
}

// maxExcept bounds the accounts that an audience excepts. If rules name more, the audience is the viewer alone.
const maxExcept = 256

// Alone notes that the answer depends on the viewer in another way than by rules.
func (a *Audience) Alone() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.alone, a.except = true, nil
}

// note notes what a rule has found out about a viewer.
func (a *Audience) note(user uuid.UUID, is bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.alone || !is && slices.Contains(a.except, user) {
		return
	}
	if is || len(a.except) == maxExcept {
		a.alone, a.except = true, nil
		return
	}
	a.except = append(a.except, user)
}

// Shared returns the accounts that the audience excepts, and false if the audience is the viewer alone.
func (a *Audience) Shared() (except []uuid.UUID, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.except), !a.alone
}
