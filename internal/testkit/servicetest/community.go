package servicetest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/ent/file"
	"docsquare/ent/user"
	"docsquare/internal/counters"
	"docsquare/internal/counters/textusage"
	"docsquare/internal/nodeid"
	"docsquare/internal/search"
	"docsquare/internal/services"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// Password is the password of everybody in the community.
const Password = "correct horse"

// Base is the moment at which the community begins; everything in it happened in the minutes after.
var Base = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// ID is the identifier of something in the community, by its name.
func ID(name string) uuid.UUID {
	sum := sha256.Sum256([]byte(name))
	id := uuid.UUID(sum[:16])
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}

// Names is everything in the community that has a global identifier, by name.
func Names() map[string]nodeid.ID {
	names := map[string]nodeid.ID{}
	add := func(t nodeid.Type, name string) { names[name] = nodeid.ID{Type: t, UUID: ID(name)} }
	for _, u := range users {
		add(nodeid.User, u)
	}
	for _, d := range append(publicDocuments(), "secret", "linked") {
		add(nodeid.Document, d)
		add(nodeid.Revision, "revision "+d)
		for i := 1; i <= 5; i++ {
			add(nodeid.Comment, fmt.Sprintf("%s/c%d", d, i))
		}
	}
	add(nodeid.Comment, "doc01/c1/r1")
	add(nodeid.Comment, "doc01/c1/r2")
	add(nodeid.File, "report")
	add(nodeid.EditorSession, "editing")
	return names
}

var users = []string{"ann", "bob", "cy"}

func publicDocuments() []string {
	names := make([]string, PublicDocuments)
	for i := range names {
		names[i] = fmt.Sprintf("doc%02d", i+1)
	}
	return names
}

// community writes the rows.
type community struct{ index search.Index }

// PublicDocuments is how many documents of the community are public: "doc01" to "doc25".
const PublicDocuments = 25

// Community returns the URL of a database that only the test uses, with ann, bob and cy; 25 public documents by ann and bob in turn, in
// English and in Chinese; "secret", private, and "linked", unlisted, both by ann; comments, likes and favorites; "report", a file of ann's,
// and "editing", her editor session on doc01.
func Community(tb testing.TB, dialect string) string {
	tb.Helper()
	return communities.Copy(tb, dialect)
}

var communities = testkit.NewTemplate(func(tb testing.TB, databaseURL string) {
	tb.Helper()
	site, err := services.Open(tb.Context(), Config(tb, databaseURL, Tiers{}), services.Options{Log: slog.New(slog.DiscardHandler)})
	testkit.Must(tb, err)
	ctx := PastServices(tb.Context())
	testkit.Must(tb, site.Store.Write(ctx, func(tx *store.Tx) error { return community{search.New(site.Store)}.fill(ctx, tx) }))
	testkit.Must(tb, textusage.Rebuild(ctx, site.Store, func(int, int) {}))
	testkit.Must(tb, site.Close())
})

func (c community) fill(ctx context.Context, tx *store.Tx) error {
	hash, err := argon2id.CreateHash(Password, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		return err
	}
	for i, name := range users {
		if err := c.user(ctx, tx, name, hash, Base.Add(time.Duration(i)*time.Minute)); err != nil {
			return err
		}
	}
	for i, name := range publicDocuments() {
		if err := c.document(ctx, tx, name, i+1, entdocument.VisibilityPublic); err != nil {
			return err
		}
	}
	if err := c.document(ctx, tx, "secret", 101, entdocument.VisibilityPrivate); err != nil {
		return err
	}
	if err := c.document(ctx, tx, "linked", 103, entdocument.VisibilityUnlisted); err != nil {
		return err
	}
	if err := c.interact(ctx, tx); err != nil {
		return err
	}
	if err := c.write(ctx, tx); err != nil {
		return err
	}
	if err := counters.Recount(ctx, tx); err != nil {
		return err
	}
	return counters.RecountUsers(ctx, tx)
}

func (community) user(ctx context.Context, tx *store.Tx, name, hash string, at time.Time) error {
	id := ID(name)
	role := user.RoleUser
	if name == "cy" {
		role = user.RoleAdmin
	}
	u, err := tx.User.Create().SetID(id).SetUsername(name).SetEmail(name + "@example.org").SetDisplayName("The " + name).SetFolded("the " + name).
		SetRole(role).SetCreatedAt(at).SetUpdatedAt(at).Save(ctx)
	if err != nil {
		return err
	}
	if err := tx.Credential.Create().SetUserID(id).SetPasswordHash(hash).Exec(ctx); err != nil {
		return err
	}
	tx.Invalidate(u)
	tx.Count(counters.SiteUsers, 1)
	return tx.UserStats.Create().SetUserID(id).Exec(ctx)
}

