package transfer

import (
	"mime"
	"strings"
	"testing"
)

// TestDisposition has names of files as clients that know filename* see them, and as others do.
func TestDisposition(t *testing.T) {
	for name, plain := range map[string]string{
		"report.pdf": "report.pdf", "a b (1).txt": "a b (1).txt", "缓存设计.docx": "____.docx", "Résumé.pdf": "R_sum_.pdf",
		`say "hi".txt`: "say _hi_.txt", `a\b.txt`: "a_b.txt", "100%.txt": "100_.txt", "a;b=c'd+e.txt": "a;b=c'd+e.txt", "😀.png": "_.png", "über/unter\n.md": "_ber_unter_.md",
	} {
		header := disposition("attachment", name)
		kind, values, err := mime.ParseMediaType(header)
		if err != nil || kind != "attachment" || values["filename"] != name {
			t.Errorf("%q: %s is %q of %q, %v", name, header, values, kind, err)
		}
		if !strings.HasPrefix(header, `attachment; filename="`+plain+`"`) || strings.ContainsAny(header, "\r\n") {
			t.Errorf("%q: %s, want the plain name %q", name, header, plain)
		}
		if both := strings.Contains(header, "filename*=UTF-8''"); both != (plain != name) {
			t.Errorf("%q: %s", name, header)
		}
	}
}
