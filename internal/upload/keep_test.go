package upload_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"docsquare/ent/file"
	"docsquare/internal/errs"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// TestKeep stores a content once for each account and name, and leaves nothing behind of what is refused.
func TestKeep(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		app := servicetest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{})
		before := app.Store.DB.File.Query().CountX(t.Context())
		keep := func(user, name, text string) (string, bool, error) {
			sum := sha256.Sum256([]byte(text))
			f, isNew, err := app.Uploads.Keep(t.Context(), viewer.Viewer{UserID: servicetest.ID(user)}, upload.Announcement{Name: name, Size: int64(len(text)), SHA256: hex.EncodeToString(sum[:])}, strings.NewReader(text))
			if err != nil {
				return "", false, err
			}
			if f.Status != file.StatusStored || f.BlobID == nil {
				t.Errorf("%+v", f)
			}
			return f.ID.String(), isNew, nil
		}
		large := strings.Repeat("x", int(servicetest.UploadLimits.Small)+1)
		ids := map[string]bool{}
		for _, c := range []struct {
			user, name, text string
			isNew            bool
		}{
			{"ann", "a.txt", "text", true},
			{"ann", "a.txt", "text", false},
			{"bob", "a.txt", "text", true},
			{"ann", "b.txt", "text", true},
			{"ann", "a.txt", "other", true},
			{"ann", "图.txt", large, true},
			{"ann", "图.txt", large, false},
		} {
			id, isNew, err := keep(c.user, c.name, c.text)
			if err != nil || isNew != c.isNew || ids[id] == isNew {
				t.Errorf("%s of %s: %v, %v", c.name, c.user, isNew, err)
			}
			ids[id] = true
		}
		for name, text := range map[string]string{"a.svg": "<svg></svg>", "empty.txt": "", "a.html": "<!doctype html><p>x"} {
			if _, _, err := keep("ann", name, text); errs.As(err) == nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, _, err := app.Uploads.Keep(t.Context(), viewer.Viewer{UserID: servicetest.ID("ann")}, upload.Announcement{Name: "short.txt", Size: 10, SHA256: strings.Repeat("0", 64)}, strings.NewReader("short"))
		if errs.As(err) == nil {
			t.Errorf("a short file: %v", err)
		}
		if n := app.Store.DB.File.Query().CountX(t.Context()); n != before+len(ids) {
			t.Errorf("%d files, want %d", n, before+len(ids))
		}
	}
}
