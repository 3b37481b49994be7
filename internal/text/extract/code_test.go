package extract

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
)

// module is a small module in place of PDFium: a function that returns 42.
var module = []byte{
	0, 'a', 's', 'm', 1, 0, 0, 0, // WebAssembly 1
	1, 5, 1, 0x60, 0, 1, 0x7f, // a type: () -> i32
	3, 2, 1, 0, // a function of the type
	7, 5, 1, 1, 'f', 0, 0, // exported as f
	10, 6, 1, 4, 0, 0x41, 42, 0x0b, // i32.const 42
}

// run opens the code in a directory, and compiles and runs the module with it. It returns whether there was code.
func run(dir string) (ready bool, err error) {
	c, err := openCode(dir)
	if err != nil {
		return false, err
	}
	defer c.close()
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigCompiler().WithCompilationCache(c.cache))
	m, err := r.Instantiate(ctx, module)
	if err != nil {
		return false, err
	}
	results, err := m.ExportedFunction("f").Call(ctx)
	if err == nil && results[0] != 42 {
		err = errors.New("the code is another")
	}
	return c.ready(), errors.Join(err, r.Close(ctx), c.seal())
}

// keep returns a directory with code.
func keep(t *testing.T) (dir, file string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "code")
	if ready, err := run(dir); err != nil || ready {
		t.Fatalf("ready %v, %v", ready, err)
	}
	c, err := openCode(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if err := c.files(func(path string) error { file = path; return nil }); err != nil || file == "" || !c.ready() {
		t.Fatalf("%q, ready %v, %v", file, c.ready(), err)
	}
	return dir, file
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestDamagedCode is never run: it is compiled again, and then used.
func TestDamagedCode(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(t *testing.T, file string, content []byte) error{
		"a changed bit": func(_ *testing.T, file string, content []byte) error {
			changed := bytes.Clone(content)
			changed[len(changed)/2] ^= 1
			return os.WriteFile(file, changed, 0o600)
		},
		"half of it": func(_ *testing.T, file string, content []byte) error {
			return os.WriteFile(file, content[:len(content)/2], 0o600)
		},
		"nothing": func(_ *testing.T, file string, _ []byte) error { return os.WriteFile(file, nil, 0o600) },
		"no checksum": func(_ *testing.T, file string, _ []byte) error {
			return os.Remove(file + sumSuffix)
		},
		"half of a checksum": func(_ *testing.T, file string, _ []byte) error {
			return os.Truncate(file+sumSuffix, 16)
		},
		"a checksum alone": func(_ *testing.T, file string, _ []byte) error { return os.Remove(file) },
		"the code of another version": func(t *testing.T, file string, content []byte) error {
			must(t, os.WriteFile(file, bytes.Replace(content, []byte("WAZEVO"), []byte("WAZEVA"), 1), 0o600))
			return os.Remove(file + sumSuffix)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, file := keep(t)
			content, err := os.ReadFile(file)
			must(t, err)
			must(t, damage(t, file, content))
			for _, want := range []bool{false, true} {
				if ready, err := run(dir); err != nil || ready != want {
					t.Errorf("ready %v, %v; want %v", ready, err, want)
				}
			}
			again, err := os.ReadFile(file)
			if err != nil || !bytes.Equal(again, content) {
				t.Errorf("%d bytes of code, before %d, %v", len(again), len(content), err)
			}
		})
	}
}

// TestOtherFiles in the directory are left alone, but for code of other versions and what a killed process was writing.
func TestOtherFiles(t *testing.T) {
	t.Parallel()
	dir, file := keep(t)
	long := time.Now().Add(-2 * time.Hour)
	kept := []string{filepath.Join(dir, "notes.txt"), filepath.Join(dir, "other", "program"), file + ".1" + tempSuffix}
	gone := []string{filepath.Join(dir, dirPrefix+"-v0", "wazero", "code"), file + ".2" + tempSuffix}
	for _, path := range slices.Concat(kept, gone) {
		must(t, os.MkdirAll(filepath.Dir(path), 0o700))
		must(t, os.WriteFile(path, []byte("other"), 0o600))
	}
	must(t, os.Chtimes(gone[1], long, long))
	if ready, err := run(dir); err != nil || !ready {
		t.Errorf("ready %v, %v", ready, err)
	}
	c, err := openCode(dir)
	must(t, err)
	defer c.close()
	c.clean()
	for _, path := range kept {
		if content, err := os.ReadFile(path); err != nil || string(content) != "other" {
			t.Errorf("%s: %q, %v", path, content, err)
		}
	}
	for _, path := range gone {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is left: %v", path, err)
		}
	}
}

// TestDirectoryThatCannotBeUsed is an error, and no code is taken from it.
func TestDirectoryThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	cases := map[string]func(t *testing.T, dir string) string{
		"none": func(*testing.T, string) string { return "" },
		"a file": func(t *testing.T, dir string) string {
			must(t, os.RemoveAll(dir))
			must(t, os.WriteFile(dir, nil, 0o600))
			return dir
		},
		"no place": func(*testing.T, string) string { return "/proc/docsquare" },
		"of a group": func(t *testing.T, dir string) string {
			must(t, os.Chmod(dir, 0o770))
			return dir
		},
		"of everybody below": func(t *testing.T, dir string) string {
			must(t, os.Chmod(filepath.Join(dir, versions()), 0o777))
			return dir
		},
	}
	if os.Geteuid() == 0 { // only root can give a directory away
		cases["of another account"] = func(t *testing.T, dir string) string { must(t, os.Chown(dir, 12345, -1)); return dir }
	}
	for name, unusable := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, _ := keep(t)
			if c, err := openCode(unusable(t, dir)); err == nil {
				t.Errorf("it is used, ready: %v", c.ready())
			}
		})
	}
}

// TestProcessesAtOnce make the code at the same time: all of them run it, and what is left is whole.
func TestProcessesAtOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "code")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				if _, err := run(dir); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if ready, err := run(dir); err != nil || !ready {
		t.Errorf("ready %v, %v", ready, err)
	}
	must(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, tempSuffix) {
			t.Errorf("%s is left", path)
		}
		return err
	}))
}
