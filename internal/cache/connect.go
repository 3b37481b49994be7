package cache

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// RedisOptions say how to reach Redis. Errors call them by their names in the environment, REDIS_URL and so on, and show
// no password.
type RedisOptions struct {
	URL              string // empty: no Redis
	Username         string // of an ACL user, instead of one in the URL
	Password         string // instead of one in the URL
	SentinelPassword string // of the sentinels themselves; empty: they ask for none
	DB               int    // instead of one in the URL
	CAFile           string // certificates of the authorities that vouch for the servers, in PEM; empty: those of the system
}

// The ports of addresses without one.
const (
	redisPort    = "6379"
	sentinelPort = "26379"
)

// Connect makes the client for a Redis URL:
//
//	redis://USER:PASSWORD@HOST:PORT/DB            one server; unix:///PATH its socket
//	redis://USER:PASSWORD@A,B                     a cluster, of which the addresses are some nodes
//	redis-sentinel://MASTER:PASSWORD@A,B/DB       the sentinels of a master
//
// With rediss:// and rediss-sentinel:// all connections are encrypted, those to the sentinels too. The client is nil for
// an empty URL. Connect does not reach out yet: a Redis that is away is no error. Deadlines are those of the engine; the
// client retries nothing.
func Connect(o RedisOptions) (*Client, error) {
	if o.URL == "" {
		return nil, nil //nolint:nilnil // no Redis is a choice
	}
	u, err := o.universal()
	if err != nil {
		return nil, err
	}
	return newClient(u), nil
}

func (o RedisOptions) universal() (*redis.UniversalOptions, error) {
	u, hosts, err := dissected(o.URL)
	if err != nil {
		return nil, err
	}
	to := &redis.UniversalOptions{
		Username: o.Username, Password: o.Password, DB: o.DB, ContextTimeoutEnabled: true, MaxRetries: -1,
		DialTimeout: 100 * time.Millisecond, ReadTimeout: 200 * time.Millisecond, WriteTimeout: 200 * time.Millisecond,
		PoolTimeout: 50 * time.Millisecond, PoolSize: 32, DialerRetries: 1,
	}
	switch {
	case strings.HasSuffix(u.Scheme, "-sentinel"):
		err = o.sentinel(to, u, hosts)
	case len(hosts) > 1:
		err = o.cluster(to, u, hosts)
	default:
		err = o.single(to)
	}
	if err != nil {
		return nil, err
	}
	return to, o.secure(to)
}

