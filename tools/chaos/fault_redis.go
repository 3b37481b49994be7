package main

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"time"

	"github.com/redis/go-redis/v9"
)

// restartRedis kills Redis, and restarts it with nothing that it knew.
func restartRedis(ctx context.Context, p *plant, random *rand.Rand) error {
	p.redis.Stop()
	_ = wait(ctx, between(random, downFor, 4*downFor))
	return p.redis.Restart(context.WithoutCancel(ctx))
}

// takeSnapshot saves Redis, and lets the world go on without that snapshot for some seconds.
func takeSnapshot(ctx context.Context, p *plant) error {
	if err := p.admin.Save(ctx).Err(); err != nil {
		return err
	}
	return wait(ctx, 3*time.Second)
}

// restoreSnapshot kills Redis, and restarts it as it was when the snapshot was taken.
func restoreSnapshot(ctx context.Context, p *plant, _ *rand.Rand) error {
	p.redis.Stop()
	_ = wait(ctx, downFor)
	err := p.redis.Restart(context.WithoutCancel(ctx))
	if gone := os.Remove(p.redis.Snapshot()); !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone) // the next restart shall find none
	}
	return err
}

func freezeRedis(ctx context.Context, p *plant, _ *rand.Rand) error {
	if err := p.redis.Freeze(); err != nil {
		return err
	}
	_ = wait(ctx, frozenFor)
	return p.redis.Thaw()
}

// flapRedis stops and restarts Redis several times.
func flapRedis(ctx context.Context, p *plant, _ *rand.Rand) error {
	for range flaps {
		if err := flap(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// flap has Redis away for a moment, and back for one.
func flap(ctx context.Context, p *plant) error {
	p.redis.Stop()
	_ = wait(ctx, downFor)
	if err := p.redis.Restart(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	_ = wait(ctx, downFor)
	return nil
}

func flushRedis(ctx context.Context, p *plant, _ *rand.Rand) error {
	return p.admin.FlushAll(ctx).Err()
}

// fillRedis leaves Redis without memory for any write.
func fillRedis(ctx context.Context, p *plant, _ *rand.Rand) error {
	return configured(ctx, func(ctx context.Context) error { return p.admin.ConfigSet(ctx, "maxmemory", "1").Err() },
		func(ctx context.Context) error { return p.admin.ConfigSet(ctx, "maxmemory", "0").Err() })
}

// demoteRedis makes Redis the replica of a server that does not exist: it answers reads and refuses writes.
func demoteRedis(ctx context.Context, p *plant, _ *rand.Rand) error {
	return configured(ctx, func(ctx context.Context) error { return p.admin.ReplicaOf(ctx, "127.0.0.1", "1").Err() },
		func(ctx context.Context) error { return p.admin.ReplicaOf(ctx, "NO", "ONE").Err() })
}

// lockRedis sets a password that no instance knows, and takes it back.
func lockRedis(ctx context.Context, p *plant, _ *rand.Rand) error {
	const other = "another password"
	knows := redis.NewClient(&redis.Options{Addr: p.redis.Addr, Password: other, MaxRetries: 5})
	defer knows.Close()
	return configured(ctx, func(ctx context.Context) error {
		if err := p.admin.ConfigSet(ctx, "requirepass", other).Err(); err != nil {
			return err
		}
		return knows.ClientKillByFilter(ctx, "TYPE", "normal").Err()
	}, func(ctx context.Context) error { return knows.ConfigSet(ctx, "requirepass", "").Err() })
}

// crowdRedis closes every connection and refuses new ones, by a reply, because there are too many.
func crowdRedis(ctx context.Context, p *plant, _ *rand.Rand) error {
	inside := p.admin.Conn() // the one that stays
	defer inside.Close()
	return configured(ctx, func(ctx context.Context) error {
		if err := inside.ConfigSet(ctx, "maxclients", "1").Err(); err != nil {
			return err
		}
		return inside.ClientKillByFilter(ctx, "TYPE", "normal").Err()
	}, func(ctx context.Context) error { return inside.ConfigSet(ctx, "maxclients", "10000").Err() })
}

// configured sets something for a while, and sets it back also where the campaign ends meanwhile.
func configured(ctx context.Context, set, back func(context.Context) error) error {
	if err := set(ctx); err != nil {
		return err
	}
	_ = wait(ctx, refusesFor)
	return back(context.WithoutCancel(ctx))
}
