package upload_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"docsquare/ent"
	"docsquare/ent/file"
	"docsquare/internal/errs"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/upload"
)

// TestSameContent is kept once, however many send it at once, and goes with the last file that has it.
func TestSameContent(t *testing.T) {
	const senders = 8
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			site, s := opened(t, dialect)
			before := site.Store.DB.Blob.Query().CountX(t.Context())
			files := make([]*ent.File, senders)
			var all sync.WaitGroup
			for i := range files {
				all.Go(func() {
					var err error
					if files[i], err = s.Send(t.Context(), bob, upload.Announcement{Name: "a.txt", Size: 4}, strings.NewReader("same")); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if n := site.Store.DB.Blob.Query().CountX(t.Context()) - before; n != 1 {
				t.Fatalf("the content is kept %d times", n)
			}
			for i, f := range files {
				r, err := s.Open(t.Context(), f)
				testkit.Must(t, err)
				testkit.Must(t, r.Close())
				testkit.Must(t, s.Delete(t.Context(), bob, f.ID))
				if gone := site.Store.DB.Blob.Query().CountX(t.Context()) == before; gone != (i == senders-1) {
					t.Fatalf("after %d of %d files the content is gone: %v", i+1, senders, gone)
				}
			}
		})
	}
}

// TestGarbage sweeps up what nothing needs, and nothing else.
func TestGarbage(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			site, s := opened(t, dialect)
			kept, err := s.Send(t.Context(), bob, upload.Announcement{Name: "a.txt", Size: 4}, strings.NewReader("kept"))
			testkit.Must(t, err)
			half, err := s.Start(t.Context(), bob, upload.Announcement{Name: "b.txt", Size: 4})
			testkit.Must(t, err)
			_, err = s.Append(t.Context(), half, 0, strings.NewReader("ha"))
			testkit.Must(t, err)
			site.Store.DB.Garbage.Update().SetDueAt(time.Now().UTC().Add(-time.Minute)).ExecX(t.Context())
			testkit.Must(t, s.Tidy(t.Context()))
			if n := site.Store.DB.Garbage.Query().CountX(t.Context()); n != 0 {
				t.Errorf("%d objects are left", n)
			}
			r, err := s.Open(t.Context(), kept)
			testkit.Must(t, err)
			testkit.Must(t, r.Close())
			half, err = s.Upload(t.Context(), bob, half.ID)
			testkit.Must(t, err)
			_, err = s.Append(t.Context(), half, 2, strings.NewReader("lf"))
			testkit.Must(t, errors.Join(err, s.Finish(t.Context(), half)))
		})
	}
}

// TestLeftBehind: a file that was whole when its process died is finished by another, and one that nothing comes of is
// given up.
func TestLeftBehind(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			site, s := opened(t, dialect)
			var files []*ent.File
			for _, part := range []string{"whole", "ha"} {
				f, err := s.Start(t.Context(), bob, upload.Announcement{Name: "a.txt", Size: 5})
				testkit.Must(t, err)
				_, err = s.Append(t.Context(), f, 0, strings.NewReader(part))
				testkit.Must(t, err)
				files = append(files, f)
			}
			site.Store.DB.File.Update().Where(file.StatusEQ(file.StatusUploading)).SetUpdatedAt(time.Now().UTC().Add(-2 * time.Hour)).ExecX(t.Context())
			testkit.Must(t, s.Tidy(t.Context()))
			for i, want := range []file.Status{file.StatusStored, file.StatusFailed} {
				if f, err := s.Upload(t.Context(), bob, files[i].ID); err != nil || f.Status != want {
					t.Errorf("it is %+v, %v", f, err)
				}
			}
		})
	}
}

// TestQuota counts what is on its way with what is stored, and gives back what was deleted or has failed.
func TestQuota(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			_, s := opened(t, dialect)
			var files []*ent.File
			var all sync.WaitGroup
			var mu sync.Mutex
			for range 4 {
				all.Go(func() {
					f, err := s.Start(t.Context(), bob, upload.Announcement{Name: "a", Size: servicetest.UploadLimits.Quota / 2})
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						files = append(files, f)
					} else if !errs.Is(err, errs.BadUserInput) {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if len(files) != 2 {
				t.Fatalf("%d halves of the quota were let in", len(files))
			}
			testkit.Must(t, s.Delete(t.Context(), bob, files[0].ID))
			if _, err := s.Start(t.Context(), bob, upload.Announcement{Name: "a", Size: 1}); err != nil {
				t.Error(err)
			}
		})
	}
}
