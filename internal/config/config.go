// Package config owns the configuration: every variable of the environment, its default and what it means. It is read
// once, in server.go.
package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// The environments.
const (
	Development = "development"
	Production  = "production"
)

// What the TTL of a kind may be.
const (
	minTTL = time.Second
	maxTTL = 24 * time.Hour
)

// The account that the first start in development opens. Its password is public: open it in development only.
const (
	DemoUsername = "demo"
	DemoPassword = "docsquare-demo"
)

// Config is the configuration. The tags are the documentation; a group goes on until the next.
type Config struct {
	Environment    string        `group:"Server" env:"ENVIRONMENT" envDefault:"development" help:"development or production; development explains requests to everybody, shows the schema and starts with sample data"`
	Addr           string        `env:"ADDR" envDefault:"127.0.0.1:8080" help:"address to serve on"`
	PublicURL      string        `env:"PUBLIC_URL" help:"where clients reach the server, such as https://docs.example.org; empty: where each request was sent to"`
	RequestTimeout time.Duration `env:"REQUEST_TIMEOUT" envDefault:"10s" help:"time limit of one operation"`
	DrainTimeout   time.Duration `env:"DRAIN_TIMEOUT" envDefault:"10s" help:"shutdown timeout of requests in progress"`
	DrainDelay     time.Duration `env:"DRAIN_DELAY" envDefault:"0s" help:"how long /readyz answers 503 before that, while requests are still answered: as long as a balancer takes to notice"`
	TrustedProxies int           `env:"TRUSTED_PROXIES" envDefault:"0" help:"how many proxies stand before the server, each of which adds to X-Forwarded-For: the address of a client is taken from there only so far"`
	CORSOrigins    []string      `env:"CORS_ORIGINS" help:"allowed CORS origins, such as https://app.example.org,https://*.example.org; pages of this server always may, and in development those of the same machine"`

	DatabaseURL     string        `group:"Data" env:"DATABASE_URL" envDefault:"sqlite://data/docsquare.db" help:"sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME"`
	FilesURL        string        `env:"FILES_URL" envDefault:"file://data/files" help:"where uploaded files are kept: file://DIR, or s3://BUCKET?region=… (with endpoint=… and use_path_style=true for other than AWS; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY as for AWS)"`
	FilesMaxBytes   Bytes         `env:"FILES_MAX_BYTES" envDefault:"1GiB" help:"size limit of one uploaded file"`
	FilesSmallBytes Bytes         `env:"FILES_SMALL_BYTES" envDefault:"8MiB" help:"size limit of a file sent in a GraphQL request"`
	FilesQuotaBytes Bytes         `env:"FILES_QUOTA_BYTES" envDefault:"2GiB" help:"size limit of all files of one account"`
	PDFCacheDir     string        `env:"PDF_CACHE_DIR" help:"directory for the compiled code of the sandbox that reads PDFs; only the account of the server may be able to write to it; empty: pdf, next to the database file or the uploaded files; off: none"`
	UploadTTL       time.Duration `env:"UPLOAD_TTL" envDefault:"24h" help:"idle timeout of an upload"`
	EditorIdle      time.Duration `env:"EDITOR_IDLE" envDefault:"24h" help:"idle timeout of an editor session, which is then paused"`
	AuditTTL        time.Duration `env:"AUDIT_TTL" envDefault:"2160h" help:"how long the audit trail is kept"`

	CacheNearBytes Bytes         `group:"Cache" env:"CACHE_NEAR_BYTES" envDefault:"64MiB" help:"in-memory cache limit"`
	CacheAudit     float64       `env:"CACHE_AUDIT" envDefault:"0" help:"part of the served entries that is compared with the database, 0 to 1; /metrics shows how many were stale"`
	WarmTimeout    time.Duration `env:"WARM_TIMEOUT" envDefault:"10s" help:"how long /readyz may wait for the cache to be warmed at the start; 0s: no warm-up"`

	RedisURL              string        `group:"Redis" env:"REDIS_URL" help:"redis://, rediss:// (TLS) or unix://; several as redis://A,B for a cluster; redis-sentinel://MASTER@A,B or rediss-sentinel://MASTER@A,B; empty: the embedded cache alone"`
	RedisUsername         string        `env:"REDIS_USERNAME" help:"of an ACL user of Redis, instead of one in REDIS_URL; with sentinels the only place to name one"`
	RedisPassword         string        `secret:"" env:"REDIS_PASSWORD" help:"instead of one in REDIS_URL"`
	RedisSentinelPassword string        `secret:"" env:"REDIS_SENTINEL_PASSWORD" help:"of the sentinels themselves; empty: they ask for none"`
	RedisCAFile           string        `env:"REDIS_CA_FILE" help:"certificates, in PEM, of the authorities that vouch for Redis with rediss:// and rediss-sentinel://; empty: those of the system"`
	RedisDB               int           `env:"REDIS_DB" envDefault:"0" help:"number of the database in Redis; a cluster has only 0"`
	RedisReadTimeout      time.Duration `env:"REDIS_READ_TIMEOUT" envDefault:"50ms" help:"timeout of one Redis read, then the database is read"`
	RedisWriteTimeout     time.Duration `env:"REDIS_WRITE_TIMEOUT" envDefault:"100ms" help:"timeout of one Redis write, then the invalidation waits in the outbox"`
	CachePrefix           string        `env:"CACHE_KEY_PREFIX" envDefault:"docsquare:" help:"prefix of every key in Redis"`

	SessionTTL    time.Duration `group:"Accounts" env:"SESSION_TTL" envDefault:"720h" help:"session idle timeout"`
	JWTIssuer     string        `env:"JWT_ISSUER" help:"issuer, as in the iss claim, whose JWTs are accepted in addition to the server's own sessions; empty: none"`
	JWTAudience   string        `env:"JWT_AUDIENCE" help:"what the aud claim must name; needed with JWT_ISSUER"`
	JWTKeysURL    string        `env:"JWT_KEYS_URL" help:"where the issuer's JWKS is; empty: what its OpenID configuration names"`
	JWTAlgorithms []string      `env:"JWT_ALGORITHMS" envDefault:"RS256,ES256,EdDSA" help:"algorithms that signatures may be of"`

	Introspection        string   `group:"Operations that clients may send" env:"INTROSPECTION" help:"on or off: whether the schema can be asked for, and errors suggest names; empty: on in development"`
	TrustedDocuments     []string `env:"TRUSTED_DOCUMENTS" help:"manifests of trusted documents, or directories of them: of Apollo, of Relay, or of the client preset of GraphQL Code Generator"`
	TrustedDocumentsMode string   `env:"TRUSTED_DOCUMENTS_MODE" envDefault:"off" help:"off; log: other documents run and are logged; prefer: they run; enforce: they are refused"`

	LimitTokens      int   `group:"Limits of one operation" env:"LIMIT_TOKENS" envDefault:"2000" help:"maximum tokens of an operation"`
	LimitDepth       int   `env:"LIMIT_DEPTH" envDefault:"15" help:"maximum depth of an operation"`
	LimitAliases     int   `env:"LIMIT_ALIASES" envDefault:"100" help:"maximum aliases of an operation"`
	LimitRootFields  int   `env:"LIMIT_ROOT_FIELDS" envDefault:"20" help:"maximum root fields of an operation"`
	LimitCost        int   `env:"LIMIT_COST" envDefault:"5000" help:"maximum estimated cost of an operation, in points"`
	LimitComparisons int   `env:"LIMIT_COMPARISONS" envDefault:"100000" help:"comparisons of fields with the same name that validating an operation may take: the sum of the squares of how often each name occurs in it"`
	LimitAnswer      Bytes `env:"LIMIT_ANSWER_BYTES" envDefault:"8MiB" help:"size limit of the data of one answer"`

	RateLimits                string `group:"Limits of clients" env:"RATE_LIMITS" help:"on or off: whether budgets and the limits of fields hold; empty: on in production"`
	RateUser                  string `env:"RATE_USER" envDefault:"60000/1m" help:"budget of an account, in points within a time; 0: none"`
	RateAddress               string `env:"RATE_ADDRESS" envDefault:"60000/1m" help:"budget of the guests at an address (IPv6: at a /64), in points within a time; 0: none"`
	RateGlobal                string `env:"RATE_GLOBAL" envDefault:"0" help:"budget of all clients together, in points within a time; 0: none"`
	LimitUnknownTokens        string `env:"LIMIT_UNKNOWN_TOKENS" envDefault:"120/1m" help:"invalid tokens of the clients at an address, as a rate, for session tokens and for those of JWT_ISSUER each: further ones are refused without being checked; 0: no limit"`
	LimitConnections          int    `env:"LIMIT_CONNECTIONS" envDefault:"200" help:"WebSockets and event streams that the clients at an address (IPv6: at a /64) may have open on an instance"`
	LimitSubscriptions        int    `env:"LIMIT_SUBSCRIPTIONS" envDefault:"100" help:"maximum concurrent operations on one WebSocket"`
	LimitAddressSubscriptions int    `env:"LIMIT_ADDRESS_SUBSCRIPTIONS" envDefault:"1000" help:"maximum concurrent operations on all WebSockets of an address (IPv6: of a /64) on an instance"`
	LimitTexts                Bytes  `env:"LIMIT_TEXT_BYTES" envDefault:"1GiB" help:"size limit of all texts of one account: its documents with their revisions, and its editor sessions"`

	LogLevel       string        `group:"Logs, metrics and traces" env:"LOG_LEVEL" envDefault:"info" help:"debug, info, warn or error"`
	SlowOperation  time.Duration `env:"SLOW_OPERATION" envDefault:"1s" help:"operations that take longer are logged with their explain report; 0s: never"`
	MetricsToken   string        `secret:"" env:"METRICS_TOKEN" help:"token required for /metrics, as Authorization: Bearer …; empty: none"`
	TracesEndpoint string        `env:"OTEL_EXPORTER_OTLP_ENDPOINT" help:"where traces are sent by OTLP over HTTP, such as http://collector:4318; empty: nowhere, and none are made"`
	TracesHeaders  []string      `secret:"" env:"OTEL_EXPORTER_OTLP_HEADERS" help:"headers for it, as NAME=VALUE separated by commas"`
	TracesRatio    float64       `env:"OTEL_TRACES_SAMPLER_ARG" envDefault:"0.1" help:"part of the requests that are traced, 0 to 1; one that comes with a sampled traceparent always is, but in production only behind TRUSTED_PROXIES"`
	ServiceName    string        `env:"OTEL_SERVICE_NAME" envDefault:"docsquare" help:"service name in traces"`
	Threads        int           `env:"GOMAXPROCS" help:"threads that run Go code at one time; empty: one more than the CPUs that the process may use, or one on a single CPU"`
	DebugAddr      string        `env:"DEBUG_ADDR" help:"address of the loopback interface to serve profiles on, such as 127.0.0.1:6060, for go tool pprof http://127.0.0.1:6060/debug/pprof/profile; empty: none"`

	CacheTTL map[string]time.Duration `env:"-"` // by kind, from <KIND>_CACHE_TTL
}

