package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "github.com/mattn/go-sqlite3"    // the driver "sqlite3"
	"github.com/redis/go-redis/v9"

	"docsquare/internal/testkit/process"
)

// keyPrefix is the CACHE_KEY_PREFIX of the instances.
const keyPrefix = "chaos:"

// plant is everything that runs: the database, Redis, and the instances, each with its own proxy to Redis.
type plant struct {
	postgres  *process.Postgres // nil: the database is a file of SQLite
	redis     *process.Redis    // nil: there is none
	url       string            // of the database
	database  database          // past all instances: for the truth
	admin     *redis.Client     // past all proxies: for faults
	instances []*instance
	logs      string
	ownLogs   bool
}

// build starts everything. The caller must demolish it, also after an error.
func build(ctx context.Context, o options, instances int, sabotage string) (p *plant, err error) {
	p = &plant{logs: o.logs}
	if p.logs == "" {
		p.ownLogs = true
		if p.logs, err = os.MkdirTemp("", "docsquare-chaos-"); err != nil {
			return p, err
		}
	}
	if err := p.open(ctx, o.database); err != nil {
		return p, err
	}
	if o.redis {
		if p.redis, err = process.StartRedis(ctx); err != nil {
			return p, err
		}
		p.admin = redis.NewClient(&redis.Options{Addr: p.redis.Addr, DialTimeout: time.Second, ReadTimeout: 2 * time.Second, MaxRetries: 5})
	}
	for i := range instances {
		x, err := p.add(ctx, o.binary, i, sabotage)
		if err != nil {
			return p, err
		}
		p.instances = append(p.instances, x)
	}
	return p, nil
}

// open opens the database. The file of SQLite is made by the first instance.
func (p *plant) open(ctx context.Context, kind string) (err error) {
	switch kind {
	case sqliteDatabase:
		path, err := filepath.Abs(filepath.Join(p.logs, "chaos.db"))
		if err != nil {
			return err
		}
		p.url, p.database.sqlite = "sqlite://"+path, true
		p.database.DB, err = sql.Open("sqlite3", "file:"+path+"?_txlock=immediate&_busy_timeout=10000")
		return err
	case postgresDatabase:
		if p.postgres, err = process.StartPostgres(ctx); err != nil {
			return err
		}
		p.url = p.postgres.URL
		p.database.DB, err = sql.Open("pgx", p.url)
		return err
	}
	return fmt.Errorf("-database is %s or %s, but not %q", sqliteDatabase, postgresDatabase, kind)
}

func (p *plant) add(ctx context.Context, binary string, index int, sabotage string) (x *instance, err error) {
	x = &instance{index: index, client: newClient()}
	redisURL := ""
	if p.redis != nil {
		if x.proxy, err = process.StartProxy(ctx, p.redis.Addr); err != nil {
			return nil, err
		}
		redisURL = "redis://" + x.proxy.Addr + "/0"
	}
	x.server, err = p.serve(ctx, binary, "instance-"+strconv.Itoa(index), redisURL, sabotage)
	if err != nil {
		x.cutOff()
		return nil, err
	}
	x.born()
	return x, nil
}

// cutOff ends the instance's way to Redis.
func (x *instance) cutOff() {
	if x.proxy != nil {
		x.proxy.Close()
	}
}

// serve starts one server on the database, with its log in its own directory.
func (p *plant) serve(ctx context.Context, binary, name, redisURL, sabotage string) (*process.Docsquare, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(p.logs, name)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	return process.StartDocsquare(ctx, binary, dir, "ENVIRONMENT=development", "DATABASE_URL="+p.url, "REDIS_URL="+redisURL,
		"CACHE_KEY_PREFIX="+keyPrefix, "DOCSQUARE_SABOTAGE="+sabotage)
}

// demolish ends everything and removes its files.
func (p *plant) demolish() {
	for _, x := range p.instances {
		x.server.Kill()
		x.cutOff()
		x.client.CloseIdleConnections()
	}
	if p.admin != nil {
		_ = p.admin.Close() // Redis ends next
	}
	if p.redis != nil {
		p.redis.Close()
	}
	if p.database.DB != nil {
		_ = p.database.Close() // it was only read
	}
	if p.postgres != nil {
		p.postgres.Close()
	}
	if p.ownLogs {
		_ = os.RemoveAll(p.logs) // a leftover in the temporary directory is no reason to fail
	}
}

// instance is one server with its way to Redis.
type instance struct {
	index  int
	server *process.Docsquare
	proxy  *process.Proxy // nil without Redis
	client *http.Client

	mu   sync.Mutex
	life life
	up   bool
}

// life is one run of an instance.
type life struct {
	run   run
	on    *instance
	ended <-chan struct{}
}

// born begins a new life of a server that was started.
func (x *instance) born() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.life = life{run: run{x.index, x.life.run.start + 1}, on: x, ended: x.server.Ended()}
	x.up = true
}

// alive is the present life, false while the instance is down.
func (x *instance) alive() (life, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.life, x.up
}

// kill ends the present life. Requests that fail from now on are excused.
func (x *instance) kill() {
	x.mu.Lock()
	x.up = false
	x.mu.Unlock()
	x.server.Kill()
	x.client.CloseIdleConnections()
}

// restart begins the next life.
func (x *instance) restart(ctx context.Context) error {
	if err := x.server.Start(ctx); err != nil {
		return fmt.Errorf("instance %d does not come back: %w", x.index, err)
	}
	x.born()
	return nil
}

// deathNotice is how long after a failed request the end of its server may come to be known.
const deathNotice = time.Second

// dead reports whether the life is over, or ends at this moment.
func (l life) dead(ctx context.Context) bool {
	if now, up := l.on.alive(); !up || now.run != l.run {
		return true
	}
	select {
	case <-l.ended:
		return true
	case <-ctx.Done():
		return true // the campaign ends, and cut the request off
	case <-time.After(deathNotice):
		return false
	}
}

var errNobody = errors.New("no instance is alive")

// any is a living instance at random.
func (p *plant) any(intn func(int) int) (life, error) {
	first := intn(len(p.instances))
	for i := range p.instances {
		if l, up := p.instances[(first+i)%len(p.instances)].alive(); up {
			return l, nil
		}
	}
	return life{}, errNobody
}
