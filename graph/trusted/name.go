package trusted

import (
	"strings"

	"docsquare/internal/errs"
)

// DocumentID is the extension of a request under which a transport hands on the name that is sent next to the query of the
// request: RawParams has no other place for it. A client that puts it there itself has the same effect.
const DocumentID = "documentId"

const (
	persistedQuery = "persistedQuery" // the extension of Apollo's clients
	sha256Prefix   = "sha256:"
	sha256Digits   = 64
)

// Name is the one document that a request names, in canonical form: "sha256:" before a SHA-256 is left out. It is empty
// if none is named. The names are those next to the query, documentId of GraphQL over HTTP, id and doc_id of Relay's
// clients, each empty if there is none; and among the extensions persistedQuery.sha256Hash of Apollo's clients, and
// DocumentID. Names of different documents, and an extension that is not of its form, are BAD_USER_INPUT.
func Name(documentID, id, docID string, extensions map[string]any) (string, error) {
	handedOn, ok := extensions[DocumentID].(string)
	if !ok && extensions[DocumentID] != nil {
		return "", errs.New(errs.BadUserInput, "extensions.documentId must be a string, or be left out")
	}
	hash, err := hashIn(extensions)
	if err != nil {
		return "", err
	}
	name, at := "", ""
	for _, form := range [...]struct{ at, name string }{
		{"documentId", documentID},
		{"id", id},
		{"doc_id", docID},
		{"documentId", handedOn},
		{"extensions.persistedQuery.sha256Hash", hash},
	} {
		switch next := canonical(form.name); {
		case next == "" || next == name:
		case name == "":
			name, at = next, form.at
		default:
			return "", errs.New(errs.BadUserInput, "the request names two documents, %.*q by %s and %.*q by %s: name one",
				maxName, name, at, maxName, next, form.at)
		}
	}
	return name, nil
}

// hashIn is the hash by which Apollo's clients name a document, empty where they do not.
func hashIn(extensions map[string]any) (string, error) {
	switch extension := extensions[persistedQuery].(type) {
	case nil:
		return "", nil
	case map[string]any:
		if hash, ok := extension["sha256Hash"].(string); ok && hash != "" {
			return hash, nil
		}
	}
	return "", errs.New(errs.BadUserInput, `extensions.persistedQuery must be an object like {"version": 1, "sha256Hash": "…"}, or be left out`)
}

// canonical removes the prefix that marks an id as a SHA-256: not all clients send it.
func canonical(id string) string {
	if hash, ok := strings.CutPrefix(id, sha256Prefix); ok && isHash(hash) {
		return hash
	}
	return id
}

func isHash(text string) bool {
	return len(text) == sha256Digits && strings.Trim(text, "0123456789abcdef") == ""
}
