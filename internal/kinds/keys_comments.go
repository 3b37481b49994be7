package kinds

import (
	"docsquare/internal/cache"
	"docsquare/internal/page"
)

// OrderLikes is the order of comments by likes. It is the name of a column, too.
const OrderLikes = "likes"

// CommentsKey identifies one page of the comments on a document.
type CommentsKey struct {
	page.List
	Order CommentOrder
}

func (k CommentsKey) tags() []cache.Tag {
	if k.Order.Field == OrderLikes {
		return []cache.Tag{CommentsOfTag(k.Of), CommentRankingTag(k.Of)}
	}
	return []cache.Tag{CommentsOfTag(k.Of)}
}

// CommentOrder is an order of comments.
type CommentOrder struct {
	Field     string // OrderCreated or OrderLikes
	Ascending bool
}
