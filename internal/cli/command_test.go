package cli_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"docsquare/graph"
	"docsquare/internal/app"
	"docsquare/internal/cache/redis"
	"docsquare/internal/cli"
	"docsquare/internal/cli/importer"
	"docsquare/internal/config"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// say parses a command line. ran reports whether there is a command to run.
func say(t *testing.T, words ...string) (out string, ran bool, err error) {
	t.Helper()
	var text bytes.Buffer
	c, err := cli.Parse(words, &text)
	return text.String(), c.Do != nil || c.Examine != nil, err
}

// do parses a command line and runs its command on an application.
func do(t *testing.T, a *app.App, words ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	c, err := cli.Parse(words, &out)
	testkit.Must(t, err)
	err = c.Do(t.Context(), a)
	return out.String(), err
}

var commands = []string{"serve", "import", "seed", "migrate", "warm", "cache stats", "cache invalidate", "doctor", "config", "schema", "role", "token", "version"}

// TestHelp lists every command on one line, and does nothing.
func TestHelp(t *testing.T) {
	for _, word := range []string{"help", "-h", "--help"} {
		out, ran, err := say(t, word)
		testkit.Must(t, err)
		for _, name := range append(commands, "completion") {
			if word, _, _ := strings.Cut(name, " "); !regexp.MustCompile(`\n  ` + word + ` +[A-Z].*[a-z]\n`).MatchString(out) {
				t.Errorf("%s is missing in %s", name, out)
			}
		}
		if ran || !strings.Contains(out, "Exit codes: 0 ") {
			t.Errorf("%s ran a command, or does not describe the exit codes: %s", word, out)
		}
	}
	for _, name := range commands {
		words := strings.Fields(name)
		out, ran, err := say(t, append(words, "--help")...)
		testkit.Must(t, err)
		same, _, err := say(t, append([]string{"help"}, words...)...)
		testkit.Must(t, err)
		if ran || !strings.Contains(out, "docsquare "+name) || out != same {
			t.Errorf("%s --help: ran is %v, the help is %q", name, ran, out)
		}
	}
	if out, _, _ := say(t, "seed", "--help"); !strings.Contains(out, "--users") || !strings.Contains(out, "--interactions") {
		t.Errorf("the help of seed does not list its flags: %q", out)
	}
}

// TestVariablesHelp describes every variable in its group, no line longer than the terminal.
func TestVariablesHelp(t *testing.T) {
	out, ran, err := say(t, "help", "config")
	testkit.Must(t, err)
	var names []string
	for _, v := range config.Variables() {
		names = append(names, v.Name)
	}
	for _, kind := range kinds.Names() {
		names = append(names, config.TTLVariable(kind))
	}
	for _, name := range names {
		if !regexp.MustCompile(`(?m)^ +(\w+ )*` + name + `( |$)`).MatchString(out) {
			t.Errorf("%s is missing", name)
		}
	}
	for line := range strings.SplitSeq(out, "\n") {
		if utf8.RuneCountInString(line) > 110 {
			t.Errorf("%q is too long", line)
		}
	}
	if ran || strings.Index(out, "\nRedis:\n") > strings.Index(out, "REDIS_URL") {
		t.Errorf("ran is %v: %s", ran, out)
	}
}

// TestCompletion prints a script for each shell.
func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		if out, ran, err := say(t, "completion", shell); err != nil || ran || !strings.Contains(out, "docsquare") {
			t.Errorf("%s: %v, %v, %d bytes", shell, ran, err, len(out))
		}
	}
}

// TestExitCodes tells wrong usage from failure.
func TestExitCodes(t *testing.T) {
	_, _, usage := say(t, "serve", "--port=80")
	t.Setenv("DATABASE_URL", "mysql://x")
	failed := cli.Run(t.Context(), []string{"migrate"}, io.Discard)
	for code, err := range map[int]error{0: nil, 1: failed, 2: usage} {
		if got := cli.ExitCode(err); got != code {
			t.Errorf("%v has the exit code %d", err, got)
		}
	}
}

