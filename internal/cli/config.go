package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"docsquare/internal/config"
	"docsquare/internal/kinds"
)

// configCommand prints the configuration. Its help describes the variables.
func configCommand(c *Command, out io.Writer) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use: "config", Short: "Print the configuration; docsquare help config describes the variables", Long: variablesHelp(), GroupID: serving, Args: noArguments,
		RunE: chosen(c, func([]string) (Command, error) {
			return Command{Examine: func(_ context.Context, cfg config.Config, invalid error) error {
				settings := cfg.Settings(kinds.Names())
				if asJSON {
					return errors.Join(json.NewEncoder(out).Encode(settings), invalid)
				}
				return errors.Join(printSettings(out, settings), invalid)
			}}, nil
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array of objects with name, value and set")
	return cmd
}

// printSettings prints a table of settings: the value of each, and whether the environment has set it.
func printSettings(out io.Writer, settings []config.Setting) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, s := range settings {
		from := "default"
		if s.Set {
			from = "environment"
		}
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\n", s.Name, from, cmp.Or(s.Value, "(empty)")) // Flush returns the failure
	}
	return t.Flush()
}
