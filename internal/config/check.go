package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// minNearBytes is what the smallest sensible cache in the process takes.
const minNearBytes Bytes = 64 << 10

// check checks what the parser has let through. No error shows a URL, which may hold a password.
func (c *Config) check() error {
	return errors.Join(
		c.checkAddr(), c.checkDebugAddr(), c.checkDatabase(), c.checkRedis(), c.checkFiles(), c.checkDurations(), c.checkAccess(), c.checkProduction(),
		among("ENVIRONMENT", c.Environment, Development, Production),
		among("LOG_LEVEL", c.LogLevel, "debug", "info", "warn", "error"),
		check(c.CacheAudit >= 0 && c.CacheAudit <= 1, "CACHE_AUDIT must be 0 to 1, but is %v", c.CacheAudit),
		check(c.WarmTimeout >= 0, "WARM_TIMEOUT must be 0s or longer, but is %s", c.WarmTimeout),
		check(c.DrainDelay >= 0, "DRAIN_DELAY must be 0s or longer, but is %s", c.DrainDelay),
		check(c.SlowOperation >= 0, "SLOW_OPERATION must be 0s or longer, but is %s", c.SlowOperation),
		c.checkTraces(),
		check(c.RedisDB >= 0, "REDIS_DB must be 0 or more, but is %d", c.RedisDB),
		check(c.CacheNearBytes >= minNearBytes, "CACHE_NEAR_BYTES must be %s or more, but is %s", minNearBytes, c.CacheNearBytes),
	)
}

func check(holds bool, format string, args ...any) error {
	if holds {
		return nil
	}
	return fmt.Errorf(format, args...)
}

func among(name, value string, allowed ...string) error {
	named := slices.Clone(allowed)
	if i := slices.Index(named, ""); i >= 0 {
		named[i] = "empty"
	}
	return check(slices.Contains(allowed, value), "%s must be %s, but is %q", name, strings.Join(named, " or "), value)
}

func (c *Config) checkAddr() error {
	_, port, err := net.SplitHostPort(c.Addr)
	number, notNumber := strconv.Atoi(port)
	return check(err == nil && notNumber == nil && number >= 0 && number <= 65535,
		"ADDR must be HOST:PORT, such as 127.0.0.1:8080 or :8080, but is %q", c.Addr)
}

// checkDebugAddr lets only the machine itself see profiles.
func (c *Config) checkDebugAddr() error {
	if c.DebugAddr == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(c.DebugAddr)
	return check(err == nil && (host == "localhost" || net.ParseIP(host).IsLoopback()),
		"DEBUG_ADDR must be HOST:PORT of the loopback interface, such as 127.0.0.1:6060, but is %q", c.DebugAddr)
}

func (c *Config) checkDatabase() error {
	scheme, rest, ok := strings.Cut(c.DatabaseURL, "://")
	switch {
	case !ok || !slices.Contains([]string{"sqlite", "postgres", "postgresql"}, scheme):
		return errors.New("DATABASE_URL must begin with sqlite:// or postgres://")
	case scheme == "sqlite":
		return check(rest != "" && !strings.HasSuffix(rest, "/"), "DATABASE_URL must name a file, as in sqlite://data/docsquare.db")
	}
	_, err := url.Parse(c.DatabaseURL)
	return check(err == nil, "DATABASE_URL is no URL: write special characters of the password as %%XX")
}

// checkRedis checks the scheme; the rest of the URL is the client's, which reads it at the start too.
func (c *Config) checkRedis() error {
	if c.RedisURL == "" {
		return nil
	}
	scheme, rest, ok := strings.Cut(c.RedisURL, "://")
	sentinels := scheme == "redis-sentinel" || scheme == "rediss-sentinel"
	switch {
	case !ok || !sentinels && !slices.Contains([]string{"redis", "rediss", "unix"}, scheme):
		return errors.New("REDIS_URL must begin with redis://, rediss://, unix://, redis-sentinel:// or rediss-sentinel://, or be empty for the embedded cache alone")
	case rest == "":
		return errors.New("REDIS_URL must name a host, as in redis://HOST:6379")
	case sentinels && !strings.Contains(rest, "@"):
		return errors.New("REDIS_URL must name the master before the sentinels, as in redis-sentinel://MASTER@A:26379,B:26379")
	case c.RedisCAFile != "" && !strings.HasPrefix(scheme, "rediss"):
		return errors.New("REDIS_CA_FILE is of no use without encryption: begin REDIS_URL with rediss:// or rediss-sentinel://, or leave REDIS_CA_FILE empty")
	}
	return nil
}

func (c *Config) checkFiles() error {
	scheme, rest, _ := strings.Cut(c.FilesURL, "://")
	public, err := url.Parse(c.PublicURL)
	return errors.Join(
		check((scheme == "file" || scheme == "s3") && rest != "", "FILES_URL must be file://DIR or s3://BUCKET, but begins with %q", scheme),
		check(c.FilesMaxBytes > 0, "FILES_MAX_BYTES must be 1 or more, but is %d", c.FilesMaxBytes),
		check(c.FilesSmallBytes > 0, "FILES_SMALL_BYTES must be 1 or more, but is %d", c.FilesSmallBytes),
		check(c.FilesQuotaBytes > 0, "FILES_QUOTA_BYTES must be 1 or more, but is %d", c.FilesQuotaBytes),
		check(c.LimitTexts > 0, "LIMIT_TEXT_BYTES must be 1 or more, but is %d", c.LimitTexts),
		check(c.PublicURL == "" || err == nil && (public.Scheme == "http" || public.Scheme == "https") && public.Host != "" && strings.Trim(public.Path, "/") == "",
			"PUBLIC_URL must be http:// or https:// with a host and no path, but is %q", c.PublicURL),
	)
}

func (c *Config) checkDurations() error {
	var problems []error
	for _, d := range []struct {
		name string
		is   time.Duration
	}{
		{"SESSION_TTL", c.SessionTTL},
		{"UPLOAD_TTL", c.UploadTTL},
		{"EDITOR_IDLE", c.EditorIdle},
		{"AUDIT_TTL", c.AuditTTL},
		{"REDIS_READ_TIMEOUT", c.RedisReadTimeout},
		{"REDIS_WRITE_TIMEOUT", c.RedisWriteTimeout},
		{"REQUEST_TIMEOUT", c.RequestTimeout},
		{"DRAIN_TIMEOUT", c.DrainTimeout},
	} {
		problems = append(problems, check(d.is > 0, "%s must be longer than nothing, such as 10s, but is %s", d.name, d.is))
	}
	return errors.Join(problems...)
}
