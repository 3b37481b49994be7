package editor_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"docsquare/ent/editorsession"
	"docsquare/internal/editor"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/services"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	both = []string{"sqlite", "postgres"}
	ann  = viewer.Viewer{UserID: servicetest.ID("ann")}
)

func opened(t *testing.T, dialect string) *services.Site {
	t.Helper()
	site := servicetest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{})
	return site
}

// TestManyEditors save at once: each finds its own last text, and they share transactions.
func TestManyEditors(t *testing.T) {
	const editors, saves = 50, 20
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			site := opened(t, dialect)
			s := site.Editor
			var batches atomic.Int64
			defer site.Cache.Watch(kinds.EditorSessionsOfTag(ann.UserID), func(bool) { batches.Add(1) })() // once for each transaction
			var all sync.WaitGroup
			for range editors {
				x, _, err := s.Open(t.Context(), ann, editor.Beginning{})
				testkit.Must(t, err)
				all.Go(func() {
					for i := range saves {
						saved, err := s.Autosave(t.Context(), ann, x.ID, i+1, fmt.Sprintf("%s %d 写", x.ID, i), nil)
						if err != nil || saved.Revision != i+2 {
							t.Errorf("save %d: %+v, %v", i, saved, err)
							return
						}
					}
				})
			}
			all.Wait()
			for _, x := range site.Store.DB.EditorSession.Query().Where(editorsession.Title("")).AllX(t.Context()) {
				if want := fmt.Sprintf("%s %d 写", x.ID, saves-1); x.Content != want || x.Revision != saves+1 {
					t.Errorf("%q is there at %d, but %q was saved", x.Content, x.Revision, want)
				}
			}
			if n := batches.Load() - editors; n > editors*saves/4 {
				t.Errorf("%d saves took %d transactions", editors*saves, n)
			}
		})
	}
}

// TestOneWins: of two saves that follow the same revision one is told of the other, even within a batch.
func TestOneWins(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			s := opened(t, dialect).Editor
			x, _, err := s.Open(t.Context(), ann, editor.Beginning{})
			testkit.Must(t, err)
			for round := range 20 {
				var won, conflicts atomic.Int64
				var all sync.WaitGroup
				for i := range 8 {
					all.Go(func() {
						_, err := s.Autosave(t.Context(), ann, x.ID, round+1, fmt.Sprintf("%d by %d", round, i), nil)
						switch {
						case err == nil:
							won.Add(1)
						case errs.Is(err, errs.Conflict):
							conflicts.Add(1)
						default:
							t.Error(err)
						}
					})
				}
				all.Wait()
				if won.Load() != 1 || conflicts.Load() != 7 {
					t.Fatalf("%d won and %d were told", won.Load(), conflicts.Load())
				}
			}
		})
	}
}

// TestBadText is refused before it waits for anything.
func TestBadText(t *testing.T) {
	s := opened(t, "sqlite").Editor
	x, _, err := s.Open(t.Context(), ann, editor.Beginning{})
	testkit.Must(t, err)
	for name, text := range map[string]string{"too long": string(make([]byte, 512<<10+1)), "NUL": "a\x00b", "no UTF-8": "a\xffb"} {
		if _, err := s.Autosave(t.Context(), ann, x.ID, 1, text, nil); !errs.Is(err, errs.BadUserInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.Autosave(t.Context(), viewer.Viewer{}, x.ID, 1, "", nil); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("a guest: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Autosave(ended, ann, x.ID, 1, "x", nil); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("a canceled caller: %v", err)
	}
}

// TestIdleSession is paused with its text, and the next save opens it again.
func TestIdleSession(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			site := opened(t, dialect)
			s := site.Editor
			x, _, err := s.Open(t.Context(), ann, editor.Beginning{})
			testkit.Must(t, err)
			old := time.Now().UTC().Add(-2 * time.Hour)
			site.Store.DB.EditorSession.UpdateOneID(x.ID).SetContent("kept").SetSavedAt(old).ExecX(t.Context())
			over := site.Store.DB.EditorSession.Create().SetUserID(ann.UserID).SetStatus(editorsession.StatusDiscarded).SetSavedAt(old.AddDate(0, 0, -2)).SaveX(t.Context())
			testkit.Must(t, s.Tidy(t.Context()))
			if now := site.Store.DB.EditorSession.GetX(t.Context(), x.ID); now.Status != editorsession.StatusPaused || now.Content != "kept" || now.Revision != 1 {
				t.Fatalf("the session is %+v", now)
			}
			if site.Store.DB.EditorSession.Query().Where(editorsession.ID(over.ID)).CountX(t.Context()) != 0 {
				t.Error("a session that is long over is still there")
			}
			if saved, err := s.Autosave(t.Context(), ann, x.ID, 1, "kept", nil); err != nil || saved.Status != editorsession.StatusOpen || saved.Revision != 1 {
				t.Fatalf("the next save: %+v, %v", saved, err)
			}
			fresh := site.Store.DB.EditorSession.GetX(t.Context(), servicetest.ID("editing"))
			if fresh.Status != editorsession.StatusOpen {
				t.Errorf("a session that goes on is %s", fresh.Status)
			}
		})
	}
}

// TestTooManySessions are refused with what to do about it.
func TestTooManySessions(t *testing.T) {
	s := opened(t, "sqlite").Editor
	for {
		_, _, err := s.Open(t.Context(), ann, editor.Beginning{})
		if err == nil {
			continue
		}
		if !errs.Is(err, errs.BadUserInput) {
			t.Fatal(err)
		}
		return
	}
}
