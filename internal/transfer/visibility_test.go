package transfer_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/internal/account"
	"docsquare/internal/document"
	"docsquare/internal/errs"
	"docsquare/internal/testkit"
	"docsquare/internal/text/fileurl"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// TestWhoSeesPictures follows files through everything that makes them visible and invisible.
func TestWhoSeesPictures(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			s := opened(t, dialect)
			for name, body := range map[string]func(address string) string{
				"a picture":         func(a string) string { return "![图](" + a + ")" },
				"a link":            func(a string) string { return "[PDF](" + a + " \"title\")" },
				"a reference":       func(a string) string { return "![x][1]\n\n[1]: " + a },
				"raw HTML":          func(a string) string { return "<p><img src='" + a + "'></p>" },
				"with a host":       func(a string) string { return "![](https://docs.example.org" + a + ")" },
				"a narrow one":      func(a string) string { return "字![](" + a + "/w320)字" },
				"bare address":      func(a string) string { return "看 https://docs.example.org" + a + " 。" },
				"in a table":        func(a string) string { return "| a |\n|-|\n| ![](" + a + ") |" },
				"a list in a quote": func(a string) string { return "> - ![](" + a + ")" },
			} {
				f := s.picture("bob", byte(len(name)))
				s.shown(name+" before", f, false)
				d := s.write("bob", body(fileurl.Of(f.ID).String()), nil)
				s.shown(name, f, true)
				testkit.Must(t, s.site.Documents.Delete(t.Context(), who("bob"), d.ID))
				s.shown(name+" of a deleted document", f, false)
			}
			for name, body := range map[string]func(address string) string{
				"code":           func(a string) string { return "`![](" + a + ")`" },
				"a block":        func(a string) string { return "    ![](" + a + ")" },
				"a comment":      func(a string) string { return "<!-- ![](" + a + ") -->" },
				"a script":       func(a string) string { return "<script src='" + a + "'></script>" },
				"text":           func(a string) string { return a },
				"of another one": func(a string) string { return "![](" + a[:len(a)-2] + "AA)" },
			} {
				f := s.picture("bob", byte(100+len(name)))
				s.write("bob", body(fileurl.Of(f.ID).String()), nil)
				s.shown(name, f, false)
			}
			plain := s.picture("bob", 200)
			s.write("bob", "![]("+fileurl.Of(plain.ID).String()+")", func(d *document.Draft) { d.Format = entdocument.FormatTXT })
			s.shown("plain text", plain, false)
			foreign := s.picture("bob", 201)
			s.write("ann", "![]("+fileurl.Of(foreign.ID).String()+")", nil)
			s.shown("the file of another account", foreign, false)
		})
	}
}

// TestVisibilityOfFilesChanges takes one file through the life of a document.
func TestVisibilityOfFilesChanges(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			s := opened(t, dialect)
			ctx, bob := t.Context(), who("bob")
			f := s.picture("bob", 1)
			text := "![](" + fileurl.Of(f.ID).String() + ")"
			d := s.write("bob", text, func(d *document.Draft) { d.Visibility = entdocument.VisibilityPrivate })
			s.shown("private", f, false)
			update := func(what string, want bool, change document.Change) {
				t.Helper()
				change.ExpectedRevision = d.Revision
				var err error
				d, err = s.site.Documents.Update(ctx, bob, d.ID, change)
				testkit.Must(t, err)
				s.shown(what, f, want)
			}
			visibility := func(v entdocument.Visibility) document.Change { return document.Change{Visibility: &v} }
			without, again := "nothing", text
			update("unlisted", true, visibility(entdocument.VisibilityUnlisted))
			update("public", true, visibility(entdocument.VisibilityPublic))
			update("private again", false, visibility(entdocument.VisibilityPrivate))
			update("unlisted again", true, visibility(entdocument.VisibilityUnlisted))
			update("without it", false, document.Change{Body: &without})
			update("an earlier revision", true, document.Change{Body: &again})
			none, cover := (*uuid.UUID)(nil), &f.ID
			update("the cover", true, document.Change{Body: &without, Cover: &cover})
			update("no cover", false, document.Change{Cover: &none})
			update("attached", true, document.Change{Attachments: []uuid.UUID{f.ID, f.ID}})
			other := s.write("bob", text, nil)
			update("not attached, but shown elsewhere", true, document.Change{Attachments: []uuid.UUID{}})
			_, err := s.site.Documents.Unpublish(ctx, bob, other.ID)
			testkit.Must(t, err)
			s.shown("nowhere", f, false)
			_, err = s.site.Documents.Publish(ctx, bob, other.ID)
			testkit.Must(t, err)
			s.shown("published", f, true)
			avatar := &f.ID
			testkit.Must(t, s.site.Documents.Delete(ctx, bob, other.ID))
			testkit.Must(t, s.site.Accounts.UpdateProfile(ctx, bob, account.Profile{Avatar: &avatar}))
			s.shown("the avatar", f, true)
			testkit.Must(t, s.site.Accounts.UpdateProfile(ctx, bob, account.Profile{Avatar: &none}))
			s.shown("no avatar", f, false)
			testkit.Must(t, s.site.Accounts.UpdateProfile(ctx, bob, account.Profile{Avatar: &avatar}))
			s.write("bob", text, nil)
			testkit.Must(t, s.site.Uploads.Delete(ctx, bob, f.ID))
			s.shown("deleted", f, false)
		})
	}
}

