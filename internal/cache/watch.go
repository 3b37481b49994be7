package cache

import "sync"

// watches are the watchers of tags.
type watches struct {
	mu    sync.RWMutex
	byTag map[Tag]map[*watch]struct{}
}

type watch struct{ changed func(sure bool) }

// Watch calls changed after each write to a tag, by this process or another one: a read that begins then sees the write. sure is false
// if a write may have touched the tag: after an outage of the far tier, or after a write to Everything. changed must return
// at once. It may be called once more after stop, and again for an invalidation that is delivered twice.
func (e *Engine) Watch(tag Tag, changed func(sure bool)) (stop func()) {
	w, all := &watch{changed}, &e.watches
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.byTag[tag] == nil {
		all.byTag[tag] = map[*watch]struct{}{}
	}
	all.byTag[tag][w] = struct{}{}
	return func() {
		all.mu.Lock()
		defer all.mu.Unlock()
		delete(all.byTag[tag], w)
		if len(all.byTag[tag]) == 0 {
			delete(all.byTag, tag)
		}
	}
}

// notify calls the watchers of a tag; for Everything, all watchers.
func (ws *watches) notify(tag Tag) {
	ws.mu.RLock()
	defer ws.mu.RUnlock()
	if tag != Everything {
		for w := range ws.byTag[tag] {
			w.changed(true)
		}
		return
	}
	for _, of := range ws.byTag {
		for w := range of {
			w.changed(false)
		}
	}
}
