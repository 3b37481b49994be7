package interaction_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent/documentstats"
	"docsquare/internal/counters"
	"docsquare/internal/counters/rank"
	"docsquare/internal/interaction"
	"docsquare/internal/kinds"
	"docsquare/internal/services"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// community is a community over one database, and what it has counted.
type community struct {
	*services.Site
	views *interaction.Service
}

func open(t *testing.T, dialect string, tiers servicetest.Tiers) community {
	t.Helper()
	site := servicetest.Open(t, servicetest.Community(t, dialect), tiers)
	return community{site, site.Interactions}
}

// counted is the views of a document, once by its statistics and once by its days.
func (s community) counted(t *testing.T, name string) int64 {
	t.Helper()
	st := s.Store.DB.DocumentStats.Query().Where(documentstats.DocumentID(servicetest.ID(name))).OnlyX(t.Context())
	days := int64(0)
	for _, v := range s.Store.DB.ViewDay.Query().AllX(t.Context()) {
		if v.DocumentID == servicetest.ID(name) {
			days += v.Views
		}
	}
	if days != st.Views {
		t.Errorf("%s has %d views, its days have %d", name, st.Views, days)
	}
	return st.Views
}

func (s community) flush(t *testing.T) {
	t.Helper()
	testkit.Must(t, s.views.Flush(t.Context()))
}

func both(t *testing.T, test func(t *testing.T, dialect string)) {
	t.Helper()
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) { test(t, dialect) })
	}
}

// TestOneViewForEachViewer counts accounts by who they are and guests by where they are, each once.
func TestOneViewForEachViewer(t *testing.T) {
	both(t, func(t *testing.T, dialect string) {
		s := open(t, dialect, servicetest.Tiers{})
		for range 3 {
			for _, v := range []viewer.Viewer{
				{Address: "192.0.2.1"}, {Address: "192.0.2.2"}, {UserID: servicetest.ID("ann"), Address: "192.0.2.1"}, {UserID: servicetest.ID("ann"), Address: "192.0.2.9"},
			} {
				s.views.RecordView(v, servicetest.ID("doc01"))
			}
			s.views.RecordView(viewer.Viewer{Address: "192.0.2.1"}, servicetest.ID("doc02"))
			s.flush(t)
		}
		if one, two := s.counted(t, "doc01"), s.counted(t, "doc02"); one != 3 || two != 1 {
			t.Errorf("%d and %d views, not 3 and 1", one, two)
		}
		site, err := counters.Site(t.Context(), s.Store)
		if err != nil || site[counters.SiteViews] != 4 {
			t.Errorf("the site counts %d views, %v", site[counters.SiteViews], err)
		}
	})
}

// TestInstancesCountAViewOnce has three instances that share a Redis gather the same views and write them at once.
func TestInstancesCountAViewOnce(t *testing.T) {
	both(t, func(t *testing.T, dialect string) {
		url, tiers := servicetest.Community(t, dialect), servicetest.Tiers{Redis: true, Prefix: "views:" + uuid.NewString() + ":"}
		var instances []community
		for range 3 {
			site := servicetest.Open(t, url, tiers)
			instances = append(instances, community{site, site.Interactions})
		}
		done := make(chan error)
		for _, s := range instances {
			go func() {
				for n := range 50 {
					s.views.RecordView(viewer.Viewer{Address: fmt.Sprint("192.0.2.", n)}, servicetest.ID("doc01"))
				}
				done <- s.views.Flush(context.WithoutCancel(t.Context()))
			}()
		}
		for range instances {
			testkit.Must(t, <-done)
		}
		if n := instances[0].counted(t, "doc01"); n != 50 {
			t.Errorf("50 viewers make %d views", n)
		}
	})
}

// TestViewsAreWrittenTogether takes as many statements for 2,000 views as for one.
func TestViewsAreWrittenTogether(t *testing.T) {
	both(t, func(t *testing.T, dialect string) {
		s := open(t, dialect, servicetest.Tiers{})
		statements := func(viewers, documents int) int {
			for v := range viewers {
				for d := range documents {
					s.views.RecordView(viewer.Viewer{Address: uuid.NewString()}, servicetest.ID(fmt.Sprintf("doc%02d", (v+d)%25+1)))
				}
			}
			ctx, rec := record.With(t.Context())
			testkit.Must(t, s.views.Flush(ctx))
			return rec.Report().SQL.Statements
		}
		one, many := statements(1, 1), statements(100, 20)
		if one != many || one == 0 || one > 5 {
			t.Errorf("a view takes %d statements, 2,000 take %d", one, many)
		}
	})
}

