// Package cli is the command line: its commands, their flags and their help.
package cli

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

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

// UsageError is an error of the command line itself: nothing was run.
type UsageError struct{ error }

// Unwrap returns the wrapped error.
func (e UsageError) Unwrap() error { return e.error }

// The exit codes of the process.
const (
	exitOK     = 0
	exitFailed = 1 // the command has failed, or has found what must be fixed
	exitUsage  = 2 // there is no such command, flag or argument
)

// ExitCode returns the exit code of the process for an error of Run.
func ExitCode(err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &UsageError{}):
		return exitUsage
	}
	return exitFailed
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

// Parse returns the command of a command line; serve if there are no arguments. Its errors are of the type UsageError, but those of
// commands that need no server.
func Parse(args []string, out io.Writer) (c Command, err error) {
	if len(args) == 0 {
		args = []string{"serve"}
	}
	root := tree(&c, out)
	root.SetArgs(args)
	if err := root.Execute(); err != nil {
		if failed, ok := errors.AsType[failure](err); ok {
			return Command{}, failed.error
		}
		return Command{}, UsageError{err}
	}
	return c, nil
}

// failure is an error of a command that has run within Parse.
type failure struct{ error }

// chosen returns what cobra runs for a command: it notes the command that its arguments make.
func chosen(c *Command, prepare func(args []string) (Command, error)) func(*cobra.Command, []string) error {
	return func(_ *cobra.Command, args []string) (err error) {
		*c, err = prepare(args)
		return err
	}
}