func (c community) document(ctx context.Context, tx *store.Tx, name string, n int, v entdocument.Visibility) error {
	id, at := ID(name), Base.Add(time.Duration(n)*time.Hour)
	author, title, category, tags := "ann", fmt.Sprintf("Document %d", n), "guides", []string{"graph"}
	if n%2 == 0 {
		author, title, category, tags = "bob", fmt.Sprintf("第 %d 篇文档", n), "缓存", []string{"缓存", "graph"}
	}
	if err := counters.Name(ctx, tx, &category); err != nil {
		return err
	}
	create := tx.Document.Create().SetID(id).SetAuthorID(ID(author)).SetTitle(title).SetSummary("About " + name).SetVisibility(v).
		SetCategory(category).SetTags(tags).SetCreatedAt(at).SetUpdatedAt(at)
	if v == entdocument.VisibilityPublic {
		create.SetPublishedAt(at)
	}
	d, err := create.Save(ctx)
	if err != nil {
		return err
	}
	body := "# " + title + "\n\nThe text of *" + name + "*. 正文。"
	err = tx.Revision.Create().SetID(ID("revision " + name)).SetDocumentID(id).SetNumber(1).SetTitle(title).SetSummary(d.Summary).
		SetBody(body).SetCreatedAt(at).Exec(ctx)
	if err != nil {
		return err
	}
	if err := counters.Begin(ctx, tx, d); err != nil || v != entdocument.VisibilityPublic {
		return err
	}
	if err := counters.Hold(ctx, tx, d); err != nil {
		return err
	}
	if err := counters.List(ctx, tx, d, 1); err != nil {
		return err
	}
	return search.Put(ctx, tx, d, c.index.Analyse(d, body))
}

// interact has everybody comment on every document that they may see, doc01 more than the others, and mark some.
func (c community) interact(ctx context.Context, tx *store.Tx) error {
	var comments []*ent.CommentCreate
	for i := 1; i <= PublicDocuments; i++ {
		name := fmt.Sprintf("doc%02d", i)
		for j := range 2 + 3*(i%2) {
			comments = append(comments, c.comment(tx, fmt.Sprintf("%s/c%d", name, j+1), name, users[j%3], nil, i*100+j))
		}
	}
	top := ID("doc01/c1")
	comments = append(comments, c.comment(tx, "doc01/c1/r1", "doc01", "cy", &top, 190), c.comment(tx, "doc01/c1/r2", "doc01", "bob", &top, 191),
		c.comment(tx, "secret/c1", "secret", "ann", nil, 5000))
	if err := tx.Comment.CreateBulk(comments...).Exec(ctx); err != nil {
		return err
	}
	for i := 1; i <= PublicDocuments; i++ {
		id, at := ID(fmt.Sprintf("doc%02d", i)), Base.Add(time.Duration(i)*time.Hour+time.Minute)
		if i%3 == 0 {
			if err := tx.Like.Create().SetUserID(ID("cy")).SetDocumentID(id).SetCreatedAt(at).Exec(ctx); err != nil {
				return err
			}
		}
		if i%5 == 0 {
			if err := tx.Favorite.Create().SetUserID(ID("cy")).SetDocumentID(id).SetCreatedAt(at).Exec(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// write has ann upload a file and begin a text. The content of the file is in no bucket: of a PDF a document needs the text
// alone.
func (community) write(ctx context.Context, tx *store.Tx) error {
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte("report")))
	b, err := tx.Blob.Create().SetSha256(sum).SetSize(6).SetKey("blobs/report").SetTitle("报告 Report").SetText("What was found in it. 找到的文字。").Save(ctx)
	if err != nil {
		return err
	}
	tx.Count(counters.SiteUploads, 1)
	err = tx.File.Create().SetID(ID("report")).SetCreatedAt(Base).SetUpdatedAt(Base).SetUserID(ID("ann")).SetName("报告 2026.pdf").SetSize(6).SetReceived(6).
		SetContentType("application/pdf").SetSha256(sum).SetStatus(file.StatusStored).SetBlobID(b.ID).Exec(ctx)
	if err != nil {
		return err
	}
	return tx.EditorSession.Create().SetID(ID("editing")).SetCreatedAt(Base).SetSavedAt(Base.AddDate(1, 0, 0)).SetUserID(ID("ann")).SetDocumentID(ID("doc01")).
		SetDocumentRevision(1).SetTitle("Document 1").SetContent("# 新的 text").SetRevision(3).Exec(ctx)
}

func (community) comment(tx *store.Tx, name, document, author string, parent *uuid.UUID, minute int) *ent.CommentCreate {
	id, at := ID(name), Base.AddDate(0, 0, 10).Add(time.Duration(minute)*time.Minute)
	return tx.Comment.Create().SetID(id).SetDocumentID(ID(document)).SetAuthorID(ID(author)).SetNillableParentID(parent).
		SetBody("Comment " + name).SetCreatedAt(at).SetUpdatedAt(at)
}
