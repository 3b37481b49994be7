package feed

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"time"

	"docsquare/ent"
	"docsquare/internal/document"
)

const atomType = "application/atom+xml; charset=utf-8"

// atomFeed is a feed as RFC 4287 writes it.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Updated    string         `xml:"updated"`
	Published  string         `xml:"published"`
	Link       atomLink       `xml:"link"`
	Author     string         `xml:"author>name"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary,omitempty"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

// atom returns a feed of documents as a page. An empty feed was last changed at the time begun.
func atom(location, title string, r *http.Request, begun time.Time, list []listed) (built, error) {
	self := location + r.URL.EscapedPath()
	if q := r.URL.Query().Get(queryName); r.URL.Path == SearchPath {
		self += "?" + url.Values{queryName: {q}}.Encode()
	}
	changed := begun
	f := atomFeed{ID: self, Title: title, Links: []atomLink{
		{Rel: "self", Type: "application/atom+xml", Href: self}, {Rel: "alternate", Type: "text/html", Href: location + "/"},
	}}
	for _, x := range list {
		f.Entries = append(f.Entries, entryOf(location, x.document, x.author))
		if x.document.UpdatedAt.After(changed) {
			changed = x.document.UpdatedAt
		}
	}
	f.Updated = moment(changed)
	return xmlPage(f, atomType, changed)
}

// entryOf returns the entry of a document. Its ID is the address without the slug, which stays when the title changes.
func entryOf(location string, d *ent.Document, author *ent.User) atomEntry {
	e := atomEntry{
		ID: location + document.PagePath + d.NodeID().String(), Title: d.Title, Updated: moment(d.UpdatedAt), Published: moment(*d.PublishedAt),
		Link: atomLink{Rel: "alternate", Type: "text/html", Href: location + document.PageAddress(d)}, Author: nameOf(author), Summary: d.Summary,
	}
	for _, tag := range d.Tags {
		e.Categories = append(e.Categories, atomCategory{tag})
	}
	return e
}

// nameOf returns the name of an account as feeds show it.
func nameOf(u *ent.User) string {
	if u.DisplayName != "" {
		return u.DisplayName
	}
	return u.Username
}

// xmlPage returns a page in XML.
func xmlPage(content any, media string, changed time.Time) (built, error) {
	body, err := xml.Marshal(content)
	return newPage(append([]byte(xml.Header), body...), media, changed), err
}

func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// host returns the host of a location.
func host(location string) string {
	_, name, _ := strings.Cut(location, "://")
	return name
}
