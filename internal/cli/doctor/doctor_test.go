package doctor_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"docsquare/internal/cli/doctor"
	"docsquare/internal/config"
	"docsquare/internal/testkit"
)

// TestHealthy finds nothing wrong where nothing is, and leaves everything as it was.
func TestHealthy(t *testing.T) {
	for name, setup := range map[string]func(t *testing.T, o *doctor.Options){
		"SQLite": func(*testing.T, *doctor.Options) {},
		"SQLite, in use": func(t *testing.T, o *doctor.Options) {
			s := opened(t, o.Config.DatabaseURL)
			t.Cleanup(func() { _ = s.Close() })
		},
		"S3": func(t *testing.T, o *doctor.Options) { o.Config.FilesURL, _ = bucketAt(t, "files") },
		"PostgreSQL and Redis": func(t *testing.T, o *doctor.Options) {
			postgres(t, o)
			migrated(t, o.Config.DatabaseURL)
			startRedis(t, o)
			o.Config.Environment, o.Config.PublicURL, o.Config.TrustedProxies = config.Production, "https://docs.example.org", 1
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := healthy(t)
			setup(t, o)
			before := state(t, o)
			found, report := examined(t, o)
			t.Logf("\n%s", report)
			for _, f := range found {
				if f.State != doctor.OK {
					t.Errorf("%+v", f)
				}
			}
			if after := state(t, o); before != after {
				t.Errorf("before:\n%s\nafter:\n%s", before, after)
			}
		})
	}
}

// TestNothingYet finds nothing wrong where the server was never started, and makes nothing.
func TestNothingYet(t *testing.T) {
	o, dir := healthy(t), t.TempDir()
	o.Config.DatabaseURL, o.Config.FilesURL = "sqlite://"+filepath.Join(dir, "data", "docsquare.db"), "file://"+filepath.Join(dir, "data", "files")
	found, report := examined(t, o)
	t.Logf("\n%s", report)
	for _, w := range []wanted{
		{"Database", "file", doctor.Note, "docsquare serve makes it", ""},
		{"Files", "directory", doctor.Note, "docsquare serve makes it", ""},
	} {
		if !slices.ContainsFunc(found, w.is) {
			t.Errorf("not found: %+v", w)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// TestEnd asks for no more than is taken, and ends with the context.
func TestEnd(t *testing.T) {
	o := healthy(t)
	for range doctor.Examine(t.Context(), *o) {
		break // going on would be a panic
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for f := range doctor.Examine(ctx, *o) {
		t.Errorf("%+v", f)
	}
}

// state is everything that there is in the directories of the test and in its Redis.
func state(t *testing.T, o *doctor.Options) string {
	t.Helper()
	var out strings.Builder
	testkit.Must(t, filepath.WalkDir(filepath.Dir(t.TempDir()), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if !strings.HasSuffix(path, "-shm") { // the marks of who reads
			fmt.Fprintf(&out, "%s %x\n", path, sha256.Sum256(text))
		}
		return err
	}))
	if o.Redis.URL != "" {
		at, err := redis.ParseURL(o.Redis.URL)
		testkit.Must(t, err)
		c := redis.NewClient(at)
		defer c.Close()
		keys, err := c.Keys(t.Context(), "*").Result()
		testkit.Must(t, err)
		fmt.Fprintln(&out, keys)
	}
	return out.String()
}

// TestReadOnlyDirectory sees before anything is tried that a directory takes nothing.
func TestReadOnlyDirectory(t *testing.T) {
	o, dir := healthy(t), filepath.Join(t.TempDir(), "data")
	testkit.Must(t, os.Mkdir(dir, 0o555))
	testkit.Must(t, os.WriteFile(filepath.Join(dir, "docsquare.db"), nil, 0o444))
	o.Config.FilesURL = "file://" + filepath.Join(dir, "files")
	for name, says := range map[string]string{"docsquare.db": "cannot be written", "none.db": "cannot be made"} {
		o.Config.DatabaseURL = "sqlite://" + filepath.Join(dir, name)
		var found []doctor.Finding
		var report string
		asNobody(t, dir, func() { found, report = examined(t, o) })
		t.Logf("\n%s", report)
		for _, w := range []wanted{
			{"Database", "file", doctor.Failure, says, "set DATABASE_URL"},
			{"Files", "directory", doctor.Failure, "cannot be made: permission denied", "set FILES_URL"},
		} {
			if !slices.ContainsFunc(found, w.is) {
				t.Errorf("not found: %+v", w)
			}
		}
	}
}