// TestConfig prints every variable with its value and where it is from, but no secret.
func TestConfig(t *testing.T) {
	for name, value := range map[string]string{
		"REDIS_URL": "redis://ann:geheim@127.0.0.1:1/0", "REDIS_PASSWORD": "geheim", "METRICS_TOKEN": "geheim", "OTEL_EXPORTER_OTLP_HEADERS": "key=geheim",
		"DATABASE_URL": "postgres://u:geheim@h/n", "CACHE_NEAR_BYTES": "100MB", "UPLOAD_TTL": "90m", "USER_CACHE_TTL": "5m",
	} {
		t.Setenv(name, value)
	}
	var out bytes.Buffer
	testkit.Must(t, cli.Run(t.Context(), []string{"config"}, &out))
	for _, line := range []string{
		`REDIS_URL +environment +redis://ann:xxxxx@127.0.0.1:1/0`, `DATABASE_URL +environment +postgres://u:xxxxx@h/n`, `METRICS_TOKEN +environment +\(hidden\)`,
		`CACHE_NEAR_BYTES +environment +100000000`, `FILES_MAX_BYTES +default +1GiB`, `UPLOAD_TTL +environment +1h30m`, `USER_CACHE_TTL +environment +5m`,
	} {
		if !regexp.MustCompile(`(?m)^` + line + `$`).MatchString(out.String()) {
			t.Errorf("%s is missing in\n%s", line, &out)
		}
	}
	if strings.Contains(out.String(), "geheim") {
		t.Errorf("a secret is shown:\n%s", &out)
	}
	out.Reset()
	testkit.Must(t, cli.Run(t.Context(), []string{"config", "--json"}, &out))
	var settings []config.Setting
	testkit.Must(t, json.Unmarshal(out.Bytes(), &settings))
	if !slices.Contains(settings, config.Setting{Name: "UPLOAD_TTL", Value: "1h30m", Set: true}) || strings.Contains(out.String(), "geheim") {
		t.Errorf("%s", &out)
	}
	t.Setenv("UPLOAD_TTL", "soon")
	if err := cli.Run(t.Context(), []string{"config"}, io.Discard); err == nil || !strings.Contains(err.Error(), "UPLOAD_TTL") {
		t.Errorf("an invalid variable: %v", err)
	}
}

// TestWrongWords fails before anything is opened, with an error that says what is wrong.
func TestWrongWords(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file.md")
	testkit.Must(t, os.WriteFile(file, nil, 0o600))
	for line, says := range map[string]string{
		"frobnicate":                `no command "docsquare frobnicate"`,
		"cache":                     `docsquare cache needs a command`,
		"cache empty":               `no command "docsquare cache empty"`,
		"cache stats now":           `cache stats takes no arguments, but got "now"`,
		"cache invalidate --node x": "--node",
		"doctor redis":              `doctor takes no arguments, but got "redis"`,
		"schema --against /no/file": "--against",
		"--port 80":                 `unknown flag: --port`,
		"serve now":                 `serve takes no arguments, but got "now"`,
		"serve --port=80":           "--port",
		"import":                    "docsquare import SOURCE",
		"import a b":                "docsquare import SOURCE",
		"import /no/such/directory": `"/no/such/directory"`,
		"import " + file:            "a folder, a zip file",
		"import --fast x":           "--fast",
		"seed 100":                  `seed takes no arguments, but got "100"`,
		"seed --users many":         "--users",
		"seed --users 0":            "--users",
		"seed --interactions -1":    "--interactions",
		"seed --documents -1":       "--documents",
		"migrate --rebuild=maybe":   "--rebuild",
		"migrate down":              `migrate takes no arguments, but got "down"`,
		"warm up":                   `warm takes no arguments, but got "up"`,
		"cache stat":                `did you mean stats?`,
		"improt x":                  `did you mean import?`,
		"schema json":               `schema takes no arguments, but got "json"`,
		"token":                     "docsquare token USER",
	} {
		out, ran, err := say(t, strings.Fields(line)...)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("docsquare %s: %v", line, err)
		}
		if ran || out != "" {
			t.Errorf("docsquare %s: ran is %v, the output is %q", line, ran, out)
		}
	}
}

