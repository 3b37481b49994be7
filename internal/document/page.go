package document

import (
	"net/url"

	"docsquare/ent"
	"docsquare/internal/text/plaintext"
)

// PagePath is where the addresses of the pages of documents begin.
const PagePath = "/documents/"

// historyPage follows the ID in the address of the revisions of a document, so it is no slug.
const historyPage = "history"

// Slug returns the title of a document as a part of its address.
func Slug(d *ent.Document) string { return plaintext.Slug(d.Title) }

// PageAddress returns the address of the page of a document without a host. Its ID identifies the document, the slug is for people.
func PageAddress(d *ent.Document) string {
	address := PagePath + d.NodeID().String()
	if slug := Slug(d); slug != "" && slug != historyPage {
		address += "/" + url.PathEscape(slug)
	}
	return address
}
