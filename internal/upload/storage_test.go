package upload_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docsquare/ent/file"
	"docsquare/internal/errs"
	"docsquare/internal/services"
	"docsquare/internal/testkit"
	"docsquare/internal/upload"
)

// stored returns how many bytes the directory of an application has.
func stored(t *testing.T, site *services.Site) (size int64) {
	t.Helper()
	testkit.Must(t, filepath.WalkDir(strings.TrimPrefix(site.Config.FilesURL, "file://"), func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	}))
	return size
}

// TestStorage checks that the bytes in storage are those that the quota counts, at the end of each request: what was refused, what another
// file has too, what was broken off, given up or deleted takes no room and leaves no row.
func TestStorage(t *testing.T) {
	const size = 1 << 20
	program := append([]byte("\x7fELF\x02\x01\x01\x00"), bytes.Repeat([]byte{0x9c, 0x01, 0xfe, 0x77}, size/4-2)...)
	text := bytes.Repeat([]byte("01234567"), size/8)
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			site, s := opened(t, dialect)
			before, rows := stored(t, site), site.Store.DB.Garbage.Query().CountX(t.Context())
			check := func(what string, want int64) {
				t.Helper()
				got, left := stored(t, site)-before, site.Store.DB.Garbage.Query().CountX(t.Context())-rows
				if got != want || left != 0 {
					t.Errorf("%s: %d bytes are stored instead of %d, and %d rows of garbage are left", what, got, want, left)
				}
			}
			for range 20 {
				_, err := s.Send(t.Context(), bob, upload.Announcement{Name: "a.bin", Size: size}, bytes.NewReader(program))
				if !errs.Is(err, errs.BadUserInput) {
					t.Fatal(err)
				}
			}
			check("programs", 0)
			_, err := s.Send(t.Context(), bob, upload.Announcement{Name: "a.txt", Size: size, SHA256: strings.Repeat("0", 64)}, bytes.NewReader(text))
			if !errs.Is(err, errs.BadUserInput) {
				t.Fatal(err)
			}
			check("another SHA-256", 0)
			first, err := s.Send(t.Context(), bob, upload.Announcement{Name: "a.txt", Size: size}, bytes.NewReader(text))
			testkit.Must(t, err)
			for range 5 {
				_, err = s.Send(t.Context(), bob, upload.Announcement{Name: "b.txt", Size: size}, bytes.NewReader(text))
				testkit.Must(t, err)
			}
			check("the same content", size)
			if _, err := s.Send(t.Context(), bob, upload.Announcement{Name: "c.txt", Size: size}, &broken{bytes.NewReader(text), size / 2}); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatal(err)
			}
			check("broken off", size)

			left, err := s.Start(t.Context(), bob, upload.Announcement{Name: "d.txt", Size: size})
			testkit.Must(t, err)
			_, err = s.Append(t.Context(), left, 0, bytes.NewReader(text[1:]))
			testkit.Must(t, err)
			check("on its way", 2*size-1)
			if _, err := s.Append(t.Context(), left, 0, bytes.NewReader(text)); !errs.Is(err, errs.Conflict) { // as through another instance
				t.Fatal(err)
			}
			check("a conflict", 2*size-1)
			gone, cancel := context.WithCancel(t.Context())
			if _, err := s.Append(gone, left, size-1, leaving{cancel}); err == nil {
				t.Fatal("a client that has left is answered")
			}
			check("a client that has left", 2*size-1)
			site.Store.DB.File.Update().Where(file.ID(left.ID)).SetUpdatedAt(time.Now().UTC().Add(-2 * time.Hour)).ExecX(t.Context())
			testkit.Must(t, s.Tidy(t.Context()))
			check("given up", size)

			for _, f := range site.Store.DB.File.Query().Where(file.UserID(bob.UserID), file.IDNEQ(first.ID), file.StatusEQ(file.StatusStored), file.Sha256(*site.Store.DB.File.GetX(t.Context(), first.ID).Sha256)).AllX(t.Context()) {
				testkit.Must(t, s.Delete(t.Context(), bob, f.ID))
			}
			check("deleted, but for one", size)
			testkit.Must(t, s.Delete(t.Context(), bob, first.ID))
			check("deleted", 0)
		})
	}
}

// leaving gives a byte, and then its client has left.
type leaving struct{ leave context.CancelFunc }

func (l leaving) Read(p []byte) (int, error) {
	l.leave()
	p[0] = 'x'
	return 1, io.EOF
}
