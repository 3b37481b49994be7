package extract

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/tetratelabs/wazero"
)

// code is a directory that keeps the compiled code of the sandbox from one start to the next. Several processes may use it at once.
//
// wazero runs what it reads from there, and checks only a part of it. So the directory must be writable for the server's account alone, and
// each file has its checksum next to it. Files without a matching checksum are deleted: they are damaged, or half-written.
type code struct {
	dir   string          // for the versions of the libraries that this program has
	found map[string]bool // paths of the files that were there
	cache wazero.CompilationCache
}

const (
	dirPrefix  = "pdfium"
	sumSuffix  = ".sha256"
	tempSuffix = ".tmp" // of a file that is being written, by wazero and by seal
)

// openCode opens the directory of the code, and makes it if it is missing. Close it.
func openCode(dir string) (*code, error) {
	if dir == "" {
		return nil, errors.New("PDF_CACHE_DIR is off")
	}
	c := &code{dir: filepath.Join(dir, versions()), found: map[string]bool{}}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return nil, err
	}
	for _, d := range []string{dir, c.dir} {
		if err := trusted(d); err != nil {
			return nil, err
		}
	}
	err := c.files(func(path string) error {
		if !sealed(path) {
			return os.Remove(path)
		}
		c.found[path] = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.cache, err = wazero.NewCompilationCacheWithDir(c.dir)
	return c, err
}

// versions names the libraries that the code depends on. wazero distinguishes CPUs itself.
func versions() string {
	name := []string{dirPrefix}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "github.com/klippa-app/go-pdfium" || m.Path == "github.com/tetratelabs/wazero" {
				name = append(name, m.Version)
			}
		}
	}
	return strings.Join(name, "-")
}

// trusted returns an error if accounts other than that of the server, and root, can change what is in a directory.
func trusted(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && owner.Uid != 0 && int(owner.Uid) != os.Geteuid() {
		return fmt.Errorf("%s belongs to another account", dir)
	}
	if mode := info.Mode().Perm(); mode&0o022 != 0 {
		return fmt.Errorf("%s is writable for other accounts (%s)", dir, mode)
	}
	return nil
}

// files calls do with the path of each file of code. Other processes may delete files meanwhile.
func (c *code) files(do func(path string) error) error {
	return filepath.WalkDir(c.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(path, sumSuffix) && !strings.HasSuffix(path, tempSuffix) {
			err = do(path)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}

// clean deletes the code of other versions of the libraries, and what processes were writing when they were killed.
func (c *code) clean() {
	others, _ := filepath.Glob(filepath.Join(filepath.Dir(c.dir), dirPrefix+"*"))
	for _, other := range others {
		if other != c.dir {
			_ = os.RemoveAll(other)
		}
	}
	unfinished, _ := filepath.Glob(filepath.Join(c.dir, "*", "*"+tempSuffix))
	for _, path := range unfinished {
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.Remove(path)
		}
	}
}

// ready reports whether there was code when the directory was opened.
func (c *code) ready() bool { return len(c.found) > 0 }

// close gives the memory of the code back.
func (c *code) close() {
	if c != nil {
		_ = c.cache.Close(context.Background()) // it never fails
	}
}

// seal writes the checksums of new files.
func (c *code) seal() error {
	return c.files(func(path string) error {
		if c.found[path] {
			return nil
		}
		sum, err := sumOf(path)
		if err != nil {
			return err
		}
		f, err := os.CreateTemp(filepath.Dir(path), "sum-*"+tempSuffix)
		if err != nil {
			return err
		}
		_, err = f.Write(sum)
		if err = errors.Join(err, f.Close()); err == nil {
			err = os.Rename(f.Name(), path+sumSuffix)
		}
		if err != nil {
			return errors.Join(err, os.Remove(f.Name()))
		}
		return nil
	})
}

// sealed reports whether a file has the checksum next to it.
func sealed(path string) bool {
	want, err := os.ReadFile(path + sumSuffix) //nolint:gosec // a file of the directory of the operator
	if err != nil {
		return false
	}
	sum, err := sumOf(path)
	return err == nil && bytes.Equal(sum, want)
}

func sumOf(path string) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // a file of the directory of the operator
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it is only read
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return nil, err
	}
	return sum.Sum(nil), nil
}
