package markdown

import (
	"hash/crc32"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/styles"
)

// boxes styles alerts by the colours of GitHub, which fit light and dark pages.
const boxes = `.markdown-alert { padding: 0 1em; border-left: .25em solid #8c959f; }
.markdown-alert-title { font-weight: 600; }
.markdown-alert-note { border-color: #0969da; }
.markdown-alert-tip { border-color: #1a7f37; }
.markdown-alert-important { border-color: #8250df; }
.markdown-alert-warning { border-color: #9a6700; }
.markdown-alert-caution { border-color: #cf222e; }
`

// StyleSheet returns the CSS of alerts and of highlighted code, for light and dark pages.
var StyleSheet = sync.OnceValue(func() string {
	f := html.New(html.WithClasses(true))
	var light, dark strings.Builder
	_ = f.WriteCSS(&light, styles.Get("github")) // a strings.Builder takes everything
	_ = f.WriteCSS(&dark, styles.Get("github-dark"))
	// The styles do not have the same classes: one must not show through the other.
	return boxes + "@media not (prefers-color-scheme: dark) {\n" + light.String() + "}\n@media (prefers-color-scheme: dark) {\n" + dark.String() + "}\n"
})

// ServeStyleSheet answers with the style sheet. It changes with the version of the server alone.
func ServeStyleSheet(w http.ResponseWriter, r *http.Request) {
	css := StyleSheet()
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("ETag", `"`+strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(css))), 16)+`"`)
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(css))
}
