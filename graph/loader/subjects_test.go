package loader_test

import (
	"slices"

	"github.com/google/uuid"

	entdocument "docsquare/ent/document"
	"docsquare/graph/loader"
	"docsquare/internal/cache"
	"docsquare/internal/page"
	"docsquare/internal/rank"
	"docsquare/internal/square"
	"docsquare/internal/testkit/apptest"
)

// subjects returns every loader with keys that have a value and, where there can be such, keys that have none.
func subjects(auditEntry uuid.UUID) []subject {
	users, docs, comments := ids("ann", "bob", "cy", "nobody"), append(documents(25), ids("secret", "linked", "nothing")...), ids("doc01/c1", "doc01/c2", "doc01/c1/r1", "secret/c1", "nothing")
	revisions := ids("revision doc01", "revision secret", "nothing")
	return slices.Concat([]subject{
		subjectOf(loader.Users, users...),
		subjectOf(loader.UserStats, users...),
		subjectOf(loader.Usernames, "ann", "bob", "Ann", "nobody", ""),
		subjectOf(loader.Sessions, users...),
		subjectOf(loader.Documents, docs...),
		subjectOf(loader.DocumentStats, docs...),
		subjectOf(loader.Revisions, revisions...),
		subjectOf(loader.RevisionPages, pages(docs)...),
		subjectOf(loader.Comments, comments...),
		subjectOf(loader.CommentPages, pages(docs)...),
		subjectOf(loader.ReplyPages, pages(comments)...),
		subjectOf(loader.ReplyTotals, comments...),
		subjectOf(loader.Thread, pages(docs)...),
		subjectOf(loader.Liked, marks(users, docs)...),
		subjectOf(loader.Favorited, marks(users, docs)...),
		subjectOf(loader.Likes, users...),
		subjectOf(loader.Favorites, users...),
		subjectOf(loader.Files, ids("report", "nothing")...),
		subjectOf(loader.FilePages, pages(users)...),
		subjectOf(loader.FileTotals, users...),
		subjectOf(loader.FileDocuments, ids("report", "nothing")...),
		subjectOf(loader.Editors, ids("editing", "nothing")...),
		subjectOf(loader.EditorPages, pages(users)...),
		subjectOf(loader.EditorTotals, users...),
		subjectOf(loader.AuditEntries, auditEntry, apptest.ID("nothing")),
	}, textSubjects(), squareSubjects(users))
}

// textSubjects returns the loaders of texts.
func textSubjects() []subject {
	texts := []cache.RevisionKey{{Document: apptest.ID("doc01"), Number: 1}, {Document: apptest.ID("secret"), Number: 1}, {Document: apptest.ID("doc01"), Number: 2}}
	var sources []cache.RenderingKey
	var snippets []cache.SnippetKey
	for _, k := range texts {
		sources = append(sources, cache.RenderingKey{Text: k, Format: entdocument.FormatMD})
		snippets = append(snippets, cache.SnippetKey{Text: k, Format: entdocument.FormatMD, Query: "text"}, cache.SnippetKey{Text: k, Format: entdocument.FormatMD, Query: "nowhere"})
	}
	return []subject{
		subjectOf(loader.Texts, texts...),
		subjectOf(loader.HTML, sources...),
		subjectOf(loader.Snippets, snippets...),
	}
}

// squareSubjects returns the loaders of lists that belong to the site or to users.
func squareSubjects(users []uuid.UUID) []subject {
	filters := []cache.SquareFilter{{}, {Format: entdocument.FormatMD}, {Category: "缓存"}, {Tag: "graph"}, {Author: apptest.ID("ann")}, {Tag: "none"}}
	var squares []cache.SquareKey
	var searches []cache.SearchKey
	for _, f := range filters {
		for _, order := range []cache.SquareOrder{{Field: cache.OrderCreated}, {Field: cache.OrderPopularity, Ascending: true}} {
			for _, args := range []page.Args{{Size: 5}, {Size: 3, Backward: true}} {
				squares = append(squares, cache.SquareKey{Filter: f, Order: order, Args: args, Count: args.Head()})
			}
		}
		searches = append(searches, square.Asked("文档", f), square.Asked("text -nothing", f), square.Asked("", f))
	}
	var totals []cache.UserListCount
	var lists []cache.UserListKey
	for _, list := range []cache.UserList{cache.PublicDocuments, cache.OwnDocuments, cache.Drafts, cache.Likes, cache.Favorites} {
		for _, u := range users {
			totals = append(totals, cache.UserListCount{List: list, User: u})
			lists = append(lists, cache.UserListKey{UserListCount: totals[len(totals)-1], Args: page.Args{Size: 4}})
		}
	}
	return []subject{
		subjectOf(loader.SquarePages, squares...),
		subjectOf(loader.SquareTotals, filters...),
		subjectOf(loader.Trending, cache.TrendingKey{Window: rank.Day, First: 5}, cache.TrendingKey{Window: rank.Month, First: 30}),
		subjectOf(loader.Categories, cache.Single{}),
		subjectOf(loader.Formats, cache.Single{}),
		subjectOf(loader.Site, cache.Single{}),
		subjectOf(loader.Searches, searches...),
		subjectOf(loader.Suggestions, cache.SuggestionKey{Prefix: "gr", First: 8}, cache.SuggestionKey{Prefix: " Gr", First: 8}, cache.SuggestionKey{Prefix: "zz", First: 8}),
		subjectOf(loader.UserLists, lists...),
		subjectOf(loader.UserTotals, totals...),
	}
}

// pages returns two pages of the list of each owner.
func pages(of []uuid.UUID) (lists []page.List) {
	for _, id := range of {
		lists = append(lists, page.List{Of: id, Args: page.Args{Size: 2}}, page.List{Of: id, Args: page.Args{Size: 3, Backward: true}})
	}
	return lists
}

// marks returns the marks of every user on every document.
func marks(users, docs []uuid.UUID) (keys []cache.MarkKey) {
	for _, u := range users {
		for _, d := range docs {
			keys = append(keys, cache.MarkKey{User: u, Document: d})
		}
	}
	return keys
}
