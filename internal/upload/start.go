package upload

import (
	"context"
	"database/sql"
	"mime"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/file"
	"docsquare/ent/user"
	"docsquare/internal/errs"
	"docsquare/internal/idempotency"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

// Announcement is a file to come, as its sender describes it.
type Announcement struct {
	Name        string
	Size        int64
	ContentType string // empty: not said
	SHA256      string // in hexadecimal; empty: not said
	Key         *idempotency.Key
}

const (
	maxName     = 255 // characters
	maxType     = 128 // bytes
	maxUploads  = 100 // files of an account on their way at one time
	unknownType = "application/octet-stream"
)

var checksum = regexp.MustCompile(`^[0-9a-f]{64}$`)

func missing() error { return errs.Missing("file") }

// Start makes room for a file. It returns UNAUTHENTICATED for a guest, and BAD_USER_INPUT for a bad name or checksum, or for
// a size that the server or the viewer's quota has no room for.
func (s *Service) Start(ctx context.Context, v viewer.Viewer, a Announcement) (*ent.File, error) {
	owner, err := v.SignedIn()
	if err != nil {
		return nil, err
	}
	if a, err = s.check(a); err != nil {
		return nil, err
	}
	var f *ent.File
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if err := s.reserve(ctx, tx, owner, a.Size); err != nil {
			return err
		}
		create := tx.File.Create().SetUserID(owner).SetName(a.Name).SetSize(a.Size).SetContentType(a.ContentType)
		if a.SHA256 != "" {
			create.SetSha256(a.SHA256)
		}
		if f, err = create.Save(ctx); err != nil {
			return err
		}
		tx.Invalidate(f)
		return a.Key.Keep(ctx, tx, f.ID)
	})
	return f, err
}

func (s *Service) check(a Announcement) (Announcement, error) {
	a.Name = baseName(a.Name)
	a.SHA256 = strings.ToLower(strings.TrimSpace(a.SHA256))
	switch {
	case a.Name == "" || utf8.RuneCountInString(a.Name) > maxName:
		return a, errs.BadInput("name", "a file needs a name of 1 to %d characters", maxName)
	case a.Size == 0:
		return a, errs.BadInput("size", "the file is empty: send one with at least one byte")
	case a.Size < 0:
		return a, errs.BadInput("size", "a file has at least one byte: say its size in bytes")
	case a.Size > s.limits.File:
		return a, errs.BadInput("size", "a file may have up to %d bytes, but this has %d", s.limits.File, a.Size)
	case a.SHA256 != "" && !checksum.MatchString(a.SHA256):
		return a, errs.BadInput("sha256", "a SHA-256 is 64 hexadecimal digits")
	}
	a.ContentType = mediaType(a.ContentType)
	if meant, ok := aliases[a.ContentType]; ok {
		a.ContentType = meant
	}
	return a, nil
}

// mediaType is a media type without its parameters, and the general type for an invalid one.
func mediaType(text string) string {
	t, _, err := mime.ParseMediaType(text)
	if err != nil || !strings.Contains(t, "/") || len(t) > maxType {
		return unknownType
	}
	return t
}

// baseName is the last part of a path of any system, without what a name must not hold: control characters, and those
// that turn the direction of writing, which make an executable look like a picture.
func baseName(name string) string {
	name = strings.ToValidUTF8(name, "")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	if name = strings.TrimSpace(name); strings.Trim(name, ".") == "" {
		return ""
	}
	return name
}

// reserve returns an error if the account has no room for size more bytes. It locks the account, so that two uploads do not
// both take the last of it.
func (s *Service) reserve(ctx context.Context, tx *store.Tx, owner uuid.UUID, size int64) error {
	q := store.ForUpdate(tx, tx.User.Query().Where(user.ID(owner)))
	if _, err := q.Only(ctx); err != nil {
		return err
	}
	var taken []struct {
		Status file.Status
		Count  int
		Sum    sql.NullInt64
	}
	// With StatusIn, SQLite would read all files of these statuses: that is the order of the groups.
	err := tx.File.Query().Where(file.UserID(owner), file.StatusNEQ(file.StatusFailed)).
		GroupBy(file.FieldStatus).Aggregate(ent.Count(), ent.Sum(file.FieldSize)).Scan(ctx, &taken)
	if err != nil {
		return err
	}
	var sum int64
	for _, t := range taken {
		sum += t.Sum.Int64
		if t.Status == file.StatusUploading && t.Count >= maxUploads {
			return errs.BadInput("size", "%d files are on their way already: let them arrive, or delete some", t.Count)
		}
	}
	if sum+size > s.limits.Quota {
		return errs.BadInput("size", "of your %d bytes %d are left, but the file has %d: delete files that you do not need", s.limits.Quota, max(s.limits.Quota-sum, 0), size)
	}
	return nil
}
