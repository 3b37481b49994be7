package feed

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"time"

	"docsquare/ent"
	"docsquare/internal/document"
	"docsquare/internal/kinds"
)

const (
	sitemapType = "application/xml; charset=utf-8"
	robotsType  = "text/plain; charset=utf-8"
)

// urlSet is a sitemap as https://www.sitemaps.org/protocol.html describes it.
type urlSet struct {
	XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []siteURL `xml:"url"`
}

type siteURL struct {
	Location string `xml:"loc"`
	Changed  string `xml:"lastmod,omitempty"`
}

// sitemap is the list of the pages of public documents, the last changed first.
func (h *server) sitemap(ctx context.Context, _ *http.Request, location string) (built, error) {
	all, err := h.Square.Sitemap(ctx, []kinds.Single{{}})
	if err != nil {
		return built{}, err
	}
	set := urlSet{URLs: []siteURL{{Location: location + "/"}}}
	var changed time.Time
	for i, x := range all[kinds.Single{}] {
		if i == 0 {
			changed = x.UpdatedAt
		}
		d := &ent.Document{ID: x.ID, Title: x.Title}
		set.URLs = append(set.URLs, siteURL{location + document.PageAddress(d), moment(x.UpdatedAt)})
	}
	return xmlPage(set, sitemapType, changed)
}

// robots answers with robots.txt: crawlers read pages, not the API.
func (h *server) robots(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", robotsType)
	_, _ = fmt.Fprintf(w, "User-agent: *\nDisallow: /graphql\n\nSitemap: %s%s\n", h.location(r), SitemapPath) //nolint:gosec // plain text; and an error cannot be reported any more
}
