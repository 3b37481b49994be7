package viewer

import (
	"iter"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/user"
)

// Sees is the one rule of visibility: an author sees the own documents, everybody sees public ones, and unlisted ones are
// seen by whoever knows their identifier. What lists, counts or ranks documents for others takes public ones only.
func (v Viewer) Sees(d *ent.Document) bool {
	return v.Is(d.AuthorID) || d.Visibility != document.VisibilityPrivate
}

// SeesFile says whether the viewer sees a file: an own one, or one that a document is made of which the viewer sees.
func (v Viewer) SeesFile(f *ent.File, made iter.Seq[*ent.Document]) bool {
	if v.Is(f.UserID) {
		return true
	}
	for d := range made {
		if v.Sees(d) {
			return true
		}
	}
	return false
}

// Administers says whether the viewer is an administrator, by the viewer's own account; false for any other, and for nil.
func (v Viewer) Administers(own *ent.User) bool {
	return own != nil && v.Is(own.ID) && own.Role == user.RoleAdmin
}

// Edits says whether the viewer may change or delete the document.
func (v Viewer) Edits(d *ent.Document) bool { return v.Is(d.AuthorID) }

// Deletes says whether the viewer may delete a comment: its author may, and the author of its document.
func (v Viewer) Deletes(c *ent.Comment, d *ent.Document) bool { return v.Is(c.AuthorID) || v.Edits(d) }
