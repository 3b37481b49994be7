// Package gen generates the field tables that package exec runs. It is a plugin of gqlgen, for projects in its
// follow-schema layout, and knows nothing of their schemas.
package gen

import (
	_ "embed"
	"path/filepath"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/99designs/gqlgen/plugin"
)

// execPath is the import path of the executor.
const execPath = "docsquare/graph/exec"

//go:embed tables.gotpl
var template string

// New returns a plugin that writes filename into the directory of gqlgen's own generated code. The file declares
//
//	func Tables(cfg Config) *exec.Schema
func New(filename string) plugin.Plugin { return generator{filename} }

type generator struct{ filename string }

var _ plugin.CodeGenerator = generator{}

// Name returns the name that gqlgen puts in front of errors.
func (generator) Name() string { return "exec" }

// GenerateCode writes the tables. It returns all errors of the schema together, each with the name of its field.
func (g generator) GenerateCode(data *codegen.Data) error {
	tables, err := newTables(data)
	if err != nil {
		return err
	}
	return templates.Render(templates.Options{
		PackageName:     data.Config.Exec.Package,
		Filename:        filepath.Join(data.Config.Exec.Dir(), g.filename),
		Template:        template,
		GeneratedHeader: true,
		Data:            tables,
		Packages:        data.Config.Packages,
		PruneOptions:    data.Config.GetPruneOptions(),
	})
}
