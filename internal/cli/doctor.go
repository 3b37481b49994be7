package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"docsquare/graph"
	"docsquare/graph/quota"
	"docsquare/internal/cache/redis"
	"docsquare/internal/cli/doctor"
	"docsquare/internal/config"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/services/connect"
)

// doctorCommand examines a set-up before anything is opened: what is broken must not be migrated first.
func doctorCommand(c *Command, out io.Writer) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use: "doctor", Short: "Examine configuration, database, Redis, files and clock, and report what to fix", GroupID: serving, Args: noArguments,
		RunE: chosen(c, func([]string) (Command, error) {
			return Command{Examine: func(ctx context.Context, cfg config.Config, invalid error) error {
				redis.LogClients(slog.New(slog.DiscardHandler)) // the findings say it
				write := doctor.Write
				if asJSON {
					write = doctor.WriteJSON
				}
				count, err := write(out, doctor.Examine(ctx, doctor.Options{
					Config: cfg, Invalid: errors.Join(invalid, checked(cfg)), Redis: connect.RedisEndpoint(cfg),
				}))
				if err = errors.Join(err, ctx.Err()); err == nil && count[doctor.Failure] > 0 {
					err = fmt.Errorf("%d of these must be fixed", count[doctor.Failure])
				}
				return err
			}}, nil
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object for each finding, one a line")
	return cmd
}

// checked is what the graph finds wrong with the configuration.
func checked(cfg config.Config) error {
	_, rates := quota.ParseBudgets(cfg.RateUser, cfg.RateAddress, cfg.RateGlobal)
	_, err := graph.LoadDocuments(cfg.TrustedDocuments, cfg.LimitTokens)
	_, unknown := ratelimit.ParseRate(cfg.LimitUnknownTokens)
	if unknown != nil {
		unknown = fmt.Errorf("LIMIT_UNKNOWN_TOKENS: %w", unknown)
	}
	return errors.Join(rates, unknown, err)
}
