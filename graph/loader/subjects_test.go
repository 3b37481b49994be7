package loader_test

import (
	"slices"

	"github.com/google/uuid"

	entdocument "docsquare/ent/document"
	"docsquare/graph/loader"
	"docsquare/internal/counters/rank"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/square"
	"docsquare/internal/testkit/servicetest"
)

// subjects returns every loader with keys that have a value and, where there can be such, keys that have none.
func subjects(auditEntry uuid.UUID) []subject {
	users, docs, comments := ids("ann", "bob", "cy", "absent"), append(documents(25), ids("secret", "linked", "nothing")...), ids("doc01/c1", "doc01/c2", "doc01/c1/r1", "secret/c1", "nothing")
	revisions := ids("revision doc01", "revision secret", "nothing")
	return slices.Concat([]subject{
		subjectOf(loader.Users, users...),
		subjectOf(loader.UserStats, users...),
		subjectOf(loader.Usernames, "ann", "bob", "Ann", "absent", ""),
		subjectOf(loader.UserPages, kinds.UsersPage{Begin: "a", Args: page.Args{Size: 1}}, kinds.UsersPage{Begin: "the ", Args: page.Args{Size: 2}}, kinds.UsersPage{Args: page.Args{Size: 2}}),
		subjectOf(loader.Sessions, users...),
		subjectOf(loader.Documents, docs...),
		subjectOf(loader.DocumentStats, docs...),
		subjectOf(loader.Revisions, revisions...),
		subjectOf(loader.Diffs, kinds.DiffKey{Document: docs[0], From: 1, To: 1}, kinds.DiffKey{Document: docs[0], From: 1, To: 9}),
		subjectOf(loader.Previews, kinds.PreviewKey{Session: servicetest.ID("editing")}, kinds.PreviewKey{Session: servicetest.ID("nothing")}),
		subjectOf(loader.RevisionPages, pages(docs)...),
		subjectOf(loader.Comments, comments...),
		subjectOf(loader.CommentHTML, comments...),
		subjectOf(loader.CommentPages, commentPages(docs)...),
		subjectOf(loader.ReplyPages, pages(comments)...),
		subjectOf(loader.ReplyTotals, comments...),
		subjectOf(loader.Thread, pages(docs)...),
		subjectOf(loader.Edits, pages(docs)...),
		subjectOf(loader.Deletions, pages(docs)...),
		subjectOf(loader.Liked, marks(users, docs)...),
		subjectOf(loader.Favorited, marks(users, docs)...),
		subjectOf(loader.Likes, users...),
		subjectOf(loader.Favorites, users...),
		subjectOf(loader.CommentLikes, users...),
		subjectOf(loader.CommentLiked, marks(users, comments)...),
		subjectOf(loader.Files, ids("report", "nothing")...),
		subjectOf(loader.FilePages, pages(users)...),
		subjectOf(loader.FileTotals, users...),
		subjectOf(loader.FileDocuments, ids("report", "nothing")...),
		subjectOf(loader.Editors, ids("editing", "nothing")...),
		subjectOf(loader.EditorPages, pages(users)...),
		subjectOf(loader.EditorTotals, users...),
		subjectOf(loader.AuditEntries, auditEntry, servicetest.ID("nothing")),
	}, textSubjects(), squareSubjects(users))
}

// textSubjects returns the loaders of texts.
func textSubjects() []subject {
	texts := []kinds.RevisionKey{{Document: servicetest.ID("doc01"), Number: 1}, {Document: servicetest.ID("secret"), Number: 1}, {Document: servicetest.ID("doc01"), Number: 2}}
	var sources []kinds.RenderingKey
	var snippets []kinds.SnippetKey
	for _, k := range texts {
		sources = append(sources, kinds.RenderingKey{Text: k, Format: entdocument.FormatMD})
		snippets = append(snippets, kinds.SnippetKey{Text: k, Format: entdocument.FormatMD, Query: "text"}, kinds.SnippetKey{Text: k, Format: entdocument.FormatMD, Query: "nowhere"})
	}
	return []subject{
		subjectOf(loader.Texts, texts...),
		subjectOf(loader.HTML, sources...),
		subjectOf(loader.Snippets, snippets...),
	}
}

