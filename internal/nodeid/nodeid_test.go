package nodeid_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docsquare/internal/errs"
	"docsquare/internal/nodeid"
)

var document = nodeid.ID{Type: nodeid.Document, UUID: uuid.UUID{1, 15: 2}}

// The numbers are part of every identifier that clients hold.
func TestTypesKeepTheirNumbers(t *testing.T) {
	for number, name := range map[nodeid.Type]string{1: "User", 2: "Session", 3: "Document", 4: "Revision", 5: "Comment", 0: ""} {
		if got := number.String(); got != name {
			t.Errorf("type %d is %q, want %q", number, got, name)
		}
	}
	if got := document.String(); got != "AwEAAAAAAAAAAAAAAAAAAAI" {
		t.Errorf("got %s", got)
	}
}

func TestOf(t *testing.T) {
	id, err := document.Of(nodeid.Document, "documentId")
	if err != nil || id != document.UUID {
		t.Fatalf("got %v, %v", id, err)
	}
	_, err = document.Of(nodeid.User, "userId")
	e := errs.As(err)
	if e == nil || e.Code != errs.BadUserInput || e.Field != "userId" || !strings.Contains(e.Message, "Document") || !strings.Contains(e.Message, "User") {
		t.Fatalf("got %v", err)
	}
}

func TestGQL(t *testing.T) {
	var out bytes.Buffer
	document.MarshalGQL(&out)
	var text string
	if err := json.Unmarshal(out.Bytes(), &text); err != nil {
		t.Fatal(err)
	}
	var back nodeid.ID
	if err := back.UnmarshalGQL(text); err != nil || back != document {
		t.Fatalf("got %v, %v", back, err)
	}
	for _, none := range []any{true, 1.5, json.Number("1.5"), json.Number("1e3"), nil, []any{"x"}, map[string]any{}} {
		if err := back.UnmarshalGQL(none); !errs.Is(err, errs.BadUserInput) {
			t.Errorf("%v: %v", none, err)
		}
	}
	for _, bad := range []any{7, int64(-7), json.Number("12"), json.Number("99999999999999999999"), "", "x", text + "A", text + "\n", text[:22], "_wEAAAAAAAAAAAAAAAAAAAI"} {
		if err := back.UnmarshalGQL(bad); err != nil || !errs.Is(back.Malformed(), errs.BadUserInput) {
			t.Errorf("%v: %v, %v", bad, back, err)
		}
		if _, err := back.Of(nodeid.Document, "documentId"); errs.As(err) == nil || errs.As(err).Field != "documentId" || !strings.Contains(err.Error(), "not the ID of a Document") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzID(f *testing.F) {
	for number := range nodeid.Type(7) {
		f.Add(nodeid.ID{Type: number, UUID: document.UUID}.String())
	}
	f.Add("AwEAAAAAAAAAAAAAAAAA\r\nAAAI")
	f.Fuzz(func(t *testing.T, text string) {
		id, err := nodeid.Parse(text)
		switch {
		case err == nil && (id.String() != text || id.Type.String() == ""):
			t.Fatalf("%q was read as %v, %q", text, id.Type, id.String())
		case err != nil && !errs.Is(err, errs.BadUserInput):
			t.Fatalf("%q: %v", text, err)
		}
	})
}
