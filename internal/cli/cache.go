package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

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

func cacheStatsCommand(_ *flag.FlagSet, out io.Writer) func([]string) (Command, error) {
	return alone("cache stats", func() (Command, error) {
		return Command{Do: func(ctx context.Context, a *app.App) error {
			rows, age, err := a.Store.Backlog(ctx)
			if err != nil {
				return err
			}
			_, _ = fmt.Fprintf(out, "outbox: %d invalidations that Redis has yet to hear of, the oldest for %s\n", rows, age.Round(time.Millisecond))
			if a.Config.RedisURL == "" {
				_, _ = fmt.Fprintln(out, "Redis: none (REDIS_URL is empty). The cache is in the process of the server alone: see its /dashboard, /metrics, or cache in GraphQL.")
				return nil
			}
			bounded, cancel := context.WithTimeout(ctx, redisPatience)
			defer cancel()
			_ = a.Cache.Ready(bounded) // KeyspaceStats returns the cause
			stats, err := a.Redis.KeyspaceStats(ctx, a.Cache.KindOf, func(seen int64) { _, _ = fmt.Fprintf(out, "%d keys seen\r", seen) })
			_, _ = fmt.Fprintln(out)
			if err != nil {
				return err
			}
			return describe(out, a.Cache, stats)
		}}, nil
	})
}

func describe(out io.Writer, c *kinds.Cache, stats redis.KeyspaceStats) error {
	limit := "without a limit"
	if stats.Limit > 0 {
		limit = fmt.Sprintf("of %d MiB", stats.Limit>>20)
	}
	_, _ = fmt.Fprintf(out, "Redis: %.1f MiB %s; %d keys of this server: %d stamps, %d others that are no entries or of other releases\n\n",
		float64(stats.Used)/(1<<20), limit, stats.Scanned, stats.Stamps, stats.Others)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(t, "kind\tentries in Redis\tTTL\tof nothing\tstale for\t") // Flush tells of a failure
	for _, k := range c.Usage().Kinds {
		_, _ = fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t\n", k.Name, stats.Entries[k.Name], k.TTL, k.Negative, k.Stale)
	}
	return t.Flush()
}

func cacheInvalidateCommand(flags *flag.FlagSet, out io.Writer) func([]string) (Command, error) {
	var target admin.Target
	flags.StringVar(&target.Kind, "kind", "", "all entries of a kind, such as document")
	flags.StringVar(&target.Tag, "tag", "", "what rests on a tag, such as square")
	flags.BoolVar(&target.Everything, "everything", false, "all entries")
	node := flags.String("node", "", "what rests on a node, by its global identifier")
	return alone("cache invalidate", func() (Command, error) {
		if *node != "" {
			id, err := nodeid.Parse(*node)
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
	})
}

func warmCommand(_ *flag.FlagSet, out io.Writer) func([]string) (Command, error) {
	return alone("warm", func() (Command, error) {
		return Command{Do: func(ctx context.Context, a *app.App) error {
			if a.Config.RedisURL == "" {
				return errors.New("warm fills Redis, but REDIS_URL is empty: a server without Redis warms its own cache at its start")
			}
			if err := a.Admin.Warmed(ctx, operator); err != nil {
				return err
			}
			return a.Warm(ctx, progress(out, "warmed"))
		}}, nil
	})
}
