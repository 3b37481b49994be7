package markdown

import (
	"strings"
	"testing"
)

// TestSchemes lists the schemes of links. Those of autolinks are allowed in every other link too; the first text is example 628 of GFM.
func TestSchemes(t *testing.T) {
	const link = `<a href="ftp://a.example/f" rel="nofollow">`
	for source, want := range map[string]string{
		"Anonymous FTP is available at ftp://foo.bar.baz.": `<p>Anonymous FTP is available at <a href="ftp://foo.bar.baz" rel="nofollow">ftp://foo.bar.baz</a>.</p>`,
		"见ftp://a.example/f。":                              `<p>见` + link + `ftp://a.example/f</a>。</p>`,
		"FTP://a.example/f":                                `<p><a href="ftp://a.example/f" rel="nofollow">FTP://a.example/f</a></p>`,
		"<ftp://a.example/f>":                              `<p>` + link + `ftp://a.example/f</a></p>`,
		"[文件](ftp://a.example/f)":                          `<p>` + link + `文件</a></p>`,
		"<a href=\"ftp://a.example/f\">x</a>":              `<p>` + link + `x</a></p>`,
		"a@b.example mailto:c@d.example":                   `<p><a href="mailto:a@b.example">a@b.example</a> mailto:<a href="mailto:c@d.example">c@d.example</a></p>`,
		"sftp://a.example ftps://a.example ftp://":         `<p>sftp://a.example ftps://a.example ftp://</p>`,
		"[a](sftp://b) [c](file:///d) [e](JavaScript:f)":   `<p>a c e</p>`,
	} {
		if got := strings.TrimSpace(page(t, source).HTML); got != want {
			t.Errorf("%q\n got %s\nwant %s", source, got, want)
		}
	}
}
