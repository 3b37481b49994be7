//go:build unix

package importer_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"docsquare/internal/cli/importer"
	"docsquare/internal/testkit"
)

// TestIrregularFiles imports folders with a pipe, a socket and a link to a pipe under each name that an import may open. A pipe that is opened
// blocks the test.
func TestIrregularFiles(t *testing.T) {
	app := open(t, "sqlite")
	for _, name := range []string{
		"pipe.md", "管道.md", "sub/pipe.md", "picture.png", "x.md/index.md", "README", "_config.yml", "hugo.toml", "config.toml", "content/_index.md", "docusaurus.config.js", "package.json",
		".obsidian/templates.json", ".vuepress/config.js", ".vitepress/config.ts", "docs", "Home 0123456789abcdef0123456789abcdef.md",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			pipe := filepath.Join(dir, filepath.FromSlash(name))
			testkit.Must(t, os.MkdirAll(filepath.Dir(pipe), 0o700))
			testkit.Must(t, syscall.Mkfifo(pipe, 0o600))
			testkit.Must(t, os.Symlink(pipe, filepath.Join(dir, "absolute.md")))
			testkit.Must(t, os.Symlink(filepath.FromSlash(name), filepath.Join(dir, "link.md")))
			testkit.Must(t, os.WriteFile(filepath.Join(dir, "a.md"), []byte("# "+name+"\n\n![]("+name+") [](link.md)"), 0o600))
			source, err := importer.Open(dir)
			testkit.Must(t, err)
			defer func() { testkit.Must(t, source.Close()) }()
			report, err := importer.Run(t.Context(), services(app), source, importer.Options{})
			testkit.Must(t, err)
			got := reasons(report.Skipped)
			if got["link.md"] != "it is a symbolic link" || got["absolute.md"] != "it is a symbolic link" || len(report.Failed) > 0 {
				t.Errorf("%+v", report)
			}
			if strings.HasSuffix(name, "pipe.md") && got[name] != "it is a pipe, a socket or a device" {
				t.Errorf("%+v", report.Skipped)
			}
		})
	}
}

func TestSocket(t *testing.T) {
	dir := t.TempDir()
	socket, err := new(net.ListenConfig).Listen(t.Context(), "unix", filepath.Join(dir, "s.md"))
	testkit.Must(t, err)
	defer func() { testkit.Must(t, socket.Close()) }()
	source, err := importer.Open(dir)
	testkit.Must(t, err)
	defer func() { testkit.Must(t, source.Close()) }()
	report, err := importer.Run(t.Context(), services(open(t, "sqlite")), source, importer.Options{})
	testkit.Must(t, err)
	if got := reasons(report.Skipped); got["s.md"] != "it is a pipe, a socket or a device" {
		t.Errorf("%+v", report)
	}
}

// TestIrregularSource names pipes, links to pipes and devices as what to import.
func TestIrregularSource(t *testing.T) {
	dir := t.TempDir()
	names := []string{os.DevNull}
	for _, extension := range []string{".xml", ".zip", ".md", ""} {
		pipe, link := filepath.Join(dir, "pipe"+extension), filepath.Join(dir, "link"+extension)
		testkit.Must(t, syscall.Mkfifo(pipe, 0o600))
		testkit.Must(t, os.Symlink(pipe, link))
		names = append(names, pipe, link)
	}
	for _, name := range names {
		if _, err := importer.Open(name); err == nil || !strings.Contains(err.Error(), "a pipe, a socket or a device") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
