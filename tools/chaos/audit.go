package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// grace is how long the servers have after the last write until everything must agree.
const grace = 2 * time.Second

// audit compares, after the load has ended, the registers with the database and every instance with the registers.
func (c *campaigning) audit(ctx context.Context) error {
	if err := wait(ctx, grace); err != nil {
		return err
	}
	if err := c.auditDatabase(ctx); err != nil {
		return err
	}
	for _, x := range c.plant.instances {
		if l, up := x.alive(); up {
			c.auditInstance(ctx, l)
		} else {
			c.record.violate(disagreement, "", "instance %d is down", x.index)
		}
	}
	if c.plant.redis == nil {
		return nil
	}
	return c.auditRedis(ctx)
}

// auditDatabase finds acknowledged writes that are not in the database, and outbox rows that are not delivered.
func (c *campaigning) auditDatabase(ctx context.Context) error {
	for _, r := range c.world.registers() {
		value, err := r.truth.value(ctx, c.plant.database)
		if err != nil {
			return fmt.Errorf("the truth of %s: %w", r.name, err)
		}
		if want := r.current(); value != want {
			c.record.violate(lostWrite, "", "%s is %q in the database, but %q was acknowledged", r.name, value, want)
		}
	}
	rows, err := c.outboxRows(ctx)
	if err == nil && rows > 0 {
		c.record.violate(leftOver, "", "%d rows, %v after the last write", rows, grace)
	}
	return err
}

func (c *campaigning) outboxRows(ctx context.Context) (rows int, err error) {
	err = c.plant.database.QueryRowContext(ctx, `SELECT count(*) FROM outbox`).Scan(&rows)
	return rows, err
}

// auditInstance reads every register through an instance.
func (c *campaigning) auditInstance(ctx context.Context, l life) {
	for _, a := range c.world.accounts {
		ids := make([]string, len(a.docs))
		for i, d := range a.docs {
			ids[i] = d.id
		}
		var out answer
		if err := l.call(ctx, a.token, readQuery, variables{"ids": ids, "username": a.username}, &out); err != nil {
			c.record.violate(failedRequest, "", "audit of instance %d: %v", l.run.instance, err)
			continue
		}
		found := map[seen]struct{}{}
		for _, problem := range c.world.see(out, a, found) {
			c.record.violate(disagreement, "", "%s on instance %d", problem, l.run.instance)
		}
		for x := range found {
			if want := x.of.current(); x.value != want {
				c.record.violate(disagreement, "", "%s on instance %d: %q, but the database has %q", x.of.name, l.run.instance, x.value, want)
			}
		}
	}
}

// keyShape is what every key of the cache looks like after the prefix: the version of the layout, and then a stamp, the
// stream and its like behind an @, or an entry behind the name and version of its kind.
var keyShape = regexp.MustCompile(`^v\d+:(@|[a-z_]+\.\d+:)`)

// auditRedis looks at every key in Redis.
func (c *campaigning) auditRedis(ctx context.Context) error {
	counts := map[string]int{}
	keys := c.plant.admin.Scan(ctx, 0, "", 1000).Iterator()
	for keys.Next(ctx) {
		key := keys.Val()
		ttl, err := c.plant.admin.PTTL(ctx, key).Result()
		if err != nil {
			return err
		}
		rest, ours := strings.CutPrefix(key, keyPrefix)
		switch {
		case !ours:
			c.record.violate(badKey, "", "%q does not begin with %q", key, keyPrefix)
		case !keyShape.MatchString(rest):
			c.record.violate(badKey, "", "%q has no version", key)
		case ttl == -1:
			c.record.violate(badKey, "", "%q has no TTL", key)
		}
		counts[kindOf(rest)]++
	}
	c.say("keys in Redis: %v", counts)
	return keys.Err()
}

// kindOf returns roughly what a key holds.
func kindOf(key string) string {
	if version, rest, ok := strings.Cut(key, ":"); ok && strings.HasPrefix(version, "v") {
		key = rest
	}
	if strings.HasPrefix(key, "@") && !strings.HasPrefix(key, "@@") {
		return "stamps"
	}
	name, _, _ := strings.Cut(key, ":")
	return name
}
