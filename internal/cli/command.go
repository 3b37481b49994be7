// Package cli is the command line: its commands, their flags and their help.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"docsquare/internal/app"
	"docsquare/internal/cache/redis"
	"docsquare/internal/config"
	"docsquare/internal/kinds"
)

// Command is a command whose arguments are valid. At most one of its functions is set; none if Parse has already done all, such as
// printing the help.
type Command struct {
	// Do runs the command on a server whose workers run.
	Do func(ctx context.Context, a *app.App) error

	// Examine runs the command on the configuration alone, which may be invalid. Nothing is opened.
	Examine func(ctx context.Context, cfg config.Config, invalid error) error
}

// spec declares a command.
type spec struct {
	name, args, about string
	prepare           func(flags *flag.FlagSet, out io.Writer) func(args []string) (Command, error)
}

func specs() []spec {
	return []spec{
		{"serve", "", "serve the API; it is what docsquare does without a command", serveCommand},
		{"import", "SOURCE", "import documents, with the files that they link to: of a folder of Markdown and text, of a site of Hugo, Jekyll, VuePress or Docusaurus, of a vault of Obsidian, of an export of Notion (zip) or WordPress (xml)", importCommand},
		{"seed", "", "make a believable community around the documents, and documents where asked to", seedCommand},
		{"migrate", "", "bring the schema of the database up to date, and what is derived from its rows", migrateCommand},
		{"warm", "", "fill Redis with what is asked for first and most", warmCommand},
		{"cache stats", "", "tell what stands in Redis, and what waits in the outbox", cacheStatsCommand},
		{"cache invalidate", "", "make entries of the cache invalid on every instance", cacheInvalidateCommand},
		{"cache warm", "", "the same as warm", warmCommand},
		{"doctor", "", "examine configuration, database, Redis, files and clock, and report what to fix", doctorCommand},
		{"schema", "", "print the GraphQL schema, or what has broken in it", schemaCommand},
		{"role", "USER ROLE", "make an account an administrator, or a plain user again: role ann admin", roleCommand},
		{"token", "USER…", "print a session token for each user (development only)", tokenCommand},
	}
}

// Run parses a command line and runs its command. Output and help go to out.
func Run(ctx context.Context, args []string, out io.Writer) error {
	c, err := Parse(args, out)
	if err != nil || c.Do == nil && c.Examine == nil {
		return err
	}
	cfg, err := config.Load(kinds.Names())
	if c.Examine != nil {
		return c.Examine(ctx, cfg, err)
	}
	if err != nil {
		return err
	}
	log := app.NewLog(cfg.LogLevel)
	slog.SetDefault(log)
	redis.LogClients(log)
	a, err := app.Open(ctx, cfg, app.Options{Log: log})
	if err != nil {
		return err
	}
	a.Start()
	return errors.Join(c.Do(ctx, a), a.Close())
}

// Parse returns the command of a command line; serve if there are no arguments.
func Parse(args []string, out io.Writer) (Command, error) {
	if len(args) == 0 {
		args = []string{"serve"}
	}
	if args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		return Command{}, help(out)
	}
	for _, s := range specs() {
		name := strings.Fields(s.name)
		if len(args) < len(name) || !slices.Equal(args[:len(name)], name) {
			continue
		}
		c, err := s.parse(args[len(name):], out)
		if errors.Is(err, flag.ErrHelp) {
			err = nil
		}
		return c, err
	}
	unknown := args[0]
	if len(args) > 1 && slices.ContainsFunc(specs(), func(s spec) bool { return strings.HasPrefix(s.name, unknown+" ") }) {
		unknown += " " + args[1]
	}
	return Command{}, fmt.Errorf("there is no command %q: see docsquare --help", unknown)
}

func (s spec) parse(args []string, out io.Writer) (Command, error) {
	flags := flag.NewFlagSet("docsquare "+s.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the error says it
	understand := s.prepare(flags, out)
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		s.help(flags, out)
		return Command{}, err
	}
	if err != nil {
		return Command{}, fmt.Errorf("%w: see docsquare %s --help", err, s.name)
	}
	return understand(flags.Args())
}

func (s spec) help(flags *flag.FlagSet, out io.Writer) {
	_, _ = fmt.Fprintf(out, "docsquare %s [flags] %s\n\n%s.\n\n", s.name, s.args, s.about)
	flags.SetOutput(out)
	flags.PrintDefaults()
}

func help(out io.Writer) error {
	_, _ = fmt.Fprint(out, "docsquare serves the GraphQL API of a community that writes and shares documents.\n\nCommands:\n")
	for _, s := range specs() {
		_, _ = fmt.Fprintf(out, "  %-16s %s\n", s.name+" "+s.args, s.about)
	}
	_, _ = fmt.Fprint(out, "\nEach takes --help. Configuration, by environment:\n")
	return config.Describe(out, kinds.Names())
}
