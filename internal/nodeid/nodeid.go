// Package nodeid owns the global identifiers of the graph: which type an object has, and which one of it it is, in one
// opaque string. It knows nothing of the objects.
package nodeid

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"

	"github.com/google/uuid"

	"docsquare/internal/errs"
)

// Type is the type of an object. Its number is part of every identifier handed out: never change or reuse one.
type Type byte

// The types that have global identifiers.
const (
	User Type = iota + 1
	Session
	Document
	Revision
	Comment
	File
	EditorSession
	AuditEntry
)

var names = map[Type]string{
	User: "User", Session: "Session", Document: "Document", Revision: "Revision", Comment: "Comment",
	File: "File", EditorSession: "EditorSession", AuditEntry: "AuditEntry",
}

// String is the GraphQL name of the type, such as "Document".
func (t Type) String() string { return names[t] }

// article returns the name of the type with its article, such as "an EditorSession".
func (t Type) article() string {
	if name := t.String(); strings.ContainsAny(name[:min(1, len(name))], "AE") {
		return "an " + name
	}
	return "a " + t.String()
}

const textSize = 23

// ID is a global identifier. As text it is the type's byte and the UUID's 16 in unpadded URL-safe base64: 23 characters.
type ID struct {
	Type Type
	UUID uuid.UUID
}

// String is the identifier as clients see it.
func (id ID) String() string { return string(id.appendText(make([]byte, 0, textSize))) }

func (id ID) appendText(dst []byte) []byte {
	var raw [17]byte
	raw[0] = byte(id.Type)
	copy(raw[1:], id.UUID[:])
	return base64.RawURLEncoding.AppendEncode(dst, raw[:])
}

// errMalformed is the error for a text that is not an identifier.
func errMalformed() *errs.Error {
	return errs.New(errs.BadUserInput, "Invalid ID. Use an ID from an answer of this server.")
}

// Parse reads an identifier. Anything that String did not write is BAD_USER_INPUT.
func Parse(text string) (ID, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != 17 || len(text) != textSize || // Strict still skips line breaks
		names[Type(raw[0])] == "" {
		return ID{}, errMalformed()
	}
	return ID{Type: Type(raw[0]), UUID: uuid.UUID(raw[1:])}, nil
}

// Malformed returns an error with the code BAD_USER_INPUT if the identifier was read from a text that is not an identifier.
func (id ID) Malformed() error {
	if id.Type == 0 {
		return errMalformed()
	}
	return nil
}

// Of is the UUID of an identifier that must name the type wanted; another type, and a malformed identifier, are BAD_USER_INPUT on the input
// field.
func (id ID) Of(want Type, field string) (uuid.UUID, error) {
	if id.Type == 0 {
		return uuid.Nil, errs.BadInput(field, "Invalid ID: it is not the ID of %s.", want.article())
	}
	if id.Type != want {
		return uuid.Nil, errs.BadInput(field, "Invalid ID: it is the ID of %s, not of %s.", id.Type.article(), want.article())
	}
	return id.UUID, nil
}

// MarshalGQL writes the identifier as a JSON string.
func (id ID) MarshalGQL(w io.Writer) { _, _ = w.Write(id.AppendGQL(make([]byte, 0, textSize+2))) }

// AppendGQL appends the identifier as a JSON string.
func (id ID) AppendGQL(dst []byte) []byte {
	dst = append(dst, '"') // base64 needs no escapes
	dst = id.appendText(dst)
	return append(dst, '"')
}

// UnmarshalGQL reads the identifier from a GraphQL value. A text that is not an identifier, or a whole number, which GraphQL takes as a text, becomes the
// zero ID, for which Of and Malformed return an error: so one malformed identifier of a list is an error in its place, not of the whole request.
func (id *ID) UnmarshalGQL(value any) error {
	switch value := value.(type) {
	case string:
		*id, _ = Parse(value) // the zero ID is the result of a failure
		return nil
	case int, int64:
		*id = ID{}
		return nil
	case json.Number:
		if !strings.ContainsAny(value.String(), ".eE") {
			*id = ID{}
			return nil
		}
	}
	return errs.New(errs.BadUserInput, "an identifier is a string")
}

// Node is what has a global identifier.
type Node interface{ NodeID() ID }
