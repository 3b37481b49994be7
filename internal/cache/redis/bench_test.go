package redis_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/redis/go-redis/v9"

	farredis "docsquare/internal/cache/redis"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// BenchmarkConnections reads pages of 20 keys from Redis alone, with 1 and 32 readers on each core and different bounds on the
// connections of the client.
func BenchmarkConnections(b *testing.B) {
	for _, readers := range []int{1, 32} {
		for _, connections := range []int{2, 8, 32, 64} {
			b.Run(fmt.Sprintf("%d readers/%d connections", readers, connections), func(b *testing.B) {
				server := testkit.Redis(b)
				client, err := farredis.ConnectPool(farredis.Endpoint{URL: "redis://" + server.Addr, Timeout: patient}, connections)
				testkit.Must(b, err)
				b.Cleanup(func() { _ = client.Close() })
				c := open(b, server, farOnly, func(o *options) { o.client = client })
				b.SetParallelism(readers)
				b.RunParallel(func(p *testing.PB) { readPages(b, c, p) })
			})
		}
	}
}

// readPages reads the same 20 keys again and again.
func readPages(b *testing.B, c *kinds.Cache, p *testing.PB) {
	b.Helper()
	ids := cachetest.NewIDs(20)
	s := cachetest.NewSource(ids...)
	for p.Next() {
		ctx, scope := cachetest.Operation(b.Context(), c, false)
		if _, err := c.Documents.Fetch(ctx, ids, s.Load); err != nil {
			b.Error(err)
		}
		scope.Fill(ctx)
	}
}

// BenchmarkPipelining reads 20 values of 1 KiB with 32 readers on each core, in the ways that the client offers.
func BenchmarkPipelining(b *testing.B) {
	const values = 20
	server := testkit.Redis(b)
	c := client(b, server)
	keys := make([]string, values)
	for i := range keys {
		keys[i] = fmt.Sprintf("%s%d", server.Prefix, i)
		testkit.Must(b, c.Set(b.Context(), keys[i], make([]byte, 1024), 0).Err())
	}
	automatic, err := c.AutoPipeline()
	testkit.Must(b, err)
	b.Cleanup(func() { _ = automatic.Close() })
	for name, read := range map[string]func(context.Context) error{
		"one pipeline": func(ctx context.Context) error {
			_, err := c.Pipelined(ctx, func(p redis.Pipeliner) error { return eachKey(ctx, p, keys) })
			return err
		},
		"each by itself":       func(ctx context.Context) error { return eachKey(ctx, c, keys) },
		"automatic pipelining": func(ctx context.Context) error { return eachKey(ctx, automatic, keys) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetParallelism(32)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if err := read(b.Context()); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// eachKey sends a GET for each key.
func eachKey(ctx context.Context, c redis.Cmdable, keys []string) error {
	for _, key := range keys {
		if err := c.Get(ctx, key).Err(); err != nil {
			return err
		}
	}
	return nil
}