// Development reports whether the defaults for development apply.
func (c Config) Development() bool { return c.Environment == Development }

// Introspects reports whether clients can query the schema.
func (c Config) Introspects() bool {
	return c.Introspection == on || c.Introspection == "" && c.Development()
}

// LimitsRates reports whether budgets and the limits of fields apply.
func (c Config) LimitsRates() bool {
	return c.RateLimits == on || c.RateLimits == "" && !c.Development()
}

// PDFCode returns the directory for the compiled code of the sandbox that reads PDFs, "" for none.
func (c Config) PDFCode() string {
	switch c.PDFCacheDir {
	case off:
		return ""
	case "":
	default:
		return c.PDFCacheDir
	}
	for _, data := range [][2]string{{c.DatabaseURL, "sqlite://"}, {c.FilesURL, "file://"}} {
		if path, ok := strings.CutPrefix(data[0], data[1]); ok {
			return filepath.Join(filepath.Dir(filepath.Clean(path)), "pdf")
		}
	}
	if dir, err := os.UserCacheDir(); err == nil {
		return filepath.Join(dir, "docsquare", "pdf")
	}
	return ""
}

// Default returns the configuration of an empty environment.
func Default() Config {
	c, _ := parsed(map[string]string{}) // all defaults are valid
	return c
}

