package clients_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/Khan/genqlient/generate"
	"github.com/google/go-cmp/cmp"

	"docsquare/graph"
	"docsquare/internal/testkit"
)

var update = flag.Bool("update", false, "write the generated client in Go")

// TestGoClientIsGenerated checks that generated.go is what genqlient makes of the schema and the operations.
func TestGoClientIsGenerated(t *testing.T) {
	path := filepath.Join("goclient", "generated.go")
	dir := t.TempDir()
	for _, name := range []string{"genqlient.yaml", "operations.graphql"} {
		text, err := os.ReadFile(filepath.Join("goclient", name))
		testkit.Must(t, err)
		testkit.Must(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	testkit.Must(t, os.WriteFile(filepath.Join(dir, "schema.graphql"), []byte(graph.SDL()), 0o600))
	config, err := generate.ReadAndValidateConfig(filepath.Join(dir, "genqlient.yaml"))
	testkit.Must(t, err)
	files, err := generate.Generate(config)
	testkit.Must(t, err)
	made := files[filepath.Join(dir, "generated.go")]
	if *update {
		testkit.Must(t, os.WriteFile(path, made, 0o600))
	}
	committed, err := os.ReadFile(path)
	testkit.Must(t, err)
	if diff := cmp.Diff(string(made), string(committed)); diff != "" {
		t.Errorf("generated.go differs from what genqlient makes (run the test with -update):\n%s", diff)
	}
}
