// Package present hides what is being removed: an account or a document has its row until the last of its rows is deleted, but no
// query with the predicates of this package finds it, or what belongs to it.
package present

import (
	entsql "entgo.io/ent/dialect/sql"

	"docsquare/ent/comment"
	"docsquare/ent/document"
	"docsquare/ent/predicate"
	"docsquare/ent/removal"
	"docsquare/ent/user"
)

// User excludes accounts that are being removed.
func User() predicate.User { return without(user.FieldID) }

// Document excludes documents that are being removed, and those of such accounts.
func Document() predicate.Document { return without(document.FieldID, document.FieldAuthorID) }

// Comment excludes comments of accounts that are being removed. Comments on documents that are being removed are seen with these.
func Comment() predicate.Comment { return without(comment.FieldAuthorID) }

// without excludes the rows in which one of the columns names what is being removed. Few or no removals are under way at one time.
func without(columns ...string) func(*entsql.Selector) {
	return func(sel *entsql.Selector) {
		r := entsql.Dialect(sel.Dialect()).Table(removal.Table).As("leaving")
		named := entsql.P(func(b *entsql.Builder) {
			b.Ident(r.C(removal.FieldSubject)).WriteString(" IN (")
			for i, column := range columns {
				if i > 0 {
					b.Comma()
				}
				b.Ident(sel.C(column))
			}
			b.WriteByte(')')
		})
		sel.Where(entsql.Not(entsql.Exists(entsql.Dialect(sel.Dialect()).Select(r.C(removal.FieldID)).From(r).Where(named))))
	}
}
