package importer_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"docsquare/internal/cli/importer"
	"docsquare/internal/testkit"
)

func TestReport(t *testing.T) {
	r := importer.Report{Created: 2, Unchanged: 1, Hidden: []importer.Note{{Path: "a.md", Reason: "its status is draft"}}, Failed: []importer.Note{{Path: "折.md", Reason: "it is empty"}}}
	for range 3 {
		r.Skipped = append(r.Skipped, importer.Note{Path: "x", Reason: "it is hidden"})
	}
	var out bytes.Buffer
	testkit.Must(t, r.Print(&out))
	want := "failed      折.md                 it is empty\nnot public  a.md                 its status is draft\nskipped     3 files or folders  it is hidden\n" +
		"2 created (1 of them not public), 0 updated, 1 unchanged, 3 skipped, 1 failed\n"
	if strings.Join(strings.Fields(out.String()), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("%s", out.String())
	}
	encoded, err := json.Marshal(r)
	testkit.Must(t, err)
	if !bytes.Contains(encoded, []byte(`"failed":[{"path":"折.md","reason":"it is empty"}]`)) {
		t.Errorf("%s", encoded)
	}
}
