// Package relay owns the Go types of connections: pages of lists that hold identifiers. What an identifier names is
// loaded when it is selected, for all pages of a level at once.
package relay

import (
	"github.com/google/uuid"

	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/square"
)

// Connection is a page of a list. Several types of the schema share it; they differ in what their entries are.
type Connection struct {
	Page       page.IDs
	Order      string // of the list, which cursors name
	TotalCount int    // page.NotCounted unless it is selected
}

// Edge is an entry of a page.
type Edge struct {
	Entry page.Entry
	Order string
}

// PageInfo is the position of a page in its list. The cursors of an empty page are nil.
type PageInfo struct {
	HasNextPage, HasPreviousPage bool
	StartCursor, EndCursor       *string
}

// Entries returns the entries of the page, by identifier.
func (c *Connection) Entries() []page.Entry { return c.Page.Entries }

// Edges returns the entries of the page.
func (c *Connection) Edges() []*Edge {
	edges, list := make([]Edge, len(c.Page.Entries)), make([]*Edge, len(c.Page.Entries))
	for i, e := range c.Page.Entries {
		edges[i] = Edge{e, c.Order}
		list[i] = &edges[i]
	}
	return list
}

// PageInfo returns the position of the page.
func (c *Connection) PageInfo() *PageInfo {
	info := &PageInfo{HasNextPage: c.Page.HasNext, HasPreviousPage: c.Page.HasPrevious}
	if n := len(c.Page.Entries); n > 0 {
		start, end := c.Page.Entries[0].Cursor().Text(c.Order), c.Page.Entries[n-1].Cursor().Text(c.Order)
		info.StartCursor, info.EndCursor = &start, &end
	}
	return info
}

// ID returns the identifier of the entry.
func (e *Edge) ID() uuid.UUID { return e.Entry.ID }

// Cursor returns the place of the entry in its list.
func (e *Edge) Cursor() string { return e.Entry.Cursor().Text(e.Order) }

// SearchConnection is a page of what a search has found.
type SearchConnection struct {
	Connection
	Query   string // in its normal form
	Limited bool   // whether more documents match than were ranked
}

// SearchEdge is a document that a search has found.
type SearchEdge struct {
	Edge
	Query string
}

// NewSearchConnection returns the page that the arguments cut out of what a search has found.
func NewSearchConnection(key kinds.SearchKey, args page.Args, found *kinds.Found) *SearchConnection {
	p := page.Cut(found.Hits, args)
	return &SearchConnection{Connection: Connection{Page: p, Order: square.SearchOrder(key), TotalCount: p.Total}, Query: key.Query, Limited: found.Limited}
}

// Edges returns the entries of the page.
func (c *SearchConnection) Edges() []*SearchEdge {
	edges, list := make([]SearchEdge, len(c.Page.Entries)), make([]*SearchEdge, len(c.Page.Entries))
	for i, e := range c.Page.Entries {
		edges[i] = SearchEdge{Edge{e, c.Order}, c.Query}
		list[i] = &edges[i]
	}
	return list
}

// Score returns how well the document matches.
func (e *SearchEdge) Score() float64 { return square.Score(e.Entry) }
