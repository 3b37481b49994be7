package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// hostile is a request that means no good, or that asks for as much as a limit allows, with the answer that it must have.
type hostile struct {
	name   string
	ask    func(n int) asking // a new one each time where it is to be parsed and executed
	status int
	code   string // of the first error; empty: there is none
}

// always is a request that is the same each time.
func always(name string, a asking, status int, code string) hostile {
	return hostile{name, func(int) asking { return a }, status, code}
}

// posted is a request with a query.
func posted(name, query, code string) hostile {
	body, _ := json.Marshal(map[string]string{"query": query}) // strings always can
	return always(name, asking{body: string(body)}, http.StatusOK, code)
}

// maxRefusal is how many bytes a refusal may have: none repeats what was sent, however long that is.
const maxRefusal = 8 << 10

// TestHostileRequests sends to a whole server what is just within each limit and just beyond it, what cannot be read, and the most work that limits
// allow. Each is answered as it must be, and takes little CPU or costs many points; the process holds little more memory, and health queries
// are answered throughout.
func TestHostileRequests(t *testing.T) {
	s := openHostileSite(t)
	var first struct {
		Documents struct{ PageInfo struct{ EndCursor string } }
	}
	s.ask(t, s.other, "{ documents(first: 1) { pageInfo { endCursor } } }", nil, &first)
	bounds := slices.Concat(textBounds(t), valueBounds(t, first.Documents.PageInfo.EndCursor), writtenBounds(t), bodyBounds(t, s))
	list := slices.Concat(requests(bounds), malformedTexts(), malformedBodies(), worst(t, s))
	space := watchResident()
	unit := s.feedTime(t)
	for range 8 { // garbage is collected several times
		s.use(t)
	}
	normal := space.most.Load()
	well := watchHealth(func() error { return s.healthy(t) })
	table := fmt.Sprintf("the feed takes %v of CPU\n| request | status | bytes | CPU, feeds | points | health, feeds | MiB |\n|---|---|---|---|---|---|---|\n", unit)
	for i, x := range list {
		w, took := s.try(t, x, s.tokens[i%len(s.tokens)], well, unit)
		if code := w.code(t); w.status != x.status || code != x.code || x.code != "" && w.bytes > maxRefusal {
			t.Errorf("%s: %d %q with %d bytes instead of %d %q: %.300s", x.name, w.status, code, w.bytes, x.status, x.code, w.text())
		}
		table += fmt.Sprintf("| %s | %d %s | %d | %.1f | %d | %.1f | %d |\n", x.name, w.status, x.code, w.bytes, took.feeds, took.points, took.health, (space.most.Load()-normal)>>20)
		if !took.bounded() {
			t.Errorf("%s takes the CPU of %.0f feeds for %d points, and a health query as long as %.0f", x.name, took.feeds, took.points, took.health)
		}
	}
	well.end()
	space.end()
	grown := space.most.Load() - normal
	t.Logf("%s\nthe process held up to %d MiB more than the %d MiB of normal use", table, grown>>20, normal>>20)
	if grown > residentGrowth {
		t.Errorf("the process held up to %d MiB more than in normal use", grown>>20)
	}
}

// healthy sends the query of a monitor.
func (s *hostileSite) healthy(t *testing.T) error {
	t.Helper()
	w, err := s.sent(t, asking{body: `{"query": "{ siteStats { users } }"}`}, s.other)
	if err == nil && !strings.Contains(w.text(), `"users":`) {
		err = fmt.Errorf("%d %s", w.status, w.text())
	}
	return err
}

// TestHostileCrowd sends what is malformed, and others are answered meanwhile.
func TestHostileCrowd(t *testing.T) {
	app := served(t, "sqlite")
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, x := range slices.Concat(malformedTexts(), malformedBodies()) {
			x.ask(0).of(t, app.Handler)
		}
	}()
	for asked := 0; ; asked++ {
		var out struct{ SiteStats struct{ Users int } }
		as(t, app, "").must(t, `{ siteStats { users } }`, nil, &out)
		select {
		case <-done:
			if asked == 0 || out.SiteStats.Users == 0 {
				t.Errorf("%d others were answered, %+v", asked, out)
			}
			return
		default:
		}
	}
}
