package counters_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/account"
	"docsquare/internal/counters"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

// TestCreatedSince counts what was written from a moment on, to the millisecond.
func TestCreatedSince(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			site, began := servicetest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{}), time.Now()
			before, err := counters.CreatedSince(t.Context(), site.Store, began)
			testkit.Must(t, err)
			in, err := site.Accounts.Register(t.Context(), account.Registration{Username: "dora", Email: "dora@example.org", Password: servicetest.Password}, viewer.Viewer{})
			testkit.Must(t, err)
			var last uuid.UUID
			for _, body := range []string{"一", "二"} {
				c, err := site.Interactions.AddComment(t.Context(), viewer.Viewer{UserID: in.User.ID}, servicetest.ID("doc01"), nil, body, nil)
				testkit.Must(t, err)
				last = c.ID
			}
			after, err := counters.CreatedSince(t.Context(), site.Store, began)
			if want := (counters.Created{Users: before.Users + 1, Documents: before.Documents, Comments: before.Comments + 2}); err != nil || after != want {
				t.Errorf("%+v, want %+v: %v", after, want, err)
			}
			seconds, nanoseconds := last.Time().UnixTime()
			wrote := time.Unix(seconds, nanoseconds)
			if c, err := counters.CreatedSince(t.Context(), site.Store, wrote); err != nil || c.Comments <= before.Comments {
				t.Errorf("%d comments since the last was written, %d before: %v", c.Comments, before.Comments, err)
			}
			if c, err := counters.CreatedSince(t.Context(), site.Store, wrote.Add(time.Millisecond)); err != nil || c.Comments != before.Comments {
				t.Errorf("%d comments since then, %d before: %v", c.Comments, before.Comments, err)
			}
		})
	}
}
