package trusted

import (
	"errors"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"docsquare/internal/text/plaintext"
)

// What a manifest may hold.
const (
	maxDocuments = 10_000
	maxID        = 256       // bytes
	maxText      = 256 << 10 // bytes
)

// Load reads the manifests at the paths, each a file or a directory of *.json files, and parses and validates every
// document of them once, against the schema that the handler executes: the parsed documents refer to it. A document of
// more tokens than the limit is a fault; 0 is no limit. No paths are no documents. The same document may be in several
// manifests and have several ids.
//
// An error holds every fault of every file, one a line, each with its file, its document and what to do about it. Then
// there are no documents: nothing is trusted in part.
func Load(schema *ast.Schema, paths []string, tokenLimit int) (*Documents, error) {
	files, faults := filesOf(paths)
	l := newLoading(schema, tokenLimit)
	l.faults = faults
	for _, file := range files {
		raw, err := read(file)
		if err != nil {
			l.faults = append(l.faults, err)
			continue
		}
		l.manifest(file, raw)
	}
	return l.end()
}

// loading is documents on their way.
type loading struct {
	schema     *ast.Schema
	tokenLimit int
	documents  Documents
	entries    map[string]entry // by canonical id, also those with a fault
	faults     []error
}

func newLoading(schema *ast.Schema, tokenLimit int) *loading {
	return &loading{
		schema: schema, tokenLimit: max(tokenLimit, 0), entries: map[string]entry{},
		documents: Documents{byID: map[string]*document{}, byText: map[string]*document{}},
	}
}

func (l *loading) manifest(file string, raw []byte) {
	found, faults := entries(file, raw)
	l.faults = append(l.faults, faults...)
	for _, e := range found {
		if len(l.entries) >= maxDocuments {
			l.fault(e, "it is one too many, for %d are allowed: take away what no client uses", maxDocuments)
			return
		}
		l.add(e)
	}
}

// add takes a document, unless it has a fault.
func (l *loading) add(e entry) {
	id := canonical(e.id)
	former, again := l.entries[id]
	switch wrong := idFault(e); {
	case wrong != "":
		l.fault(e, "%s", wrong)
		return
	case again && former.text != e.text:
		l.fault(e, "the same id has another text in %s: give each text its own id, such as a hash of the text", former.file)
		return
	case again:
		return
	}
	l.entries[id] = e
	d, known := l.documents.byText[e.text]
	if !known {
		if d = l.document(e); d == nil {
			return
		}
		l.documents.byText[e.text] = d
		l.documents.all = append(l.documents.all, d)
	}
	l.documents.byID[id] = d
}

// idFault is what is wrong with an id, empty where nothing is.
func idFault(e entry) string {
	hash, isPrefixed := strings.CutPrefix(e.id, sha256Prefix)
	switch {
	case e.id == "":
		return "its id is empty: give it one, such as the SHA-256 of its text"
	case len(e.id) > maxID:
		return fmt.Sprintf("its id has %d bytes, but %d are allowed: take a hash of the text", len(e.id), maxID)
	case strings.ContainsFunc(e.id, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "its id holds other than visible ASCII characters: take a hash of the text"
	case isPrefixed && hash != hashOf(e.text):
		return "its id is not the SHA-256 of its text, which is " + sha256Prefix + hashOf(e.text) + ": the text was changed, so " + regenerate
	}
	return ""
}

// document parses and validates a text; nil where it has faults, which are noted.
func (l *loading) document(e entry) *document {
	if len(e.text) > maxText {
		l.fault(e, "its text has %d bytes, but %d are allowed: split it", len(e.text), maxText)
		return nil
	}
	const remedy = "fix it where the client has it, and write the manifest again"
	parsed, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: e.text}, l.tokenLimit)
	if err != nil {
		l.fault(e, "it does not parse: %s: %s", located(err), remedy)
		return nil
	}
	if len(parsed.Operations) == 0 {
		l.fault(e, "it has no operation: %s", remedy)
		return nil
	}
	operation := operationsOf(parsed)
	if e.name == "" {
		e.name = operation
	}
	wrong := validator.ValidateWithRules(l.schema, parsed, nil)
	for _, err := range wrong {
		l.fault(e, "it does not fit the schema: %s: %s, or give the schema what it needs", located(err), remedy)
	}
	if len(wrong) > 0 {
		return nil
	}
	return &document{id: e.id, file: e.file, operation: operation, text: e.text, parsed: parsed, fields: coordinatesOf(parsed)}
}

func operationsOf(parsed *ast.QueryDocument) string {
	var names []string
	for _, operation := range parsed.Operations {
		if operation.Name != "" {
			names = append(names, operation.Name)
		}
	}
	return plaintext.Clip(strings.Join(names, ","), maxName)
}

// located is an error of the parser or the validator, with its place in the text.
func located(err error) string {
	e, ok := errors.AsType[*gqlerror.Error](err)
	if !ok || len(e.Locations) == 0 {
		return err.Error()
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Locations[0].Line, e.Locations[0].Column, strings.TrimSuffix(e.Message, "."))
}

func (l *loading) fault(e entry, format string, args ...any) {
	operation := ""
	if e.name != "" {
		operation = fmt.Sprintf(" (operation %.*q)", maxName, e.name)
	}
	l.faults = append(l.faults, inFile(e.file, "document %.*q%s: %w", maxName, e.id, operation, fmt.Errorf(format, args...)))
}

// end lets each document be named by the SHA-256 of its text too.
func (l *loading) end() (*Documents, error) {
	for _, d := range l.documents.all {
		hash := hashOf(d.text)
		if other, ok := l.entries[hash]; ok && other.text != d.text {
			l.fault(other, "its id is the SHA-256 of another text, that of %.*q in %s: %s", maxName, d.id, d.file, regenerate)
		}
		l.documents.byID[hash] = d
	}
	if len(l.faults) > 0 {
		return nil, errors.Join(l.faults...)
	}
	return &l.documents, nil
}
