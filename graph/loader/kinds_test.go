package loader_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent/auditentry"
	"docsquare/graph/loader"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// subject is a loader with keys of the community.
type subject struct {
	name  string
	fetch func(ctx context.Context, s *loader.Sources) error // all keys from the service
	check func(t *testing.T, app *apptest.App, reference loader.Sources)
	union func(t *testing.T, s loader.Sources, ids []uuid.UUID) // see TestBatchesEqualTheirKeys
	kind  func(c *kinds.Cache) string                           // empty if it has none
}

func subjectOf[K comparable, V any](d *loader.Definition[K, V], keys ...K) subject {
	fetch := func(ctx context.Context, s *loader.Sources) error {
		_, err := d.Fetch(ctx, s, keys)
		return err
	}
	kind := func(c *kinds.Cache) string {
		if k := d.Kind(c); k != nil {
			return k.Name()
		}
		return ""
	}
	checkUnion := func(t *testing.T, s loader.Sources, ids []uuid.UUID) {
		t.Helper()
		union(t, keys, ids, func(ctx context.Context, keys []K) (map[K]V, error) { return d.Fetch(ctx, &s, keys) })
	}
	return subject{name: d.Name(), fetch: fetch, kind: kind, union: checkUnion, check: func(t *testing.T, app *apptest.App, reference loader.Sources) {
		t.Helper()
		want := alone(t, d, reference, keys)
		if len(want) == 0 {
			t.Fatal("the community has no value for these keys")
		}
		served, err := d.Fetch(t.Context(), &app.Sources, keys)
		testkit.Must(t, err)
		if got := texted(t, served); !reflect.DeepEqual(got, want) {
			t.Errorf("the service answers %v, want %v", got, want)
		}
		if k := d.Kind(app.Cache); k != nil {
			checkLook(t, k, keys, served)
		}
		checkRun(t, d, app.Sources, keys, want)
	}}
}

// alone asks a service without a cache for each key by itself. Values are JSON.
func alone[K comparable, V any](t *testing.T, d *loader.Definition[K, V], s loader.Sources, keys []K) map[K]string {
	t.Helper()
	out := map[K]string{}
	for _, key := range keys {
		values, err := d.Fetch(t.Context(), &s, []K{key})
		testkit.Must(t, err)
		maps.Copy(out, texted(t, values))
	}
	return out
}

func texted[K comparable, V any](t *testing.T, values map[K]V) map[K]string {
	t.Helper()
	out := make(map[K]string, len(values))
	for k, v := range values {
		out[k] = text(t, v)
	}
	return out
}

// checkLook compares what Look answers with what the service has just answered. Look must know every key: if it does not, the
// service caches under another kind or key.
func checkLook[K comparable, V any](t *testing.T, k *cache.Kind[K, V], keys []K, served map[K]V) {
	t.Helper()
	values, found, known := make([]V, len(keys)), make([]bool, len(keys)), make([]bool, len(keys))
	if n := k.Look(t.Context(), keys, values, found, known); n != 0 {
		t.Errorf("Look does not know %d of %d keys", n, len(keys))
	}
	for i, key := range keys {
		want, has := served[key]
		if !known[i] || found[i] != has || !reflect.DeepEqual(values[i], want) {
			t.Errorf("Look answers %v, %v for %v, the service %v, %v", values[i], found[i], key, want, has)
		}
	}
}

// checkRun reads the keys through the loader. A loader with a kind sends no batch now.
func checkRun[K comparable, V any](t *testing.T, d *loader.Definition[K, V], s loader.Sources, keys []K, want map[K]string) {
	t.Helper()
	ctx, rec := record.With(t.Context())
	set := s.New(as("ann")) // who sees everything that is hidden
	got := texted(t, read(ctx, t, set, d, keys...))
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Run answers %v, want %v", got, want)
	}
	if near := d.Kind(s.Cache) != nil; near == d.In(set).Sent() || near != (steps(rec, record.Batch) == 0) {
		t.Errorf("the loader has a kind: %v, has sent a batch: %v", near, d.In(set).Sent())
	}
}

// TestLookAnswersAsTheService checks, for every loader, that the near tier that it looks into answers what its service answers.
func TestLookAnswersAsTheService(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		url := community(t, dialect)
		app := apptest.Open(t, url, servicetest.Tiers{})
		reference := apptest.Open(t, url, servicetest.Tiers{Far: true}).Sources
		app.Token(t, servicetest.ID("ann"))
		for _, x := range subjects(audited(t, app)) {
			t.Run(dialect+"/"+x.name, func(t *testing.T) { x.check(t, app, reference) })
		}
	}
}

// audited writes an entry into the audit trail and returns its identifier.
func audited(t *testing.T, app *apptest.App) (id uuid.UUID) {
	t.Helper()
	x, err := app.Store.DB.AuditEntry.Create().SetAction(auditentry.ActionSignedIn).SetSubject("ann").SetDetail("").SetAddress("").SetUserAgent("").Save(t.Context())
	testkit.Must(t, err)
	return x.ID
}

// TestEveryLoaderIsASubject fails by name for a loader that TestLookAnswersAsTheService does not check.
func TestEveryLoaderIsASubject(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "loaders.go", nil, 0)
	testkit.Must(t, err)
	var checked, declared []string
	for _, x := range subjects(uuid.Nil) {
		checked = append(checked, x.name)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if name, ok := definedName(n); ok {
			declared = append(declared, name)
		}
		return true
	})
	if len(declared) < 30 {
		t.Fatalf("found only %d loaders: %v", len(declared), declared)
	}
	for _, name := range declared {
		if !slices.Contains(checked, name) {
			t.Errorf("no test compares the near tier of the loader %q with its service: add it to subjects", name)
		}
	}
}

// definedName returns the name of the loader that a call of define declares.
func definedName(n ast.Node) (name string, ok bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", false
	}
	fun := call.Fun
	switch f := fun.(type) {
	case *ast.IndexListExpr:
		fun = f.X
	case *ast.IndexExpr:
		fun = f.X
	}
	if id, isID := fun.(*ast.Ident); !isID || id.Name != "define" {
		return "", false
	}
	literal, ok := call.Args[0].(*ast.BasicLit)
	if !ok {
		return "", false
	}
	name, err := strconv.Unquote(literal.Value)
	return name, err == nil
}
