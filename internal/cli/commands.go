package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/google/uuid"

	"docsquare/ent/user"
	"docsquare/graph"
	"docsquare/internal/account"
	"docsquare/internal/app"
	"docsquare/internal/cli/importer"
	"docsquare/internal/cli/schemadiff"
	"docsquare/internal/cli/seed"
	"docsquare/internal/services"
	"docsquare/internal/viewer"
)

func serveCommand(_ *flag.FlagSet, _ io.Writer) func([]string) (Command, error) {
	return alone("serve", func() (Command, error) {
		return Command{Do: func(ctx context.Context, a *app.App) error {
			if err := writeSample(ctx, a); err != nil {
				return err
			}
			return a.Serve(ctx)
		}}, nil
	})
}

// writeSample writes sample documents to an empty database, in development only.
func writeSample(ctx context.Context, a *app.App) error {
	written, err := seed.First(ctx, a.Store, a.Accounts, a.Config.Development(), a.Log)
	if err != nil || !written {
		return err
	}
	return a.Derive(ctx, true, services.LogProgress(ctx, a.Log))
}

// alone refuses arguments: a mistyped flag must not be taken for nothing.
func alone(name string, understand func() (Command, error)) func([]string) (Command, error) {
	return func(args []string) (Command, error) {
		if len(args) > 0 {
			return Command{}, fmt.Errorf("%s takes no arguments, but got %q: see docsquare %s --help", name, args[0], name)
		}
		return understand()
	}
}

func importCommand(flags *flag.FlagSet, out io.Writer) func([]string) (Command, error) {
	o := importer.Options{}
	flags.StringVar(&o.Author, "author", "", "username of the account that all documents are for; empty: the authors that the files name, else that of the site or their folders, whose accounts are opened")
	flags.BoolVar(&o.Overwrite, "overwrite", false, "also replace documents that were changed since the last import, if their files have changed; the old texts stay as revisions")
	flags.BoolVar(&o.Private, "private", false, "make all new documents private")
	asJSON := flags.Bool("json", false, "print the report as JSON, and no progress")
	return func(args []string) (Command, error) {
		if len(args) != 1 {
			return Command{}, errors.New("import takes one folder or file: docsquare import SOURCE")
		}
		if err := importer.Check(args[0]); err != nil {
			return Command{}, err
		}
		if !*asJSON {
			o.Progress = progress(out, "imported")
		}
		return Command{Do: func(ctx context.Context, a *app.App) error { return runImport(ctx, a, args[0], o, *asJSON, out) }}, nil
	}
}

// runImport imports a source and prints the report.
func runImport(ctx context.Context, a *app.App, name string, o importer.Options, asJSON bool, out io.Writer) error {
	src, err := importer.Open(name)
	if err != nil {
		return err
	}
	report, err := importer.Run(ctx, importer.Services{Store: a.Store, Accounts: a.Accounts, Uploads: a.Uploads}, src, o)
	err = errors.Join(err, src.Close())
	if asJSON {
		err = errors.Join(err, json.NewEncoder(out).Encode(report))
	} else {
		err = errors.Join(err, report.Print(out))
	}
	if n := len(report.Failed); err == nil && n > 0 {
		err = fmt.Errorf("%d files could not be imported: the report has the reasons", n)
	}
	return err
}

func seedCommand(flags *flag.FlagSet, out io.Writer) func([]string) (Command, error) {
	o := seed.Options{}
	flags.IntVar(&o.Users, "users", 1000, "how many readers")
	flags.IntVar(&o.Interactions, "interactions", 50_000, "how many likes, favorites and comments together; views come on top")
	flags.IntVar(&o.Documents, "documents", 0, "how many documents to write first, in English and Chinese; as many with the same seed are written once")
	flags.Uint64Var(&o.Seed, "seed", 1, "the same seed makes the same community")
	return alone("seed", func() (Command, error) {
		if o.Users < 1 || o.Interactions < 0 || o.Documents < 0 {
			return Command{}, errors.New("seed takes --users of 1 or more, and --interactions and --documents of 0 or more")
		}
		return Command{Do: func(ctx context.Context, a *app.App) error {
			o.Progress = func(stage string, done, total int) { progress(out, stage)(done, total) }
			if err := seed.Run(ctx, a.Store, o); err != nil {
				return err
			}
			return a.Derive(ctx, true, o.Progress)
		}}, nil
	})
}

