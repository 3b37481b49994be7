package servicetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	entschema "entgo.io/ent/dialect/sql/schema"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/migrate"
	"docsquare/internal/account"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/services"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// reached returns the tables whose rows change if a row of a table is deleted, each with whether the rows go with it. It follows the
// foreign keys.
func reached(t *testing.T, root string) map[string]bool {
	t.Helper()
	gone := map[string]bool{root: true}
	for before := 0; before != len(gone); {
		before = len(gone)
		for _, table := range migrate.Tables {
			for _, key := range table.ForeignKeys {
				if !gone[key.RefTable.Name] {
					continue
				}
				switch key.OnDelete {
				case entschema.Cascade:
					gone[table.Name] = true
				case entschema.SetNull:
					if !gone[table.Name] {
						gone[table.Name] = false // its rows change
					}
				default:
					t.Fatalf("the table %s has no rule for the deletion of its row of %s: annotate the edge with cascade() or entsql.SetNull in ent/schema", table.Name, key.RefTable.Name)
				}
			}
		}
	}
	return gone
}

// entityOf returns the name of the entity of a table.
func entityOf(t *testing.T, table string) string {
	t.Helper()
	plain := strings.ReplaceAll(table, "_", "")
	for field := range reflect.TypeFor[ent.Client]().Fields() {
		name := strings.ToLower(field.Name)
		if slices.Contains([]string{name, name + "s", name + "es", strings.TrimSuffix(name, "y") + "ies"}, plain) {
			return field.Name
		}
	}
	t.Fatalf("no entity has the table %s", table)
	return ""
}

// TestDeletionReachesEverything deletes an account and a document to which rows of every table belong that a foreign key leads
// to. All that is deleted or changed with them must be invalidated. It fails by name for an entity that the deletion forgets.
func TestDeletionReachesEverything(t *testing.T) {
	for name, x := range map[string]struct {
		table string
		act   func(ctx context.Context, site *services.Site) error
	}{
		"account": {"users", func(ctx context.Context, site *services.Site) error {
			_, err := site.Accounts.Delete(ctx, viewer.Viewer{UserID: servicetest.ID("ann")}, account.Confirmation{Password: servicetest.Password})
			return errors.Join(err, site.Removals.Finish(ctx))
		}},
		"document": {"documents", func(ctx context.Context, site *services.Site) error {
			return site.Documents.Delete(ctx, viewer.Viewer{UserID: servicetest.ID("ann")}, servicetest.ID("doc01"))
		}},
	} {
		for _, dialect := range []string{"sqlite", "postgres"} {
			t.Run(name+"/"+dialect, func(t *testing.T) {
				site := servicetest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{})
				belongings(t, site)
				deleted(t, site, reached(t, x.table), func() error { return x.act(t.Context(), site) })
			})
		}
	}
}

// belongings adds rows of ann and of her first document that the community does not have.
func belongings(t *testing.T, site *services.Site) {
	t.Helper()
	ann, doc, file := servicetest.ID("ann"), servicetest.ID("doc01"), servicetest.ID("report")
	_, err := site.Accounts.SignIn(t.Context(), ann, viewer.Viewer{UserAgent: "test"})
	testkit.Must(t, err)
	testkit.Must(t, site.Store.Write(t.Context(), func(tx *store.Tx) error {
		tx.Invalidate(kinds.AllData{})
		return firstError(
			tx.Identity.Create().SetUserID(ann).SetIssuer("https://issuer.example").SetSubject("ann").Exec(t.Context()),
			tx.UploadPart.Create().SetFileID(file).SetStart(0).SetSize(1).SetKey(uuid.NewString()).Exec(t.Context()),
			tx.Like.Create().SetUserID(servicetest.ID("cy")).SetDocumentID(doc).Exec(t.Context()),
			tx.Favorite.Create().SetUserID(servicetest.ID("cy")).SetDocumentID(doc).Exec(t.Context()),
			tx.CommentLike.Create().SetUserID(servicetest.ID("cy")).SetCommentID(servicetest.ID("doc01/c1")).SetDocumentID(doc).Exec(t.Context()),
			tx.DeletedComment.Create().SetCommentID(uuid.New()).SetDocumentID(doc).Exec(t.Context()),
			tx.DocumentFile.Create().SetDocumentID(doc).SetFileID(file).Exec(t.Context()),
			tx.IdempotencyKey.Create().SetUserID(ann).SetKey("k").SetInputHash([]byte("hash")).SetResult(doc).Exec(t.Context()),
			tx.ViewDay.Create().SetDocumentID(doc).SetDay(1).SetViews(1).Exec(t.Context()),
		)
	}))
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// deleted compares the rows of tables before and after a deletion. Each table with true must lose a row, each other one must have a
// changed row, and each tag of these rows must be invalidated.
func deleted(t *testing.T, site *services.Site, tables map[string]bool, act func() error) {
	t.Helper()
	before, heard := map[string]map[string]any{}, &heard{tags: map[cache.Tag]bool{}}
	for table := range tables {
		entity := entityOf(t, table)
		before[entity] = servicetest.Rows(t, site.Store.DB, entity)
		for _, row := range before[entity] {
			for _, tag := range kinds.Touched(row) {
				defer site.Cache.Watch(tag, func(bool) { heard.note(tag) })()
			}
		}
	}
	testkit.Must(t, act())
	for table, cascades := range tables {
		entity, gone, changed := entityOf(t, table), 0, 0
		after := servicetest.Rows(t, site.Store.DB, entity)
		for id, row := range before[entity] {
			switch now, ok := after[id]; {
			case !ok:
				gone++
			case !equal(t, row, now):
				changed++
			default:
				continue
			}
			for _, tag := range kinds.Touched(row) {
				if !heard.has(tag) {
					t.Errorf("the deletion changes a row of ent.%s, but does not invalidate %s: pass the row to Tx.Invalidate", entity, tag)
				}
			}
		}
		if cascades && gone == 0 || !cascades && changed == 0 {
			t.Errorf("no row of ent.%s is deleted or changed with it: add one to belongings", entity)
		}
	}
}

func equal(t *testing.T, a, b any) bool {
	t.Helper()
	one, err := json.Marshal(a)
	testkit.Must(t, err)
	two, err := json.Marshal(b)
	testkit.Must(t, err)
	return string(one) == string(two)
}

// heard is the tags that were invalidated.
type heard struct {
	mu   sync.Mutex
	tags map[cache.Tag]bool
}

func (h *heard) note(tag cache.Tag) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tags[tag] = true
}

func (h *heard) has(tag cache.Tag) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.tags[tag]
}
