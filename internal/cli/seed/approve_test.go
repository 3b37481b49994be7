package seed_test

import "testing"

// TestSeedApproves likes some comments, none before it was written or by its author, and most not at all.
func TestSeedApproves(t *testing.T) { both(t, approves) }

func approves(t *testing.T, dialect string) {
	t.Helper()
	s, _ := open(t, dialect)
	library(t, s, 5)
	run(t, s, small)
	without, comments := 0, s.DB.Comment.Query().WithCommentLikes().AllX(t.Context())
	for _, c := range comments {
		likes := c.Edges.CommentLikes
		if c.Likes != len(likes) {
			t.Errorf("a comment counts %d likes of %d", c.Likes, len(likes))
		}
		if len(likes) == 0 {
			without++
		}
		for _, l := range likes {
			if l.CreatedAt.Before(c.CreatedAt) || l.UserID == c.AuthorID || l.DocumentID != c.DocumentID {
				t.Errorf("%v likes %v", l, c)
			}
		}
	}
	if without <= len(comments)/2 || without == len(comments) {
		t.Errorf("%d of %d comments have no like", without, len(comments))
	}
}
