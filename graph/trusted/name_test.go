package trusted_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"docsquare/graph/trusted"
	"docsquare/internal/errs"
)

func persisted(hash any) map[string]any {
	return map[string]any{"persistedQuery": map[string]any{"version": json.Number("1"), "sha256Hash": hash}}
}

// named is the extensions of a request as a transport hands them on that has found a name next to the query.
func named(id any) map[string]any { return map[string]any{trusted.DocumentID: id} }

// both has the extensions of either.
func both(a, b map[string]any) map[string]any {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

func TestName(t *testing.T) {
	hash := sha(hello)
	for name, tc := range map[string]struct {
		documentID, id, docID string
		extensions            map[string]any
		want                  string // the name, or what the error holds
	}{
		"none":                         {},
		"no extensions of ours":        {extensions: map[string]any{"trace": true}},
		"persistedQuery null":          {extensions: map[string]any{"persistedQuery": nil}},
		"documentId":                   {documentID: "h1", want: "h1"},
		"documentId, a hash":           {documentID: "sha256:" + hash, want: hash},
		"another prefix":               {documentID: "x-own:" + hash, want: "x-own:" + hash},
		"no hash after the prefix":     {documentID: "sha256:abc", want: "sha256:abc"},
		"no lower case after it":       {documentID: "sha256:" + strings.ToUpper(hash), want: "sha256:" + strings.ToUpper(hash)},
		"nothing after it":             {documentID: "sha256:", want: "sha256:"},
		"id":                           {id: "h1", want: "h1"},
		"doc_id":                       {docID: "h1", want: "h1"},
		"Apollo":                       {extensions: persisted(hash), want: hash},
		"handed on":                    {extensions: named("sha256:" + hash), want: hash},
		"handed on, null":              {extensions: named(nil)},
		"handed on, no text":           {id: "h1", extensions: named(5), want: "extensions.documentId must be a string"},
		"the same in each way":         {documentID: "sha256:" + hash, id: hash, docID: hash, extensions: both(persisted(hash), named(hash)), want: hash},
		"id and handed on":             {id: "a", extensions: named("b"), want: `"a" by id and "b" by documentId`},
		"handed on and Apollo":         {extensions: both(persisted("b"), named("a")), want: `"a" by documentId and "b" by extensions.persistedQuery.sha256Hash`},
		"documentId and id":            {documentID: "a", id: "b", want: `names two documents, "a" by documentId and "b" by id: name one`},
		"id and doc_id":                {id: "a", docID: "b", want: `"a" by id and "b" by doc_id`},
		"doc_id and Apollo":            {docID: "a", extensions: persisted("b"), want: `"a" by doc_id and "b" by extensions.persistedQuery.sha256Hash`},
		"long names are cut":           {id: strings.Repeat("a", 1000), docID: "b", want: `"` + strings.Repeat("a", 100) + `" by id`},
		"persistedQuery is a text":     {extensions: map[string]any{"persistedQuery": hash}, want: "extensions.persistedQuery must be an object"},
		"persistedQuery without":       {extensions: map[string]any{"persistedQuery": map[string]any{}}, want: "extensions.persistedQuery must be"},
		"persistedQuery with a number": {extensions: persisted(5), want: "extensions.persistedQuery must be"},
		"persistedQuery with nothing":  {documentID: "h1", extensions: persisted(""), want: "extensions.persistedQuery must be"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := trusted.Name(tc.documentID, tc.id, tc.docID, tc.extensions)
			if err != nil {
				if !errs.Is(err, errs.BadUserInput) || tc.want == "" || !strings.Contains(err.Error(), tc.want) || got != "" {
					t.Errorf("got %q, %v", got, err)
				}
				return
			}
			if got != tc.want {
				t.Errorf("got %q", got)
			}
		})
	}
}

func FuzzName(f *testing.F) {
	hash := sha(hello)
	f.Add("sha256:"+hash, "", "", `{}`)
	f.Add("", hash, "", `{"persistedQuery": {"version": 1, "sha256Hash": "`+hash+`"}}`)
	f.Add("a", "a", "b", `{"persistedQuery": []}`)
	f.Add("", "", "a", `{"documentId": "a"}`)
	f.Add("sha256:", "sha256:sha256:"+hash, "\xff", `{"persistedQuery": {"sha256Hash": null}}`)
	f.Fuzz(func(t *testing.T, documentID, id, docID, extensions string) {
		var decoded map[string]any
		_ = json.Unmarshal([]byte(extensions), &decoded) // none is one too
		name, err := trusted.Name(documentID, id, docID, decoded)
		if err != nil {
			if e := errs.As(err); name != "" || e == nil || e.Code != errs.BadUserInput || len(e.Message) > 4000 {
				t.Fatalf("got %q, %v", name, err)
			}
			return
		}
		if (name == "") != (documentID == "" && id == "" && docID == "" && decoded["persistedQuery"] == nil && (decoded[trusted.DocumentID] == nil || decoded[trusted.DocumentID] == "")) {
			t.Fatalf("got %q", name)
		}
		for _, given := range []string{documentID, id, docID} {
			if given != "" && given != name && given != "sha256:"+name {
				t.Fatalf("%q became %q", given, name)
			}
		}
		if again, err := trusted.Name(name, name, name, decoded); err != nil || again != name {
			t.Fatalf("%q is not stable: %q, %v", name, again, err)
		}
	})
}
