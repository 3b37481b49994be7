package kinds_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
)

// entities is a new value of each type that the database has, by its name.
func entities(t *testing.T) map[string]any {
	t.Helper()
	found := map[string]any{}
	client := reflect.TypeFor[ent.Client]()
	for field := range client.Fields() {
		get, ok := field.Type.MethodByName("Get")
		if !ok || get.Type.NumOut() != 2 {
			continue
		}
		entity := reflect.New(get.Type.Out(0).Elem())
		for _, column := range entity.Elem().Fields() {
			if column.CanSet() && column.Type() == reflect.TypeFor[[]byte]() {
				column.SetBytes(make([]byte, 32)) // a hash, which always has its length
			}
		}
		found[field.Name] = entity.Interface()
	}
	if found["Document"] == nil || len(found) < 10 {
		t.Fatalf("this does not find the entities any more: %v", found)
	}
	return found
}

func TestEveryEntityHasItsTags(t *testing.T) {
	for name, entity := range entities(t) {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if p := recover(); p != nil {
					t.Fatalf("ent.%s has no case in Touched (internal/cache/invalidate.go): add one that names the tags which a write to it touches, or nil where nothing of it is cached: %v", name, p)
				}
			}()
			tags := kinds.Touched(entity)
			if slices.Contains(tags, cache.Everything) || slices.Contains(tags, "") {
				t.Fatalf("one %s touches %q", name, tags)
			}
		})
	}
}

func TestTouchedPanicsOnWhatIsNoEntity(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Fatal("it did not")
		}
	}()
	kinds.Touched(struct{}{})
}

func TestWhatADocumentTouches(t *testing.T) {
	d := &ent.Document{ID: uuid.New(), AuthorID: uuid.New(), Visibility: document.VisibilityPrivate}
	private := kinds.Touched(d)
	d.Visibility = document.VisibilityPublic
	public := kinds.Touched(d)
	for _, tag := range []cache.Tag{kinds.DocumentTag(d.ID), kinds.DocumentsOfTag(d.AuthorID)} {
		if !slices.Contains(private, tag) || !slices.Contains(public, tag) {
			t.Fatalf("%s is not among %q and %q", tag, private, public)
		}
	}
	if slices.Contains(private, kinds.SquareTag) || !slices.Contains(public, kinds.SquareTag) {
		t.Fatalf("private %q, public %q", private, public)
	}
}

func TestWhatACommentTouches(t *testing.T) {
	parent := uuid.New()
	top := &ent.Comment{ID: uuid.New(), DocumentID: uuid.New()}
	reply := &ent.Comment{ID: uuid.New(), DocumentID: top.DocumentID, ParentID: &parent}
	if tags := kinds.Touched(top); !slices.Contains(tags, kinds.CommentsOfTag(top.DocumentID)) {
		t.Fatalf("a comment: %q", tags)
	}
	if tags := kinds.Touched(reply); !slices.Contains(tags, kinds.RepliesTag(parent)) || slices.Contains(tags, kinds.CommentsOfTag(top.DocumentID)) {
		t.Fatalf("a reply: %q", tags)
	}
}
