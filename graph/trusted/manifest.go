package trusted

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// entry is one document as a manifest has it.
type entry struct{ file, id, name, text string }

const (
	apolloFormat  = "apollo-persisted-query-manifest"
	apolloVersion = "1"
	formats       = `there are Apollo's manifest ("format": "` + apolloFormat + `", "version": ` + apolloVersion +
		`), and the object of id to text that relay-compiler and the client preset of graphql-codegen write`
	regenerate = "write it again with the tool that made it"
)

// member is one of a JSON object. Members are read in their order, and one that is there twice is seen twice.
type member struct {
	name  string
	value json.RawMessage
}

// entries reads a manifest, detects its format from its content, and returns every fault of it.
func entries(file string, raw []byte) ([]entry, []error) {
	raw = bytes.TrimPrefix(raw, []byte("\uFEFF"))
	members, err := membersOf(raw)
	if err != nil {
		return nil, []error{inFile(file, "%w", err)}
	}
	found, faults := entriesOf(file, members)
	if len(found) == 0 && len(faults) == 0 {
		faults = []error{inFile(file, "it has no operations: %s, or take it away", regenerate)}
	}
	return found, faults
}

func entriesOf(file string, members []member) ([]entry, []error) {
	for _, m := range members {
		if m.name == "format" {
			return apolloEntries(file, members)
		}
	}
	return mapEntries(file, members)
}

// membersOf is what a JSON object holds.
func membersOf(raw []byte) ([]member, error) {
	if !utf8.Valid(raw) {
		return nil, fmt.Errorf("it is not JSON, for it is not UTF-8: %s", regenerate)
	}
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(raw, &whole); err != nil {
		return nil, notJSON(raw, err)
	}
	in := json.NewDecoder(bytes.NewReader(raw))
	_, err := in.Token()
	members := make([]member, 0, len(whole))
	for err == nil && in.More() {
		var name json.Token
		var m member
		if name, err = in.Token(); err == nil {
			m.name, _ = name.(string)
			err = in.Decode(&m.value)
			members = append(members, m)
		}
	}
	return members, err
}

func notJSON(raw []byte, err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		line := 1 + bytes.Count(raw[:min(int(syntax.Offset), len(raw))], []byte("\n"))
		return fmt.Errorf("it is not JSON: line %d: %w: %s", line, syntax, regenerate)
	}
	return fmt.Errorf("it is of no known format, for it holds no JSON object: %s", formats)
}

// mapEntries reads an object of id to text.
func mapEntries(file string, members []member) ([]entry, []error) {
	found := make([]entry, 0, len(members))
	for _, m := range members {
		var text *string
		if json.Unmarshal(m.value, &text) != nil || text == nil {
			return nil, []error{inFile(file, "it is of no known format, for what it has as %.*q is no text: %s", maxName, m.name, formats)}
		}
		found = append(found, entry{file: file, id: m.name, text: *text})
	}
	return found, nil
}

// apolloEntries reads a manifest of Apollo's.
func apolloEntries(file string, members []member) (found []entry, faults []error) {
	values := make(map[string]json.RawMessage, len(members))
	for _, m := range members {
		values[m.name] = m.value
	}
	if string(values["format"]) != `"`+apolloFormat+`"` || string(values["version"]) != apolloVersion {
		return nil, []error{inFile(file, "it is of no known format, but of %.*s, version %.*s: %s",
			maxName, values["format"], maxName, values["version"], formats)}
	}
	var operations []json.RawMessage
	if raw := values["operations"]; len(raw) > 0 && json.Unmarshal(raw, &operations) != nil {
		return nil, []error{inFile(file, `its "operations" are no list: %s`, regenerate)}
	}
	for i, raw := range operations {
		e, err := apolloEntry(file, raw)
		if err != nil {
			faults = append(faults, inFile(file, "operation %d: %w: %s", i+1, err, regenerate))
			continue
		}
		found = append(found, e)
	}
	return found, faults
}

func apolloEntry(file string, raw json.RawMessage) (entry, error) {
	var operation struct {
		ID   *string `json:"id"`
		Name string  `json:"name"`
		Body *string `json:"body"`
	}
	err := json.Unmarshal(raw, &operation)
	kind, wrong := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case wrong && kind.Field != "":
		return entry{}, fmt.Errorf("its %q is no text, but a JSON %s", kind.Field, kind.Value)
	case err != nil:
		return entry{}, errors.New("it is no object")
	case operation.ID == nil:
		return entry{}, errors.New(`it has no "id"`)
	case operation.Body == nil:
		return entry{}, fmt.Errorf(`%.*q has no "body"`, maxName, *operation.ID)
	}
	return entry{file, *operation.ID, operation.Name, *operation.Body}, nil
}

func inFile(file, format string, args ...any) error {
	return fmt.Errorf("manifest %s: %w", file, fmt.Errorf(format, args...))
}
