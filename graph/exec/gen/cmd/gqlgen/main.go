// Command gqlgen runs gqlgen with its configuration in gqlgen.yml, and generates the tables of package exec with it.
package main

import (
	"fmt"
	"io"
	"log"
	"os"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"

	"docsquare/graph/exec/gen"
)

func main() {
	log.SetOutput(io.Discard) //nolint:forbidigo // gqlgen logs every field that needs a resolver, by the global logger
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	cfg, err := config.LoadConfigFromDefaultLocations()
	if err != nil {
		return err
	}
	return api.Generate(cfg, api.AddPlugin(gen.New("tables.generated.go")))
}
