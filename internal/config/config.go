// Package config owns the configuration: every variable of the environment, its default and what it means. It is read
// once, in server.go.
package config

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/caarlos0/env/v11"
)

// The environments.
const (
	Development = "development"
	Production  = "production"
)

// Config is the configuration. The tags are the documentation that --help prints.
type Config struct {
	Addr           string        `env:"ADDR" envDefault:"127.0.0.1:8080" help:"address to serve on"`
	DatabaseURL    string        `env:"DATABASE_URL" envDefault:"sqlite://data/docsquare.db" help:"sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME"`
	RedisURL       string        `env:"REDIS_URL" help:"redis://, rediss:// or unix://; several as redis://A,B for a cluster; redis-sentinel://MASTER@A,B; empty: the embedded cache alone"`
	RedisPassword  string        `env:"REDIS_PASSWORD" help:"instead of one in REDIS_URL"`
	RedisDB        int           `env:"REDIS_DB" envDefault:"0" help:"number of the database in Redis"`
	CachePrefix    string        `env:"CACHE_KEY_PREFIX" envDefault:"docsquare:" help:"before every key in Redis"`
	CacheNearBytes int64         `env:"CACHE_NEAR_BYTES" envDefault:"134217728" help:"bound of the cache in the process"`
	SessionTTL     time.Duration `env:"SESSION_TTL" envDefault:"720h" help:"after how long a session ends that is not used"`
	RequestTimeout time.Duration `env:"REQUEST_TIMEOUT" envDefault:"10s" help:"bound of one operation"`
	DrainTimeout   time.Duration `env:"DRAIN_TIMEOUT" envDefault:"10s" help:"how long requests may end after a signal to stop"`
	Environment    string        `env:"ENVIRONMENT" envDefault:"development" help:"development or production; development explains requests to everybody, shows the schema and starts with sample data"`
	LogLevel       string        `env:"LOG_LEVEL" envDefault:"info" help:"debug, info, warn or error"`

	CacheTTL map[string]time.Duration `env:"-"` // by kind, from <KIND>_CACHE_TTL in seconds
}

// Development says whether the comfortable defaults hold.
func (c Config) Development() bool { return c.Environment == Development }

const ttlSuffix = "_CACHE_TTL"

// Load reads the environment. Every error names its variable and says what it takes.
func Load(kinds []string) (Config, error) {
	var c Config
	if err := env.Parse(&c); err != nil {
		return c, explained(err)
	}
	return c, errors.Join(c.check(), c.loadTTLs(kinds))
}

func (c *Config) loadTTLs(kinds []string) error {
	c.CacheTTL = map[string]time.Duration{}
	for _, kind := range kinds {
		name := strings.ToUpper(kind) + ttlSuffix
		text, ok := os.LookupEnv(name)
		if !ok || text == "" {
			continue
		}
		seconds, err := strconv.Atoi(text)
		if err != nil || seconds < 1 || seconds > 24*60*60 {
			return fmt.Errorf("%s must be 1 to 86400 seconds, but is %q", name, text)
		}
		c.CacheTTL[kind] = time.Duration(seconds) * time.Second
	}
	return nil
}

func (c *Config) check() error {
	var problems []error
	if c.Environment != Development && c.Environment != Production {
		problems = append(problems, fmt.Errorf("ENVIRONMENT must be development or production, but is %q", c.Environment))
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, c.LogLevel) {
		problems = append(problems, fmt.Errorf("LOG_LEVEL must be debug, info, warn or error, but is %q", c.LogLevel))
	}
	for name, d := range map[string]time.Duration{
		"SESSION_TTL": c.SessionTTL, "REQUEST_TIMEOUT": c.RequestTimeout, "DRAIN_TIMEOUT": c.DrainTimeout,
	} {
		if d <= 0 {
			problems = append(problems, fmt.Errorf("%s must be longer than nothing, such as 10s, but is %s", name, d))
		}
	}
	if u, err := url.Parse(c.DatabaseURL); err != nil || !slices.Contains([]string{"sqlite", "postgres", "postgresql"}, u.Scheme) {
		problems = append(problems, errors.New("DATABASE_URL must begin with sqlite:// or postgres://"))
	}
	return errors.Join(problems...)
}

// explained names the variable behind an error of the parser.
func explained(err error) error {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return err
	}
	var out []error
	for _, e := range all.Errors {
		if parse, ok := errors.AsType[env.ParseError](e); ok {
			e = fmt.Errorf("%s: %w", variableOf(parse.Name), parse.Err)
		}
		out = append(out, e)
	}
	return errors.Join(out...)
}

// Describe writes every variable with its default and meaning.
func Describe(w io.Writer, kinds []string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, v := range variables() {
		if v.name != "-" {
			_, _ = fmt.Fprintf(t, "  %s\t%s\t%s\n", v.name, v.fallback, v.help) // Flush tells of a failure
		}
	}
	_, _ = fmt.Fprintf(t, "  <KIND>%s\t\tseconds that entries of a kind live in the cache; kinds: %s\n", ttlSuffix, strings.Join(kinds, " "))
	return t.Flush()
}
