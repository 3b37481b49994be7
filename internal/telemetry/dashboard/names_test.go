package dashboard_test

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"docsquare/internal/telemetry/dashboard"
	"docsquare/internal/testkit"
)

// The names that the scripts of the page know, with those of what they stand in before them.
var (
	frameNames = []string{
		"at", "audit.compared", "audit.oldest", "audit.ratio", "audit.stale", "connections.operations", "connections.streams", "connections.webSockets", "database.bytes", "database.wal",
		"disks.free", "disks.of", "disks.size",
		"far.errors", "far.p50", "far.p95", "far.p99", "far.rate",
		"kinds.bytes", "kinds.entries", "kinds.far", "kinds.loads", "kinds.name", "kinds.near", "kinds.negative", "kinds.shared", "kinds.stale",
		"limited.rate", "loads.errors", "loads.p50", "loads.p95", "loads.p99", "loads.rate", "near.bytes", "near.limit",
		"operations.errors", "operations.p50", "operations.p95", "operations.p99", "operations.rate", "outbox.oldest", "outbox.rows",
		"pool.inUse", "pool.longest", "pool.open", "pool.waits", "pool.writes",
		"process.cpu", "process.goroutines", "process.heap", "process.resident",
		"redis.configured", "redis.inUse", "redis.losses", "redis.maxMemory", "redis.memory",
		"responses.client", "responses.redirect", "responses.server", "responses.success", "saved.roundTrips", "saved.statements", "seconds",
		"sql.errors", "sql.p50", "sql.p95", "sql.p99", "sql.rate", "today.accounts", "today.comments", "today.documents", "uploads",
	}
	nowNames = []string{
		"commit", "environment", "errors.at", "errors.code", "errors.count", "errors.message", "errors.operation", "errors.request", "errors.type", "hotKeys.key", "hotKeys.kind", "hotKeys.requests", "hotKeys.title", "kinds.name", "kinds.ttl",
		"operations.count", "operations.errors", "operations.max", "operations.mean", "operations.name", "operations.roundTrips", "operations.statements", "operations.type",
		"parts.name", "parts.state", "startedAt", "version",
	}
)

// namesOf is the names in a text of JSON, in their order.
func namesOf(t *testing.T, value any) []string {
	t.Helper()
	text, err := json.Marshal(value)
	testkit.Must(t, err)
	var tree any
	testkit.Must(t, json.Unmarshal(text, &tree))
	names := map[string]bool{}
	var walk func(node any, path []string)
	walk = func(node any, path []string) {
		switch n := node.(type) {
		case map[string]any:
			for name, below := range n {
				walk(below, append(slices.Clone(path), name))
			}
		case []any:
			for _, below := range n {
				walk(below, path)
			}
		default:
			names[strings.Join(path, ".")] = true
		}
	}
	walk(tree, nil)
	return slices.Sorted(maps.Keys(names))
}

// TestNames are those that the scripts read: change both together.
func TestNames(t *testing.T) {
	frame := dashboard.Frame{Kinds: []dashboard.Kind{{}}, Outbox: &dashboard.Outbox{}, Disks: []dashboard.Disk{{}}, Today: &dashboard.Today{}}
	now := dashboard.Now{Commit: "c", Errors: []dashboard.Failure{{}}, Parts: []dashboard.State{{}}, HotKeys: []dashboard.HotKey{{}}, Operations: []dashboard.Operation{{}}, Kinds: []dashboard.KindSettings{{}}}
	for what, x := range map[string]struct{ got, want []string }{"frame": {namesOf(t, frame), frameNames}, "now": {namesOf(t, now), nowNames}} {
		if !slices.Equal(x.got, x.want) {
			t.Errorf("%s: %q, want %q", what, x.got, x.want)
		}
	}
}

// TestScriptsReadWhatThereIs looks for names of a frame in the scripts of the page that no frame has.
func TestScriptsReadWhatThereIs(t *testing.T) {
	pattern := regexp.MustCompile(`\bf(?:rame)?\??\.(\w+)(?:\?\.|\.)(\w+)`)
	n := 0
	for _, script := range []string{"essentials.js", "conditions.js", "history.js", "state.js", "dashboard.js"} {
		text, err := os.ReadFile("../../web/assets/" + script)
		testkit.Must(t, err)
		for _, found := range pattern.FindAllStringSubmatch(string(text), -1) {
			name := found[1] + "." + found[2]
			if slices.Contains([]string{"all", "kinds", "disks"}, found[1]) { // sums of the script itself, and methods of lists
				continue
			}
			if n++; !slices.Contains(frameNames, name) && !slices.Contains(frameNames, found[1]) {
				t.Errorf("%s reads %s", script, name)
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d names were found: this test shows nothing", n)
	}
}
