package graph_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
)

// refused is what null does to a field of an update that cannot be cleared.
const refused = "refused"

// nullsOfUpdates maps each nullable field of each input that changes an object to what null does: it is refused, or the object then has this
// value, as JSON.
var nullsOfUpdates = map[string]map[string]string{
	"UpdateProfileInput": {"displayName": refused, "bio": `""`, "email": refused, "avatarId": `null`},
	"UpdateDocumentInput": {
		"title": refused, "summary": `""`, "body": refused, "format": refused, "visibility": refused, "category": `null`, "tags": `[]`,
		"coverId": `null`, "attachmentIds": `[]`,
	},
	"AutosaveEditorSessionInput": {"title": `""`},
	"CommitEditorSessionInput": {
		"documentRevision": refused, "title": refused, "summary": `""`, "visibility": refused, "category": `null`, "tags": `[]`,
	},
	"UpdateCommentInput": {},
}

// nullPlace is a field of the input of a mutation.
type nullPlace struct {
	mutation *ast.FieldDefinition
	input    *ast.Definition
	field    *ast.FieldDefinition
}

// send sends the mutation as ann, with the field as null or left out.
func (p nullPlace) send(t *testing.T, app *apptest.App, base variables, null bool) answer {
	t.Helper()
	input := variables{}
	maps.Copy(input, base)
	if delete(input, p.field.Name); null {
		input[p.field.Name] = nil
	}
	query := fmt.Sprintf("mutation ($i: %s) { %s(input: $i) { %s } }", p.mutation.Arguments.ForName("input").Type, p.mutation.Name, cmp.Or(selections[p.input.Name], "__typename"))
	a, err := as(t, app, "ann").send(t.Context(), query, variables{"i": input})
	testkit.Must(t, err)
	return a
}

const documentFields = "document { title summary body format visibility category tags coverId: cover { id } attachmentIds: attachments { id } }"

// selections are what is read of payloads. The aliases are the names of input fields.
var selections = map[string]string{
	"UpdateProfileInput": "user { displayName bio email avatarId: avatar { id } }", "UpdateDocumentInput": documentFields, "CommitEditorSessionInput": documentFields,
	"AutosaveEditorSessionInput": "session { title }", "CreateDocumentInput": documentFields,
}

// baseOf returns an input that succeeds, with a value for what null can clear.
func (p nullPlace) baseOf(t *testing.T, app *apptest.App) variables {
	t.Helper()
	ann := as(t, app, "ann")
	document := func() string {
		var out struct {
			CreateDocument struct{ Document struct{ ID string } }
		}
		ann.must(t, `mutation { createDocument(input: {title: "标题", summary: "摘要", body: "正文", category: "Go", tags: ["a", "标签"]}) { document { id } } }`, nil, &out)
		return out.CreateDocument.Document.ID
	}
	session := func(of string) string {
		var out struct {
			OpenEditorSession struct{ Session struct{ ID string } }
		}
		ann.must(t, `mutation ($d: ID) { openEditorSession(input: {documentId: $d, title: "标题", content: "正文二"}) { session { id } } }`, variables{"d": of}, &out)
		return out.OpenEditorSession.Session.ID
	}
	switch p.input.Name {
	case "UpdateProfileInput":
		ann.must(t, `mutation { updateProfile(input: {bio: "简介"}) { user { id } } }`, nil, new(any))
		return variables{}
	case "UpdateDocumentInput":
		return variables{"documentId": document(), "expectedRevision": 1}
	case "AutosaveEditorSessionInput":
		return variables{"sessionId": session(document()), "expectedRevision": 1, "content": "正文三"}
	case "CommitEditorSessionInput":
		return variables{"sessionId": session(document()), "expectedRevision": 1}
	case "CreateDocumentInput":
		return variables{"title": "标题", "body": "正文"}
	}
	base, schema := variables{}, present(t)
	for _, f := range p.input.Fields {
		if f.Type.NonNull && f.DefaultValue == nil {
			base[f.Name] = json.RawMessage(strings.ReplaceAll(fitting(schema, f.Type), "USER", `"USER"`))
		}
	}
	return base
}

// TestNullInInputs sends null for every field of the input of every mutation. A required field and one that cannot be cleared refuse it and
// are named, in an update others are cleared, and in other inputs it is the same as leaving the field out.
func TestNullInInputs(t *testing.T) {
	app, schema := served(t, "sqlite"), present(t)
	tested := 0
	for _, m := range schema.Mutation.Fields {
		input := schema.Types[m.Arguments.ForName("input").Type.Name()]
		update, isUpdate := nullsOfUpdates[input.Name]
		for _, f := range input.Fields {
			tested++
			p := nullPlace{m, input, f}
			t.Run(input.Name+"."+f.Name, func(t *testing.T) {
				base := p.baseOf(t, app)
				null := p.send(t, app, base, true)
				switch want := update[f.Name]; {
				case f.Type.NonNull || input.Directives.ForName("oneOf") != nil || want == refused:
					if null.code() != "BAD_USER_INPUT" || !strings.Contains(null.raw, `"field":"`+f.Name+`"`) {
						t.Errorf("null is answered by %s", null.raw)
					}
				case isUpdate:
					if want == "" || !strings.Contains(null.raw, `"`+f.Name+`":`+want) {
						t.Errorf("null is answered by %s, want %s", null.raw, want)
					}
				default:
					if absent := p.send(t, app, p.baseOf(t, app), false); null.code() != absent.code() || input.Name == "CreateDocumentInput" && null.raw != absent.raw {
						t.Errorf("null is answered by %s, a field that is left out by %s", null.raw, absent.raw)
					}
				}
			})
		}
	}
	if tested < 60 {
		t.Errorf("only %d fields were tested", tested)
	}
}
