package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"docsquare/internal/admin"
	"docsquare/internal/app"
	"docsquare/internal/cache/redis"
	"docsquare/internal/kinds"
	"docsquare/internal/nodeid"
	"docsquare/internal/viewer"
)

// operator is who administers from the command line.
var operator = viewer.Viewer{UserAgent: "docsquare cache"}

// redisPatience is how long a command waits for Redis to be found in order.
const redisPatience = 3 * time.Second

func cacheCommand(c *Command, out io.Writer) *cobra.Command {
	cmd := &cobra.Command{Use: "cache", Short: "Report on the cache, or invalidate entries", GroupID: caching, Args: cobra.ArbitraryArgs, RunE: unknown}
	cmd.AddCommand(cacheStatsCommand(c, out), cacheInvalidateCommand(c, out))
	return cmd
}

// cacheReport is what cache stats prints as JSON.
type cacheReport struct {
	Outbox       int                  `json:"outbox"`       // invalidations that Redis has yet to hear of
	OldestMillis int64                `json:"oldestMillis"` // the age of the oldest
	Redis        *redis.KeyspaceStats `json:"redis"`        // null without REDIS_URL
}

func cacheStatsCommand(c *Command, out io.Writer) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use: "stats", Short: "Report what is in Redis, and what waits in the outbox", Args: noArguments,
		RunE: chosen(c, func([]string) (Command, error) {
			return Command{Do: func(ctx context.Context, a *app.App) error {
				seen := func(scanned int64) { _, _ = fmt.Fprintf(out, "%d keys seen\r", scanned) }
				if asJSON || !terminal(out) {
					seen = func(int64) {}
				}
				report, err := reportCache(ctx, a, seen)
				if err != nil {
					return err
				}
				if asJSON {
					return json.NewEncoder(out).Encode(report)
				}
				return report.print(out, a.Cache)
			}}, nil
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return cmd
}

func reportCache(ctx context.Context, a *app.App, seen func(scanned int64)) (r cacheReport, err error) {
	rows, age, err := a.Store.Backlog(ctx)
	if r.Outbox, r.OldestMillis = rows, age.Milliseconds(); err != nil || a.Config.RedisURL == "" {
		return r, err
	}
	bounded, cancel := context.WithTimeout(ctx, redisPatience)
	defer cancel()
	_ = a.Cache.Ready(bounded) // KeyspaceStats returns the cause
	stats, err := a.Redis.KeyspaceStats(ctx, a.Cache.KindOf, seen)
	r.Redis = &stats
	return r, err
}

func (r cacheReport) print(out io.Writer, c *kinds.Cache) error {
	_, err := fmt.Fprintf(out, "outbox: %d invalidations that Redis has yet to hear of, the oldest for %s\n", r.Outbox, time.Duration(r.OldestMillis)*time.Millisecond)
	if err != nil {
		return err
	}
	if r.Redis == nil {
		_, err = fmt.Fprintln(out, "Redis: none (REDIS_URL is empty). The cache is in the process of the server alone: see its /dashboard, /metrics, or cache in GraphQL.")
		return err
	}
	return describe(out, c, *r.Redis)
}

func describe(out io.Writer, c *kinds.Cache, stats redis.KeyspaceStats) error {
	limit := "without a limit"
	if stats.Limit > 0 {
		limit = fmt.Sprintf("of %d MiB", stats.Limit>>20)
	}
	_, _ = fmt.Fprintf(out, "Redis: %.1f MiB %s; %d keys of this server: %d stamps, %d others that are no entries or of other releases\n\n",
		float64(stats.Used)/(1<<20), limit, stats.Scanned, stats.Stamps, stats.Others)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(t, "kind\tentries in Redis\tTTL\tof nothing\tstale for\t") // Flush returns the failure
	for _, k := range c.Usage().Kinds {
		_, _ = fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t\n", k.Name, stats.Entries[k.Name], k.TTL, k.Negative, k.Stale)
	}
	return t.Flush()
}

func cacheInvalidateCommand(c *Command, out io.Writer) *cobra.Command {
	target, node := admin.Target{}, ""
	cmd := &cobra.Command{
		Use: "invalidate", Short: "Invalidate entries of the cache on every instance", Args: noArguments,
		Example: "  docsquare cache invalidate --kind document",
		RunE: chosen(c, func([]string) (Command, error) {
			if node != "" {
				id, err := nodeid.Parse(node)
				if err != nil {
					return Command{}, fmt.Errorf("--node: %w", err)
				}
				target.Node = id
			}
			return Command{Do: func(ctx context.Context, a *app.App) error {
				if a.Config.RedisURL == "" && !strings.HasPrefix(a.Config.DatabaseURL, "sqlite:") {
					return errors.New("without REDIS_URL no server hears of it: restart the server, or use invalidateCache in GraphQL")
				}
				tags, err := a.Admin.Invalidate(ctx, operator, target)
				if err == nil {
					_, _ = fmt.Fprintf(out, "invalid on every instance: %s\n", strings.Join(tags, ", "))
				}
				return err
			}}, nil
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&target.Kind, "kind", "", "all entries of a kind, such as document")
	flags.StringVar(&target.Tag, "tag", "", "all entries with a tag, such as square")
	flags.BoolVar(&target.Everything, "everything", false, "all entries")
	flags.StringVar(&node, "node", "", "all entries of a node, by its global identifier")
	return cmd
}

func warmCommand(c *Command, out io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "warm", Short: "Fill Redis with what is requested first and most", GroupID: caching, Args: noArguments,
		RunE: chosen(c, func([]string) (Command, error) {
			return Command{Do: func(ctx context.Context, a *app.App) error {
				if a.Config.RedisURL == "" {
					return errors.New("warm fills Redis, but REDIS_URL is empty: a server without Redis warms its own cache at its start")
				}
				if err := a.Admin.Warmed(ctx, operator); err != nil {
					return err
				}
				return a.Warm(ctx, progress(out, "warmed"))
			}}, nil
		}),
	}
}