// TestFilesOfDeletedAccounts shows nothing of an account from its deletion on.
func TestFilesOfDeletedAccounts(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			s := opened(t, dialect)
			in, err := s.site.Accounts.Register(t.Context(), account.Registration{Username: "dan", Email: "dan@example.org", Password: "correct horse"}, viewer.Viewer{})
			testkit.Must(t, err)
			dan := viewer.Viewer{UserID: in.User.ID}
			var files []*ent.File
			for seed := range byte(2) {
				content := asPNG(t, noise(20, 10, seed))
				f, err := s.site.Uploads.Send(t.Context(), dan, upload.Announcement{Name: "a.png", Size: int64(len(content))}, strings.NewReader(content))
				testkit.Must(t, err)
				files = append(files, f)
			}
			avatar := &files[0].ID
			testkit.Must(t, s.site.Accounts.UpdateProfile(t.Context(), dan, account.Profile{Avatar: &avatar}))
			_, err = s.site.Documents.Create(t.Context(), dan, document.Draft{Title: "t", Format: entdocument.FormatMD, Visibility: entdocument.VisibilityUnlisted, Cover: &files[1].ID})
			testkit.Must(t, err)
			s.shown("the avatar", files[0], true)
			s.shown("the cover", files[1], true)
			_, err = s.site.Accounts.Delete(t.Context(), dan, account.Confirmation{Password: "correct horse"})
			testkit.Must(t, err)
			s.shown("the avatar of a deleted account", files[0], false)
			s.shown("the cover of a deleted account", files[1], false)
		})
	}
}

// TestNamedFiles refuses covers, attachments and avatars that are not the account's, not stored or no pictures.
func TestNamedFiles(t *testing.T) {
	s := opened(t, "sqlite")
	foreign, text := s.picture("ann", 1), s.send("bob", "a.md", "# a")
	coming, err := s.site.Uploads.Start(t.Context(), who("bob"), upload.Announcement{Name: "a.png", Size: 5})
	testkit.Must(t, err)
	nowhere := uuid.New()
	for name, c := range map[string]struct {
		draft document.Draft
		code  errs.Code
		field string
	}{
		"cover of another":       {document.Draft{Cover: &foreign.ID}, errs.NotFound, "coverId"},
		"cover that is text":     {document.Draft{Cover: &text.ID}, errs.BadUserInput, "coverId"},
		"cover to come":          {document.Draft{Cover: &coming.ID}, errs.NotFound, "coverId"},
		"no such cover":          {document.Draft{Cover: &nowhere}, errs.NotFound, "coverId"},
		"attachment of another":  {document.Draft{Attachments: []uuid.UUID{text.ID, foreign.ID}}, errs.NotFound, "attachmentIds"},
		"too many attachments":   {document.Draft{Attachments: many(51)}, errs.BadUserInput, "attachmentIds"},
		"too many files in text": {document.Draft{Body: links(201)}, errs.BadUserInput, "body"},
	} {
		c.draft.Title, c.draft.Format, c.draft.Visibility = "t", entdocument.FormatMD, entdocument.VisibilityPublic
		_, err := s.site.Documents.Create(t.Context(), who("bob"), c.draft)
		if e := errs.As(err); e == nil || e.Code != c.code || e.Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, id := range map[string]*uuid.UUID{"of another": &foreign.ID, "text": &text.ID, "to come": &coming.ID} {
		if err := s.site.Accounts.UpdateProfile(t.Context(), who("bob"), account.Profile{Avatar: &id}); errs.As(err) == nil || errs.As(err).Field != "avatarId" {
			t.Errorf("an avatar %s: %v", name, err)
		}
	}
}

func many(n int) []uuid.UUID {
	ids := make([]uuid.UUID, n)
	for i := range ids {
		ids[i] = uuid.New()
	}
	return ids
}

func links(n int) string {
	var text strings.Builder
	for _, id := range many(n) {
		text.WriteString("![](" + fileurl.Of(id).String() + ")\n")
	}
	return text.String()
}
