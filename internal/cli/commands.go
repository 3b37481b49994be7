package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

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

func serveCommand(c *Command) *cobra.Command {
	return &cobra.Command{
		Use: "serve", Short: "Serve the API; docsquare without a command does the same", GroupID: serving, Args: noArguments,
		RunE: chosen(c, func([]string) (Command, error) {
			return Command{Do: func(ctx context.Context, a *app.App) error {
				if err := writeSample(ctx, a); err != nil {
					return err
				}
				return a.Serve(ctx)
			}}, nil
		}),
	}
}

// writeSample writes sample documents to an empty database, in development only.
func writeSample(ctx context.Context, a *app.App) error {
	written, err := seed.First(ctx, a.Store, a.Accounts, a.Config.Development(), a.Log)
	if err != nil || !written {
		return err
	}
	return a.Derive(ctx, true, services.LogProgress(ctx, a.Log))
}

func importCommand(c *Command, out io.Writer) *cobra.Command {
	o, asJSON := importer.Options{}, false
	cmd := &cobra.Command{
		Use: "import SOURCE", Short: "Import documents with the files that they link to", GroupID: content,
		Long: `Import documents with the files that they link to. SOURCE is a folder of Markdown and text files, a site of Hugo, Jekyll, VuePress or
Docusaurus, a vault of Obsidian, an export of Notion (zip), or one of WordPress (xml). What has not changed since the last import of the
same source is left alone.`,
		Example: "  docsquare import notes\n  docsquare import --private export.zip\n  docsquare import --author ann --json notes >report.json",
		RunE: chosen(c, func(args []string) (Command, error) {
			if len(args) != 1 {
				return Command{}, errors.New("import takes one folder or file: docsquare import SOURCE")
			}
			if err := importer.Check(args[0]); err != nil {
				return Command{}, err
			}
			if !asJSON {
				o.Progress = progress(out, "imported")
			}
			return Command{Do: func(ctx context.Context, a *app.App) error { return runImport(ctx, a, args[0], o, asJSON, out) }}, nil
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Author, "author", "", "username of the account that all documents are for; empty: the authors that the files name, else that of the site or their folders, whose accounts are opened")
	flags.BoolVar(&o.Overwrite, "overwrite", false, "also replace documents that were changed since the last import, if their files have changed; the old texts stay as revisions")
	flags.BoolVar(&o.Private, "private", false, "make all new documents private")
	flags.BoolVar(&asJSON, "json", false, "print the report as JSON, and no progress")
	return cmd
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

func seedCommand(c *Command, out io.Writer) *cobra.Command {
	o := seed.Options{}
	cmd := &cobra.Command{
		Use: "seed", Short: "Fill a database with readers, their interactions, and documents; not in production", GroupID: content, Args: noArguments,
		Example: "  docsquare seed --documents 10000 --users 2000",
		RunE: chosen(c, func([]string) (Command, error) {
			if o.Users < 1 || o.Interactions < 0 || o.Documents < 0 {
				return Command{}, errors.New("seed takes --users of 1 or more, and --interactions and --documents of 0 or more")
			}
			return Command{Do: func(ctx context.Context, a *app.App) error {
				if !a.Config.Development() {
					return errors.New("seed works with ENVIRONMENT=development only: it would mix invented readers with yours")
				}
				o.Progress = stages(out)
				if err := seed.Run(ctx, a.Store, o); err != nil {
					return err
				}
				return a.Derive(ctx, true, o.Progress)
			}}, nil
		}),
	}
	flags := cmd.Flags()
	flags.IntVar(&o.Users, "users", 1000, "how many readers")
	flags.IntVar(&o.Interactions, "interactions", 50_000, "how many likes, favorites and comments together; views and likes of comments come in addition")
	flags.IntVar(&o.Documents, "documents", 0, "how many documents to write first, in English and Chinese; as many with the same seed are written once")
	flags.Uint64Var(&o.Seed, "seed", 1, "the same seed makes the same community")
	return cmd
}

func migrateCommand(c *Command, out io.Writer) *cobra.Command {
	rebuild := false
	cmd := &cobra.Command{
		Use: "migrate", Short: "Bring the schema of the database up to date, and what is derived from its rows", GroupID: serving, Args: noArguments,
		RunE: chosen(c, func([]string) (Command, error) {
			return Command{Do: func(ctx context.Context, a *app.App) error {
				if rebuild {
					if err := a.Derive(ctx, true, stages(out)); err != nil {
						return err
					}
				}
				_, err := fmt.Fprintln(out, "the schema is up to date") // opening the database has seen to it
				return err
			}}, nil
		}),
	}
	cmd.Flags().BoolVar(&rebuild, "rebuild", false, "rebuild the search index and the statistics from the rows")
	return cmd
}

func schemaCommand(out io.Writer) *cobra.Command {
	released := ""
	cmd := &cobra.Command{
		Use: "schema", Short: "Print the GraphQL schema, or what has broken in it", GroupID: schemas, Args: noArguments,
		Example: "  docsquare schema >schema.graphql\n  docsquare schema --against schema.graphql",
		RunE: func(*cobra.Command, []string) error {
			if released == "" {
				_, err := io.WriteString(out, graph.SDL())
				return err
			}
			return compared(out, released)
		},
	}
	cmd.Flags().StringVar(&released, "against", "", "name what breaks clients of the schema in this file, instead of printing the schema; fails where something does")
	return cmd
}

// compared prints what breaks clients of a released schema.
func compared(out io.Writer, released string) error {
	before, err := os.ReadFile(released) //nolint:gosec // the user names the file
	if err != nil {
		return fmt.Errorf("--against: %w", err)
	}
	broken, err := schemadiff.BreakingText(string(before), graph.SDL())
	if err != nil {
		return fmt.Errorf("--against: %w", err)
	}
	for _, change := range broken {
		_, _ = fmt.Fprintln(out, change)
	}
	if len(broken) > 0 {
		return failure{fmt.Errorf("%d changes break clients of %s", len(broken), released)}
	}
	_, err = fmt.Fprintln(out, "nothing breaks")
	return err
}

func tokenCommand(c *Command, out io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "token USER [USER]...", Short: "Print a session token for each user, in development only", GroupID: accounts,
		RunE: chosen(c, func(users []string) (Command, error) {
			if len(users) == 0 {
				return Command{}, errors.New("token takes usernames: docsquare token USER [USER]")
			}
			return Command{Do: func(ctx context.Context, a *app.App) error {
				if !a.Config.Development() {
					return errors.New("token works with ENVIRONMENT=development only")
				}
				return tokens(ctx, a.Accounts, users, out)
			}}, nil
		}),
	}
}

func roleCommand(c *Command, out io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "role USER admin|user", Short: "Make an account an administrator, or a plain user again", GroupID: accounts,
		Example: "  docsquare role ann admin", ValidArgs: []string{"admin", "user"},
		RunE: chosen(c, func(args []string) (Command, error) {
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
		}),
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