// squareSubjects returns the loaders of lists that belong to the site or to users.
func squareSubjects(users []uuid.UUID) []subject {
	filters := []kinds.SquareFilter{{}, {Format: entdocument.FormatMD}, {Category: "缓存"}, {Tag: "graph"}, {Author: servicetest.ID("ann")}, {Tag: "none"}, {Published: kinds.Days{From: kinds.DayOf(servicetest.Base), To: kinds.DayOf(servicetest.Base)}}}
	var squares []kinds.SquareKey
	var searches []kinds.SearchKey
	for _, f := range filters {
		for _, order := range []kinds.SquareOrder{{Field: kinds.OrderCreated}, {Field: kinds.OrderPopularity, Ascending: true}} {
			for _, args := range []page.Args{{Size: 5}, {Size: 3, Backward: true}} {
				squares = append(squares, kinds.SquareKey{Filter: f, Order: order, Args: args, Count: args.Head()})
			}
		}
		searches = append(searches, square.Asked("文档", f), square.Asked("text -nothing", f), square.Asked("", f))
	}
	var totals []kinds.UserListCount
	var lists []kinds.UserListKey
	for _, list := range []kinds.UserList{kinds.PublicDocuments, kinds.OwnDocuments, kinds.Drafts, kinds.Likes, kinds.Favorites} {
		for _, u := range users {
			totals = append(totals, kinds.UserListCount{List: list, User: u})
			lists = append(lists, kinds.UserListKey{UserListCount: totals[len(totals)-1], Args: page.Args{Size: 4}})
		}
	}
	return []subject{
		subjectOf(loader.SquarePages, squares...),
		subjectOf(loader.SquareTotals, filters...),
		subjectOf(loader.Trending, kinds.TrendingKey{Window: rank.Day, First: 5}, kinds.TrendingKey{Window: rank.Month, First: 30}),
		subjectOf(loader.TrendingPages, kinds.TrendingPage{Window: rank.Day, Args: page.Args{Size: 5}}, kinds.TrendingPage{Window: rank.Week, Args: page.Args{Size: 3}}),
		subjectOf(loader.Related, append(documents(3), ids("secret", "nothing")...)...),
		subjectOf(loader.Tags, kinds.TagsKey{First: 5}, kinds.TagsKey{Prefix: "gr", First: 1}, kinds.TagsKey{Prefix: "zz", First: 1}),
		subjectOf(loader.Categories, kinds.Single{}),
		subjectOf(loader.Formats, kinds.Single{}),
		subjectOf(loader.Site, kinds.Single{}),
		subjectOf(loader.Searches, searches...),
		subjectOf(loader.Suggestions, kinds.SuggestionKey{Prefix: "gr", First: 8}, kinds.SuggestionKey{Prefix: " Gr", First: 8}, kinds.SuggestionKey{Prefix: "zz", First: 8}),
		subjectOf(loader.Corrections, "txet", "documnet zzzzz", "text", ""),
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

// commentPages returns pages of the comments on each document in all orders.
func commentPages(docs []uuid.UUID) (keys []kinds.CommentsKey) {
	for _, l := range pages(docs) {
		for _, ascending := range []bool{true, false} {
			for _, field := range []string{kinds.OrderCreated, kinds.OrderLikes} {
				keys = append(keys, kinds.CommentsKey{List: l, Order: kinds.CommentOrder{Field: field, Ascending: ascending}})
			}
		}
	}
	return keys
}

// marks returns the marks of every user on every document.
func marks(users, docs []uuid.UUID) (keys []kinds.MarkKey) {
	for _, u := range users {
		for _, d := range docs {
			keys = append(keys, kinds.MarkKey{User: u, Subject: d})
		}
	}
	return keys
}