// TestRightWords reaches the command.
func TestRightWords(t *testing.T) {
	for _, line := range []string{"", "serve", "import .", "seed", "seed --users 5 --interactions=0", "migrate", "warm", "token ann bob", "cache stats", "cache invalidate --kind user", "cache stats --json", "config --json", "doctor --json"} {
		if out, ran, err := say(t, strings.Fields(line)...); err != nil || !ran {
			t.Errorf("docsquare %s: ran is %v, %v, %q", line, ran, err, out)
		}
	}
	if out, ran, err := say(t, "schema"); err != nil || ran || out != graph.SDL() {
		t.Errorf("docsquare schema: ran is %v, %v, %d bytes", ran, err, len(out))
	}
}

// TestImport checks that the output has the reason for every file that was left out, and then their number.
func TestImport(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"guide/start.md": "# Start\n\nText.", "guide/empty.md": " ", "guide/logo.png": "png", ".hidden.md": "x"} {
		testkit.Must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o750))
		testkit.Must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	app := apptest.Open(t, testkit.Database(t, "sqlite"), servicetest.Tiers{}).App
	out, err := do(t, app, "import", dir)
	if err == nil || !strings.Contains(err.Error(), "1 files could not be imported") {
		t.Error(err)
	}
	words := strings.Join(strings.Fields(out), " ")
	for _, line := range []string{
		"failed guide/empty.md it is empty", "skipped 1 files or folders it is hidden", "skipped 1 files or folders it is neither Markdown",
		"1 created (0 of them not public), 0 updated, 0 unchanged, 2 skipped, 1 failed",
	} {
		if !strings.Contains(words, line) {
			t.Errorf("%q is missing in\n%s", line, out)
		}
	}
	out, err = do(t, app, "import", "--json", "--author", "guide", dir)
	var report importer.Report
	if decoded := json.Unmarshal([]byte(out), &report); err == nil || decoded != nil || report.Unchanged != 1 || len(report.Failed) != 1 {
		t.Errorf("%v, %v: %s", err, decoded, out)
	}
}

// TestWarm fills Redis with progress. Without Redis it fails.
func TestWarm(t *testing.T) {
	for _, redis := range []bool{true, false} {
		app := apptest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{Redis: redis})
		out, err := do(t, app.App, "warm")
		if (err == nil) != redis || regexp.MustCompile(`^(warmed \d+ of \d+\n)*warmed (\d+) of \d+\n$`).MatchString(out) != redis {
			t.Errorf("with Redis %v: %v, %q", redis, err, out)
		}
	}
}

// TestCache checks that the command reports what is in Redis, and that invalidated entries are loaded again.
func TestCache(t *testing.T) {
	app := apptest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{Redis: true})
	ask := func() {
		t.Helper()
		_, err := app.Do(t.Context(), `{ documents(first: 3) { nodes { title } } }`, nil, "")
		testkit.Must(t, err)
		app.Cache.Settle()
	}
	ask()
	out, err := do(t, app.App, "cache", "stats")
	testkit.Must(t, err)
	if !regexp.MustCompile(`(?m)^ +document +3 `).MatchString(out) || !strings.Contains(out, "outbox: ") {
		t.Errorf("%s", out)
	}
	out, err = do(t, app.App, "cache", "stats", "--json")
	testkit.Must(t, err)
	var report struct{ Redis redis.KeyspaceStats }
	if testkit.Must(t, json.Unmarshal([]byte(out), &report)); report.Redis.Entries["document"] != 3 {
		t.Errorf("%s", out)
	}
	out, err = do(t, app.App, "cache", "invalidate", "--kind", "document")
	testkit.Must(t, err)
	if out != "invalid on every instance: kind:document\n" {
		t.Errorf("%s", out)
	}
	loads := func() (n int64) {
		for _, k := range app.Cache.Usage().Kinds {
			if k.Name == app.Cache.Documents.Name() {
				n = k.Counts.Loads
			}
		}
		return n
	}
	was := loads()
	if ask(); loads() != was+3 {
		t.Errorf("%d documents were loaded again", loads()-was)
	}
	if _, err := do(t, app.App, "cache", "invalidate"); err == nil {
		t.Error("nothing at all was made invalid")
	}
}
