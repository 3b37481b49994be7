package store

import (
	"unicode/utf8"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

// Begins keeps the rows whose column begins with a text, as a range by bytes that an index can answer. PostgreSQL has special operators for
// that, and needs an index with text_pattern_ops.
func Begins(column, begin string) func(*entsql.Selector) {
	return func(sel *entsql.Selector) {
		from, to := " >= ", " < "
		if sel.Dialect() == dialect.Postgres {
			from, to = " ~>=~ ", " ~<~ "
		}
		name := sel.C(column)
		sel.Where(entsql.P(func(b *entsql.Builder) {
			b.Ident(name).WriteString(from).Arg(begin).WriteString(" AND ").Ident(name).WriteString(to).Arg(begin + string(utf8.MaxRune))
		}))
	}
}
