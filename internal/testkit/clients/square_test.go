package clients_test

import (
	"context"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"docsquare/internal/testkit"
)

// TestSquare builds the front end of examples/ and drives it in a headless Chromium, before a server that runs its trusted
// documents and nothing else, and is killed under it.
func TestSquare(t *testing.T) {
	npm, browser := testkit.Program(t, "npm", "npm"), testkit.Program(t, "chromium", "chromium")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	front := folder{t, "../../../examples/square"}
	if front.outdated() {
		front.run(ctx, nil, npm, "ci", "--no-audit", "--no-fund")
	}
	environment := []string{"DOCSQUARE_BINARY=" + binary(ctx, t), "SLOW_SERVER=1", "CHROMIUM=" + browser, "LC_ALL=C.UTF-8"} // for names of downloads
	front.run(ctx, environment, npm, "test")
}

// TestPages has axe look at the dashboard and the Playground. The driver of the browser is that of the front end.
func TestPages(t *testing.T) {
	npm, browser := testkit.Program(t, "npm", "npm"), testkit.Program(t, "chromium", "chromium")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if front := (folder{t, "../../../examples/square"}); front.outdated() {
		front.run(ctx, nil, npm, "ci", "--no-audit", "--no-fund")
	}
	environment := []string{"DOCSQUARE_BINARY=" + binary(ctx, t), "CHROMIUM=" + browser, "LC_ALL=C.UTF-8"}
	folder{t, "."}.run(ctx, environment, testkit.Program(t, "node", "nodejs"), "pages.mjs")
}

// binary builds the server as this test was built, so that next to nothing has to be compiled.
func binary(ctx context.Context, t *testing.T) string {
	t.Helper()
	args := []string{"build", "-o", filepath.Join(t.TempDir(), "docsquare")}
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if value, known := strings.CutPrefix(s.Key, "-"); known && (value == "race" || value == "tags") {
			args = append(args, s.Key+"="+s.Value)
		}
	}
	folder{t, "../../.."}.run(ctx, nil, testkit.Program(t, "go", "golang"), append(args, ".")...)
	return args[2]
}
