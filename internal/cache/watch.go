package cache

import "sync"

// watches is who wants to hear of new versions of tags.
type watches struct {
	mu    sync.RWMutex
	byTag map[Tag]map[*watch]struct{}
}

type watch struct{ heard func(sure bool) }

// Watch calls heard whenever a write has touched the tag: once what is read anew shows that write, in this process for its
// own writes and as soon as it hears of those of others. Sure is false where some write may have touched it, but nobody
// knows: after an outage of Redis, or a write of more than anybody could name. Heard is called from the way of a write and
// must return at once; it may be called once more after stop. A write that is delivered again is heard of again.
func (e *Engine) Watch(tag Tag, heard func(sure bool)) (stop func()) {
	w, all := &watch{heard}, &e.watches
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

// notify has everybody hear that a tag was touched.
func (ws *watches) notify(tag Tag) {
	ws.mu.RLock()
	defer ws.mu.RUnlock()
	if tag != Everything {
		for w := range ws.byTag[tag] {
			w.heard(true)
		}
		return
	}
	for _, of := range ws.byTag {
		for w := range of {
			w.heard(false)
		}
	}
}

func (ws *watches) notifyAll(tags []Tag) {
	for _, tag := range tags {
		ws.notify(tag)
	}
}