// Load reads the environment. Every error names its variable and what it accepts.
func Load(kinds []string) (Config, error) {
	c, err := parsed(nil)
	if err != nil {
		return c, errors.Join(explained(err), c.loadTTLs(kinds)) // a variable that was not read cannot be checked
	}
	return c, errors.Join(c.check(), c.loadTTLs(kinds))
}

// parsed reads variables, those of the process if they are nil.
func parsed(variables map[string]string) (c Config, err error) {
	parsers := map[reflect.Type]env.ParserFunc{reflect.TypeFor[time.Duration](): func(text string) (any, error) { return duration(text) }}
	err = env.ParseWithOptions(&c, env.Options{FuncMap: parsers, Environment: variables})
	return c, err
}

func (c *Config) loadTTLs(kinds []string) error {
	c.CacheTTL = map[string]time.Duration{}
	var problems []error
	for _, kind := range kinds {
		name := TTLVariable(kind)
		text := os.Getenv(name)
		if text == "" {
			continue
		}
		ttl, err := duration(text)
		if err != nil || ttl < minTTL || ttl > maxTTL {
			problems = append(problems, fmt.Errorf("%s must be %s to %s, such as 90s, 10m or a number of seconds, but is %q", name, short(minTTL), short(maxTTL), text))
			continue
		}
		c.CacheTTL[kind] = ttl
	}
	return errors.Join(problems...)
}

// duration reads a duration with its unit, or a plain number of seconds.
func duration(text string) (time.Duration, error) {
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second, nil
	}
	return time.ParseDuration(text)
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
			e = fmt.Errorf("%s must be %s: %w", variableOf(parse.Name), form(parse.Type), parse.Err)
		}
		out = append(out, e)
	}
	return errors.Join(out...)
}

// form returns a description of how a value of a type is written.
func form(t reflect.Type) string {
	if t == reflect.TypeFor[time.Duration]() {
		return "seconds, or a duration with its unit such as 90s, 10m or 720h"
	}
	if t == reflect.TypeFor[[]string]() {
		return "a list with commas"
	}
	if t == reflect.TypeFor[Bytes]() {
		return "a number of bytes, or a size with its unit such as 64MiB or 1GB"
	}
	if t == reflect.TypeFor[float64]() {
		return "a number"
	}
	return "a whole number"
}