// dissected takes a URL apart that may name several addresses, which the URL itself then lacks but for the first.
func dissected(raw string) (*url.URL, []string, error) {
	scheme, rest, _ := strings.Cut(raw, "://")
	switch scheme {
	case "redis", "rediss", "unix", "redis-sentinel", "rediss-sentinel":
	default: // which is not shown: it may be anything
		return nil, nil, errors.New("REDIS_URL must begin with redis://, rediss://, unix://, redis-sentinel:// or rediss-sentinel://")
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	at := strings.LastIndex(rest[:end], "@") + 1
	hosts := strings.Split(rest[at:end], ",")
	u, err := url.Parse(scheme + "://" + rest[:at] + hosts[0] + rest[end:])
	if err != nil { // it shows the password
		return nil, nil, errors.New("REDIS_URL is no URL: write special characters of the password as %XX")
	}
	return u, hosts, nil
}

// single reads everything that a URL of one server can say, such as TLS and the number of the database.
func (o RedisOptions) single(to *redis.UniversalOptions) error {
	parsed, err := redis.ParseURL(o.URL)
	if err != nil {
		return fmt.Errorf("REDIS_URL: %w", err)
	}
	to.Addrs, to.TLSConfig = []string{parsed.Addr}, parsed.TLSConfig
	to.Username, to.Password = cmp.Or(o.Username, parsed.Username), cmp.Or(o.Password, parsed.Password)
	to.DB = cmp.Or(o.DB, parsed.DB)
	return nil
}

func (o RedisOptions) cluster(to *redis.UniversalOptions, u *url.URL, hosts []string) (err error) {
	if db, err := database(u); err != nil || db != 0 || o.DB != 0 {
		return errors.New("REDIS_URL names a cluster, which has no databases: leave out the path of the URL, and REDIS_DB")
	}
	to.Username = cmp.Or(o.Username, u.User.Username())
	to.Password = cmp.Or(o.Password, password(u))
	encrypt(to, u)
	to.Addrs, err = addresses(hosts, redisPort)
	return err
}

func (o RedisOptions) sentinel(to *redis.UniversalOptions, u *url.URL, hosts []string) error {
	if to.MasterName = u.User.Username(); to.MasterName == "" {
		return errors.New("REDIS_URL must name the master before the sentinels, as in redis-sentinel://MASTER@A:26379,B:26379")
	}
	db, err := database(u)
	if err != nil {
		return err
	}
	to.DB = cmp.Or(o.DB, db)
	to.Password, to.SentinelPassword = cmp.Or(o.Password, password(u)), o.SentinelPassword
	encrypt(to, u)
	to.Addrs, err = addresses(hosts, sentinelPort)
	return err
}

func password(u *url.URL) string {
	p, _ := u.User.Password()
	return p
}

func database(u *url.URL) (db int, err error) {
	path := strings.Trim(u.Path, "/")
	if path == "" {
		return 0, nil
	}
	if _, err := fmt.Sscanf(path+"\n", "%d\n", &db); err != nil || db < 0 {
		return 0, errors.New("REDIS_URL must end with the number of the database, as in redis-sentinel://MASTER@A,B/2, or with the addresses")
	}
	return db, nil
}

func addresses(hosts []string, port string) ([]string, error) {
	out := make([]string, len(hosts))
	for i, host := range hosts {
		u, err := url.Parse("//" + host)
		if err != nil || u.Hostname() == "" { // not shown: it may be a piece of the password
			return nil, fmt.Errorf("REDIS_URL: address %d must be HOST or HOST:PORT, and special characters of the password must be written as %%XX", i+1)
		}
		out[i] = net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), port))
	}
	return out, nil
}

// encrypt asks for TLS where the URL does. Each server is held to its own name.
func encrypt(to *redis.UniversalOptions, u *url.URL) {
	if strings.HasPrefix(u.Scheme, "rediss") {
		to.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
}

// secure has the authorities of REDIS_CA_FILE vouch for the servers.
func (o RedisOptions) secure(to *redis.UniversalOptions) error {
	if o.CAFile == "" {
		return nil
	}
	if to.TLSConfig == nil {
		return errors.New("REDIS_CA_FILE is of no use without encryption: begin REDIS_URL with rediss:// or rediss-sentinel://, or leave REDIS_CA_FILE empty")
	}
	text, err := os.ReadFile(o.CAFile)
	if err != nil {
		return fmt.Errorf("REDIS_CA_FILE must name a file that can be read: %w", err)
	}
	to.TLSConfig.RootCAs = x509.NewCertPool()
	if !to.TLSConfig.RootCAs.AppendCertsFromPEM(text) {
		return fmt.Errorf("REDIS_CA_FILE must name a file of certificates in PEM (-----BEGIN CERTIFICATE-----), which %s is not", o.CAFile)
	}
	return nil
}

// LogClients has what the clients of this process say of their own accord, such as every dial that fails, said to the log
// as details: the engine tells once what it means.
func LogClients(log *slog.Logger) { redis.SetLogger(clientLog{log}) }

type clientLog struct{ log *slog.Logger }

// Printf is what the client calls.
func (c clientLog) Printf(ctx context.Context, format string, v ...any) {
	if c.log.Enabled(ctx, slog.LevelDebug) {
		c.log.DebugContext(ctx, "the client of Redis says", "text", fmt.Sprintf(format, v...))
	}
}
