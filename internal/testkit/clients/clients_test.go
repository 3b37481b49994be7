// Package clients_test runs the real JavaScript clients of this folder against the application: see README.md.
package clients_test

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docsquare/graph"
	"docsquare/graph/limits"
	"docsquare/graph/trusted"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// patience is how long all suites together may take.
const patience = 15 * time.Minute

// TestClients passes where every check of every suite does.
func TestClients(t *testing.T) {
	node, npm := testkit.Program(t, "node", "nodejs"), testkit.Program(t, "npm", "npm")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	here := folder{t, "."}
	if here.outdated() {
		here.run(ctx, nil, npm, "ci", "--no-audit", "--no-fund")
	}
	sdl, manifests := filepath.Join(t.TempDir(), "schema.graphql"), t.TempDir()
	testkit.Must(t, os.WriteFile(sdl, []byte(graph.SDL()), 0o600))
	env := []string{"DOCSQUARE_SDL=" + sdl}
	here.run(ctx, env, node, "run.mjs", "manifest", manifests)

	app := apptest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{Redis: true})
	testkit.Work(t, app.Store.Relay)
	documents, err := graph.LoadDocuments([]string{manifests}, limits.Default.Tokens)
	testkit.Must(t, err)
	enforced := app.Serve(t, func(o *graph.Options) { o.Trusted = graph.Trusted{Mode: trusted.Enforce, Documents: documents} })
	env = append(env, "DOCSQUARE_URL="+serve(t, app.Handler), "DOCSQUARE_ENFORCED_URL="+serve(t, enforced), "DOCSQUARE_TOKEN="+app.Token(t, servicetest.ID("ann")))
	here.run(ctx, env, node, "run.mjs")
}

// folder is where programs are run.
type folder struct {
	*testing.T
	path string
}

// outdated reports whether what is installed is not what the lock file says.
func (f folder) outdated() bool {
	f.Helper()
	installed, err := os.Stat(filepath.Join(f.path, "node_modules/.package-lock.json"))
	if errors.Is(err, os.ErrNotExist) {
		return true
	}
	testkit.Must(f.T, err)
	lock, err := os.Stat(filepath.Join(f.path, "package-lock.json"))
	testkit.Must(f.T, err)
	return lock.ModTime().After(installed.ModTime())
}

// serve answers as the server does, until the test ends.
func serve(t *testing.T, operations http.Handler) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/graphql", operations)
	mux.HandleFunc("GET /schema.graphql", graph.ServeSDL)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// run runs a program, and shows what it says as it says it.
func (f folder) run(ctx context.Context, env []string, program string, args ...string) {
	f.Helper()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = f.path
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.StdoutPipe()
	testkit.Must(f.T, err)
	cmd.Stderr = cmd.Stdout
	testkit.Must(f.T, cmd.Start())
	for lines := bufio.NewScanner(out); lines.Scan(); {
		f.Log(lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		f.Fatalf("%s %s: %v", filepath.Base(program), strings.Join(args, " "), err)
	}
}
