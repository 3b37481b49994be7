package redis

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

// Endpoint is how to reach Redis. Errors name the environment variables of the fields, such as REDIS_URL, and contain no
// password.
type Endpoint struct {
	URL              string        // empty: no Redis
	Username         string        // of an ACL user, instead of one in the URL
	Password         string        // instead of one in the URL
	SentinelPassword string        // of the sentinels; empty: none
	DB               int           // instead of one in the URL
	Timeout          time.Duration // of a dial, of each command and of waiting for a connection, but at least 100, 200 and 50 ms
	CAFile           string        // certificates of the authorities that the servers are verified with, in PEM; empty: those of the system
}

// The ports of addresses without one.
const (
	redisPort    = "6379"
	sentinelPort = "26379"
)

// Connect returns a client for a Redis URL:
//
//	redis://USER:PASSWORD@HOST:PORT/DB            one server; unix:///PATH its socket
//	redis://USER:PASSWORD@A,B                     a cluster, of which the addresses are some nodes
//	redis-sentinel://MASTER:PASSWORD@A,B/DB       the sentinels of a master
//
// With rediss:// and rediss-sentinel:// all connections are encrypted, also those to sentinels. For an empty URL the client is
// nil. Connect opens no connection: it returns no error if Redis is unavailable. The tier sets deadlines; the client does not
// retry.
func Connect(o Endpoint) (*Client, error) {
	if o.URL == "" {
		return nil, nil //nolint:nilnil // Redis is optional
	}
	u, err := o.universal()
	if err != nil {
		return nil, err
	}
	return newClient(u), nil
}

func (o Endpoint) universal() (*redis.UniversalOptions, error) {
	u, hosts, err := splitURL(o.URL)
	if err != nil {
		return nil, err
	}
	to := &redis.UniversalOptions{
		Username: o.Username, Password: o.Password, DB: o.DB, ContextTimeoutEnabled: true, MaxRetries: -1,
		DialTimeout: max(100*time.Millisecond, o.Timeout), ReadTimeout: max(200*time.Millisecond, o.Timeout),
		WriteTimeout: max(200*time.Millisecond, o.Timeout), PoolTimeout: max(50*time.Millisecond, o.Timeout),
		PoolSize: 32, DialerRetries: 1,
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

// splitURL splits a URL with several addresses into the addresses and the URL with the first one alone.
func splitURL(raw string) (*url.URL, []string, error) {
	scheme, rest, _ := strings.Cut(raw, "://")
	switch scheme {
	case "redis", "rediss", "unix", "redis-sentinel", "rediss-sentinel":
	default: // the scheme is not shown: it may be part of a password
		return nil, nil, errors.New("REDIS_URL must begin with redis://, rediss://, unix://, redis-sentinel:// or rediss-sentinel://")
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	at := strings.LastIndex(rest[:end], "@") + 1
	hosts := strings.Split(rest[at:end], ",")
	u, err := url.Parse(scheme + "://" + rest[:at] + hosts[0] + rest[end:])
	if err != nil { // the error contains the password
		return nil, nil, errors.New("REDIS_URL is no URL: write special characters of the password as %XX")
	}
	return u, hosts, nil
}

// single sets the options of a single server, which redis.ParseURL reads from the URL.
func (o Endpoint) single(to *redis.UniversalOptions) error {
	parsed, err := redis.ParseURL(o.URL)
	if err != nil {
		return fmt.Errorf("REDIS_URL: %w", err)
	}
	to.Addrs, to.TLSConfig = []string{parsed.Addr}, parsed.TLSConfig
	to.Username, to.Password = cmp.Or(o.Username, parsed.Username), cmp.Or(o.Password, parsed.Password)
	to.DB = cmp.Or(o.DB, parsed.DB)
	return nil
}

func (o Endpoint) cluster(to *redis.UniversalOptions, u *url.URL, hosts []string) (err error) {
	if db, err := database(u); err != nil || db != 0 || o.DB != 0 {
		return errors.New("REDIS_URL names a cluster, which has no databases: leave out the path of the URL, and REDIS_DB")
	}
	to.Username = cmp.Or(o.Username, u.User.Username())
	to.Password = cmp.Or(o.Password, password(u))
	encrypt(to, u)
	to.Addrs, err = addresses(hosts, redisPort)
	return err
}

func (o Endpoint) sentinel(to *redis.UniversalOptions, u *url.URL, hosts []string) error {
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
		if err != nil || u.Hostname() == "" { // not shown: it may be part of the password
			return nil, fmt.Errorf("REDIS_URL: address %d must be HOST or HOST:PORT, and special characters of the password must be written as %%XX", i+1)
		}
		out[i] = net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), port))
	}
	return out, nil
}

// encrypt turns on TLS if the scheme of the URL asks for it. Each server is verified by its name.
func encrypt(to *redis.UniversalOptions, u *url.URL) {
	if strings.HasPrefix(u.Scheme, "rediss") {
		to.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
}

// secure verifies the servers with the authorities of REDIS_CA_FILE.
func (o Endpoint) secure(to *redis.UniversalOptions) error {
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

// LogClients sends the messages of all Redis clients of the process, such as every failed dial, to a log at the level of debug.
// The tier logs once that Redis is unavailable.
func LogClients(log *slog.Logger) { redis.SetLogger(clientLog{log}) }

type clientLog struct{ log *slog.Logger }

// Printf is called by the client.
func (c clientLog) Printf(ctx context.Context, format string, v ...any) {
	if c.log.Enabled(ctx, slog.LevelDebug) {
		c.log.DebugContext(ctx, "redis client message", "text", fmt.Sprintf(format, v...))
	}
}
