package viewer

import (
	"iter"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/file"
	"docsquare/ent/user"
	"docsquare/internal/errs"
)

// Rules decide what a viewer sees and changes. All that they ask about the viewer is which account it is.
type Rules struct {
	user     uuid.UUID // uuid.Nil: a guest
	audience *Audience // nil: the questions are not noted
}

// Rules returns the rules for the viewer.
func (v Viewer) Rules() Rules { return Rules{user: v.UserID} }

// Noted returns rules that note their questions in an audience.
func (r Rules) Noted(in *Audience) Rules { return Rules{r.user, in} }

// Is reports whether the viewer is this account.
func (r Rules) Is(user uuid.UUID) bool {
	is := r.user != uuid.Nil && r.user == user
	if r.audience != nil {
		r.audience.note(user, is)
	}
	return is
}

// Sees is the one rule of visibility: public documents are seen by everybody, unlisted ones by those who know their identifiers,
// and private ones by their authors. What lists, counts or ranks documents for others takes public ones only.
func (r Rules) Sees(d *ent.Document) bool {
	return d.Visibility != document.VisibilityPrivate || r.Is(d.AuthorID)
}

// SeesFile reports whether the viewer sees a file: an own one, a stored one that a document shows which the viewer sees, and an avatar.
func (r Rules) SeesFile(f *ent.File, showing iter.Seq[*ent.Document]) bool {
	if f.Status == file.StatusStored {
		if f.Avatar {
			return true
		}
		for d := range showing {
			if r.Sees(d) {
				return true
			}
		}
	}
	return r.Is(f.UserID)
}

// Administers reports whether the viewer is an administrator, by the viewer's own account; false for any other, and for nil.
func (r Rules) Administers(own *ent.User) bool {
	return own != nil && r.Is(own.ID) && own.Role == user.RoleAdmin
}

// Edits reports whether the viewer may change or delete the document.
func (r Rules) Edits(d *ent.Document) bool { return r.Is(d.AuthorID) }

// CheckSees returns NOT_FOUND for a document that the viewer does not see.
func (r Rules) CheckSees(d *ent.Document) error {
	if !r.Sees(d) {
		return errs.Missing("document")
	}
	return nil
}

// CheckEdits returns NOT_FOUND for a document that the viewer does not see, and FORBIDDEN for one that it may not change.
func (r Rules) CheckEdits(d *ent.Document) error {
	if err := r.CheckSees(d); err != nil {
		return err
	}
	if !r.Edits(d) {
		return errs.New(errs.Forbidden, "only its author may change this document")
	}
	return nil
}

// Deletes reports whether the viewer may delete a comment: its author may, and the author of its document.
func (r Rules) Deletes(c *ent.Comment, d *ent.Document) bool { return r.Is(c.AuthorID) || r.Edits(d) }