// TestNoViewIsLost ends the run of the gatherer right after views: all of them are written. A write that fails is repeated,
// and counts once.
func TestNoViewIsLost(t *testing.T) {
	both(t, func(t *testing.T, dialect string) {
		s := open(t, dialect, servicetest.Tiers{})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			s.views.Run(ctx)
		}()
		for n := range 100 {
			s.views.RecordView(viewer.Viewer{Address: fmt.Sprint("a", n)}, servicetest.ID("doc01"))
		}
		stop()
		<-ended
		if n := s.counted(t, "doc01"); n != 100 {
			t.Errorf("%d of 100 views are written at the end", n)
		}
		s.views.RecordView(viewer.Viewer{Address: "b"}, servicetest.ID("doc01"))
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.views.Flush(gone); err == nil {
			t.Error("a write whose time is over succeeds")
		}
		s.views.RecordView(viewer.Viewer{Address: "b"}, servicetest.ID("doc01"))
		s.flush(t)
		s.flush(t)
		if n := s.counted(t, "doc01"); n != 101 {
			t.Errorf("%d views after one that had to be repeated, not 101", n)
		}
	})
}

// TestViewsOfWhatIsGone drops the views of a document that was deleted before they were written, and keeps the others.
func TestViewsOfWhatIsGone(t *testing.T) {
	both(t, func(t *testing.T, dialect string) {
		s := open(t, dialect, servicetest.Tiers{})
		s.views.RecordView(viewer.Viewer{Address: "a"}, servicetest.ID("doc01"))
		s.views.RecordView(viewer.Viewer{Address: "a"}, servicetest.ID("doc02"))
		testkit.Must(t, s.Documents.Delete(t.Context(), viewer.Viewer{UserID: servicetest.ID("ann")}, servicetest.ID("doc01")))
		s.flush(t)
		if n := s.counted(t, "doc02"); n != 1 {
			t.Errorf("%d views", n)
		}
	})
}

// TestRankingFollowsViews makes the oldest document the hottest by views, and shows it as soon as the ranking is loaded again.
func TestRankingFollowsViews(t *testing.T) {
	both(t, func(t *testing.T, dialect string) {
		s := open(t, dialect, servicetest.Tiers{Far: true})
		for n := range 200 {
			s.views.RecordView(viewer.Viewer{Address: fmt.Sprint(n)}, servicetest.ID("doc02"))
		}
		s.flush(t)
		for w := range rank.Windows {
			key := kinds.TrendingKey{Window: w, First: 1}
			got, err := s.Square.Trending(t.Context(), []kinds.TrendingKey{key})
			if err != nil || got[key][0] != servicetest.ID("doc02") {
				t.Errorf("window %d: %v, %v", w, got, err)
			}
		}
	})
}

// TestViewsBesideLikes writes views while the same documents are liked, without a deadlock. The first view of a day refers
// to its document, which a like locks.
func TestViewsBesideLikes(t *testing.T) {
	both(t, func(t *testing.T, dialect string) {
		s := open(t, dialect, servicetest.Tiers{})
		liked := make(chan error)
		for _, name := range []string{"ann", "bob", "cy"} {
			go func() {
				who := viewer.Viewer{UserID: servicetest.ID(name)}
				for n := range 200 {
					act := s.views.Like
					if n%2 == 1 {
						act = s.views.Unlike
					}
					if err := act(context.WithoutCancel(t.Context()), who, servicetest.ID(fmt.Sprintf("doc%02d", n/2%25+1))); err != nil {
						liked <- fmt.Errorf("%s: %w", name, err)
						return
					}
				}
				liked <- nil
			}()
		}
		views := int64(0)
		for left := 3; left > 0; views++ {
			for n := 1; n <= 25; n++ {
				s.views.RecordView(viewer.Viewer{Address: uuid.NewString()}, servicetest.ID(fmt.Sprintf("doc%02d", n)))
			}
			s.flush(t)
			s.Store.DB.ViewDay.Delete().ExecX(t.Context())
			select {
			case err := <-liked:
				testkit.Must(t, err)
				left--
			default:
			}
		}
		if got := s.Store.DB.DocumentStats.Query().Where(documentstats.DocumentID(servicetest.ID("doc01"))).OnlyX(t.Context()).Views; got != views {
			t.Errorf("%d views of %d are counted", got, views)
		}
	})
}
