// Package command owns the command line: which commands there are, their flags and their help. What a command works on is
// constructed in server.go and handed to it.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"docsquare/internal/account"
	"docsquare/internal/admin"
	"docsquare/internal/cache/redis"
	"docsquare/internal/config"
	"docsquare/internal/edge"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
)

// Parts is what commands work on.
type Parts struct {
	Store    *store.Store
	Cache    *kinds.Cache
	Redis    *redis.Tier // nil without REDIS_URL
	Admin    *admin.Service
	Accounts *account.Service
	Config   config.Config
	Warm     func(ctx context.Context, progress func(done, total int)) error // fills the cache
	// Derive builds what is kept beside the data: all of it, or what is missing.
	Derive func(ctx context.Context, all bool, progress func(name string, done, total int)) error
}

// Command is a command whose words were understood.
type Command struct {
	Serve bool                                     // serve; Do is nil
	Do    func(ctx context.Context, p Parts) error // everything else
	// Examine works on the configuration alone, even one that is invalid; nothing is opened for it.
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
		{"import", "DIR", "import a tree of Markdown and text files as public documents", importCommand},
		{"seed", "", "make a believable community around the documents, and documents where asked to", seedCommand},
		{"migrate", "", "bring the schema of the database up to date, and what is derived from its rows", migrateCommand},
		{"warm", "", "fill Redis with what is asked for first and most", warmCommand},
		{"cache stats", "", "tell what stands in Redis, and what waits in the outbox", cacheStatsCommand},
		{"cache invalidate", "", "make entries of the cache invalid on every instance", cacheInvalidateCommand},
		{"cache warm", "", "the same as warm", warmCommand},
		{"doctor", "", "examine configuration, database, Redis, files and clock, and say what to mend", doctorCommand},
		{"schema", "", "print the GraphQL schema, or what has broken in it", schemaCommand},
		{"role", "USER ROLE", "make an account an administrator, or a plain user again: role ann admin", roleCommand},
		{"token", "USER…", "print a session token for each user (development only)", tokenCommand},
	}
}

// Run understands the words of a command line and has the command run. Help goes to out.
func Run(ctx context.Context, words []string, out io.Writer, run func(context.Context, Command) error) error {
	if len(words) == 0 {
		words = []string{"serve"}
	}
	if words[0] == "help" || words[0] == "-h" || words[0] == "--help" {
		return help(out)
	}
	for _, s := range specs() {
		name := strings.Fields(s.name)
		if len(words) < len(name) || !slices.Equal(words[:len(name)], name) {
			continue
		}
		c, err := s.parse(words[len(name):], out)
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		if err != nil || c.Do == nil && c.Examine == nil && !c.Serve {
			return err
		}
		return run(ctx, c)
	}
	unknown := words[0]
	if len(words) > 1 && slices.ContainsFunc(specs(), func(s spec) bool { return strings.HasPrefix(s.name, unknown+" ") }) {
		unknown += " " + words[1]
	}
	return fmt.Errorf("there is no command %q: see docsquare --help", unknown)
}

func (s spec) parse(args []string, out io.Writer) (Command, error) {
	flags := flag.NewFlagSet("docsquare "+s.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // what is wrong is said once, by the error
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

// Logger writes structured lines to standard error, each with what more knows of its context.
func Logger(level string, more func(context.Context) []slog.Attr) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(level)) // the configuration has checked it
	return slog.New(edge.Logged(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: l}), more))
}
