//go:build !sqlite_fts5 && !fts5

package search

// SQLite has its full-text search only when it is compiled with it. The name shows what to do.
var _ = build_docsquare_with_the_tag_sqlite_fts5__go_build_dash_tags_sqlite_fts5
