package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/mitchellh/go-wordwrap"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"docsquare/internal/app"
	"docsquare/internal/config"
	"docsquare/internal/kinds"
)

// The groups of commands.
const (
	serving  = "serving"
	content  = "content"
	caching  = "caching"
	accounts = "accounts"
	schemas  = "schemas"
	helping  = "helping"
)

// tree returns all commands. The one that is executed notes itself in c.
func tree(c *Command, out io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "docsquare",
		Short: "docsquare serves the GraphQL API of a community that writes and shares documents",
		Long: `docsquare serves the GraphQL API of a community that writes and shares documents.
Without a command it serves. It is configured by the environment: see docsquare help config.

Exit codes: 0 done, 1 failed, 2 wrong usage.`,
		Version:       app.Version(),
		SilenceErrors: true, // main prints the error
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE:          unknown,
	}
	root.SetOut(out)
	root.SetErr(out)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w: see %s --help", err, cmd.CommandPath())
	})
	root.AddGroup(
		&cobra.Group{ID: serving, Title: "Run the server:"}, &cobra.Group{ID: content, Title: "Documents:"}, &cobra.Group{ID: caching, Title: "Cache:"},
		&cobra.Group{ID: accounts, Title: "Accounts:"}, &cobra.Group{ID: schemas, Title: "Schema:"}, &cobra.Group{ID: helping, Title: "Help:"},
	)
	root.SetHelpCommandGroupID(helping)
	root.SetCompletionCommandGroupID(helping)
	root.AddCommand(
		serveCommand(c), migrateCommand(c, out), doctorCommand(c, out), configCommand(c, out),
		importCommand(c, out), seedCommand(c, out),
		warmCommand(c, out), cacheCommand(c, out),
		roleCommand(c, out), tokenCommand(c, out),
		schemaCommand(out), versionCommand(out),
	)
	return root
}

// Names returns the names of all commands, such as "cache stats".
func Names() (names []string) {
	var walk func(prefix string, of *cobra.Command)
	walk = func(prefix string, of *cobra.Command) {
		for _, cmd := range of.Commands() {
			names = append(names, prefix+cmd.Name())
			walk(prefix+cmd.Name()+" ", cmd)
		}
	}
	root := tree(&Command{}, io.Discard)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	walk("", root)
	return names
}

// unknown is the error for a command that does not exist. It names those with a similar name.
func unknown(parent *cobra.Command, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%s needs a command: see %s --help", parent.CommandPath(), parent.CommandPath())
	}
	parent.SuggestionsMinimumDistance = 2 // edits
	if similar := parent.SuggestionsFor(args[0]); len(similar) > 0 {
		return fmt.Errorf("there is no command %q: did you mean %s?", parent.CommandPath()+" "+args[0], strings.Join(similar, " or "))
	}
	return fmt.Errorf("there is no command %q: see %s --help", parent.CommandPath()+" "+args[0], parent.CommandPath())
}

// noArguments refuses arguments: a mistyped flag must not be ignored.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no arguments, but got %q: see %s --help", cmd.CommandPath(), args[0], cmd.CommandPath())
	}
	return nil
}

func versionCommand(out io.Writer) *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the version", GroupID: serving, Args: noArguments, RunE: func(*cobra.Command, []string) error {
		_, err := fmt.Fprintln(out, app.Version())
		return err
	}}
}

// The width of help where the terminal does not tell its own.
const (
	defaultWidth = 100
	minWidth     = 60
)

// variablesHelp describes every variable, wrapped to the terminal.
func variablesHelp() string {
	var b strings.Builder
	b.WriteString("The server is configured by environment variables. docsquare config prints the values that it would use.\n")
	group := ""
	for _, v := range config.Variables() {
		if v.Group != group {
			group = v.Group
			fmt.Fprintf(&b, "\n%s:\n", group)
		}
		name := v.Name
		if v.Default != "" {
			name += " (" + v.Default + ")"
		}
		fmt.Fprintf(&b, "  %s\n%s\n", name, indented(v.Help))
	}
	names := make([]string, 0, len(kinds.Names()))
	for _, kind := range kinds.Names() {
		names = append(names, config.TTLVariable(kind))
	}
	fmt.Fprintf(&b, "\nTTLs of the kinds of cache entries, 1s to 24h, instead of their defaults:\n%s\n", indented(strings.Join(names, " ")))
	return b.String()
}

// indented wraps a text to the terminal, below the name of what it describes.
func indented(text string) string {
	const indent = "      "
	width := uint(max(minWidth, terminalWidth()) - len(indent))
	return indent + strings.ReplaceAll(wordwrap.WrapString(text, width), "\n", "\n"+indent)
}

func terminalWidth() int {
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil || width == 0 {
		return defaultWidth
	}
	return width
}