func migrateCommand(flags *flag.FlagSet, out io.Writer) func([]string) (Command, error) {
	rebuild := flags.Bool("rebuild", false, "rebuild the search index and the statistics from the rows")
	return alone("migrate", func() (Command, error) {
		return Command{Do: func(ctx context.Context, a *app.App) error {
			if *rebuild {
				err := a.Derive(ctx, true, func(what string, done, total int) { progress(out, what)(done, total) })
				if err != nil {
					return err
				}
			}
			_, err := fmt.Fprintln(out, "the schema is up to date") // opening the database has seen to it
			return err
		}}, nil
	})
}

func schemaCommand(flags *flag.FlagSet, out io.Writer) func([]string) (Command, error) {
	released := flags.String("against", "", "name what breaks clients of the schema in this file, instead of printing the schema; fails where something does")
	return alone("schema", func() (Command, error) {
		if *released == "" {
			_, err := io.WriteString(out, graph.SDL())
			return Command{}, err
		}
		before, err := os.ReadFile(*released)
		if err != nil {
			return Command{}, fmt.Errorf("--against: %w", err)
		}
		broken, err := schemadiff.BreakingText(string(before), graph.SDL())
		if err != nil {
			return Command{}, fmt.Errorf("--against: %w", err)
		}
		for _, change := range broken {
			_, _ = fmt.Fprintln(out, change)
		}
		if len(broken) > 0 {
			return Command{}, fmt.Errorf("%d changes break clients of %s", len(broken), *released)
		}
		_, err = fmt.Fprintln(out, "nothing breaks")
		return Command{}, err
	})
}

func tokenCommand(_ *flag.FlagSet, out io.Writer) func([]string) (Command, error) {
	return func(users []string) (Command, error) {
		if len(users) == 0 {
			return Command{}, errors.New("token takes usernames: docsquare token USER…")
		}
		return Command{Do: func(ctx context.Context, a *app.App) error {
			if !a.Config.Development() {
				return errors.New("token works with ENVIRONMENT=development only")
			}
			return tokens(ctx, a.Accounts, users, out)
		}}, nil
	}
}

func roleCommand(_ *flag.FlagSet, out io.Writer) func([]string) (Command, error) {
	return func(args []string) (Command, error) {
		if len(args) != 2 {
			return Command{}, errors.New("role takes a username and a role: docsquare role USER admin|user")
		}
		role, ok := map[string]user.Role{"admin": user.RoleAdmin, "user": user.RoleUser}[strings.ToLower(args[1])]
		if !ok {
			return Command{}, fmt.Errorf("a role is admin or user, but this is %q", args[1])
		}
		return Command{Do: func(ctx context.Context, a *app.App) error {
			id, err := named(ctx, a.Accounts, args[0])
			if err == nil {
				err = a.Accounts.Appoint(ctx, id, role)
			}
			if err == nil {
				_, _ = fmt.Fprintf(out, "%s is %s now\n", args[0], role)
			}
			return err
		}}, nil
	}
}

// named is the account of a name.
func named(ctx context.Context, accounts *account.Service, name string) (uuid.UUID, error) {
	id, found, err := accounts.ForSignIn(ctx, name)
	if err == nil && !found {
		err = fmt.Errorf("there is no user %q", name)
	}
	return id, err
}

func tokens(ctx context.Context, accounts *account.Service, users []string, out io.Writer) error {
	for _, name := range users {
		id, err := named(ctx, accounts, name)
		if err != nil {
			return err
		}
		in, err := accounts.SignIn(ctx, id, viewer.Viewer{UserAgent: "docsquare token"})
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintln(out, in.Token)
	}
	return nil
}

// progress writes how far something is, on one line.
func progress(out io.Writer, what string) func(done, total int) {
	return func(done, total int) {
		end := "\r"
		if done >= total {
			end = "\n"
		}
		_, _ = fmt.Fprintf(out, "%s %d of %d%s", what, done, total, end)
	}
}
