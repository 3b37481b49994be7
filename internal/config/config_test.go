package config_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"docsquare/internal/config"
)

var kinds = []string{"user", "square_total"}

// TestBadValues lists for each value the variable that the error must name, and what else it must contain to help fix it.
func TestBadValues(t *testing.T) {
	for _, c := range []struct{ name, value, help string }{
		{"ADDR", "8080", "HOST:PORT"},
		{"ADDR", "127.0.0.1:port", "HOST:PORT"},
		{"ADDR", ":65536", "HOST:PORT"},
		{"DEBUG_ADDR", ":6060", "loopback"},
		{"DEBUG_ADDR", "example.org:6060", "loopback"},
		{"DATABASE_URL", "data/docsquare.db", "sqlite://"},
		{"DATABASE_URL", "mysql://u:secret@h/d", "postgres://"},
		{"DATABASE_URL", "sqlite://", "a file"},
		{"DATABASE_URL", "sqlite://data/", "a file"},
		{"DATABASE_URL", "postgres://u:secret%@h/d", "%XX"},
		{"REDIS_URL", "localhost:6379", "redis://"},
		{"REDIS_URL", "http://:secret@localhost", "redis://"},
		{"REDIS_URL", "redis://", "a host"},
		{"REDIS_URL", "redis-sentinel://a,b", "MASTER@"},
		{"REDIS_URL", "rediss-sentinel://a,b", "MASTER@"},
		{"REDIS_DB", "one", "whole number"},
		{"REDIS_DB", "-1", "0 or more"},
		{"REDIS_READ_TIMEOUT", "fast", "such as 90s"},
		{"REDIS_READ_TIMEOUT", "0", "longer than nothing"},
		{"REDIS_WRITE_TIMEOUT", "-1ms", "longer than nothing"},
		{"CACHE_AUDIT", "some", "a number"},
		{"CACHE_AUDIT", "1.5", "0 to 1"},
		{"WARM_TIMEOUT", "-1s", "0s or longer"},
		{"CACHE_NEAR_BYTES", "128 megs", "a size with its unit"},
		{"CACHE_NEAR_BYTES", "0", "64KiB or more"},
		{"CACHE_NEAR_BYTES", "-1", "a size with its unit"},
		{"SESSION_TTL", "a month", "such as 90s"},
		{"SESSION_TTL", "0", "longer than nothing"},
		{"SESSION_TTL", "-1h", "longer than nothing"},
		{"REQUEST_TIMEOUT", "10 seconds", "such as 90s"},
		{"REQUEST_TIMEOUT", "-1s", "longer than nothing"},
		{"DRAIN_TIMEOUT", "x", "such as 90s"},
		{"DRAIN_TIMEOUT", "0s", "longer than nothing"},
		{"DRAIN_DELAY", "-1s", "0s or longer"},
		{"SLOW_OPERATION", "slow", "such as 90s"},
		{"SLOW_OPERATION", "-1s", "0s or longer"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "http://collector:4318"},
		{"OTEL_EXPORTER_OTLP_HEADERS", "secret", "NAME=VALUE"},
		{"OTEL_TRACES_SAMPLER_ARG", "half", "a number"},
		{"OTEL_TRACES_SAMPLER_ARG", "2", "0 to 1"},
		{"FILES_URL", "/data/files", "file://DIR"},
		{"FILES_URL", "ftp://h/d", "s3://BUCKET"},
		{"FILES_URL", "s3://", "s3://BUCKET"},
		{"FILES_MAX_BYTES", "1GX", "a size with its unit"},
		{"FILES_MAX_BYTES", "0", "1 or more"},
		{"FILES_SMALL_BYTES", "-1", "a size with its unit"},
		{"FILES_QUOTA_BYTES", "0", "1 or more"},
		{"UPLOAD_TTL", "0", "longer than nothing"},
		{"EDITOR_IDLE", "-1h", "longer than nothing"},
		{"PUBLIC_URL", "docs.example.org", "https://"},
		{"PUBLIC_URL", "https://docs.example.org/api", "no path"},
		{"TRUSTED_PROXIES", "-1", "0 or more"},
		{"CORS_ORIGINS", "app.example.org", "https://app.example.org"},
		{"CORS_ORIGINS", "https://a.example.org,https://b.example.org/path", "without a path"},
		{"INTROSPECTION", "yes", "on or off"},
		{"RATE_LIMITS", "1", "must be empty or on or off, but is"},
		{"LIMIT_TOKENS", "0", "1 or more"},
		{"LIMIT_DEPTH", "deep", "whole number"},
		{"LIMIT_ALIASES", "-1", "1 or more"},
		{"LIMIT_ROOT_FIELDS", "0", "1 or more"},
		{"LIMIT_COST", "0", "1 or more"},
		{"LIMIT_ANSWER_BYTES", "0", "1 or more"},
		{"TRUSTED_DOCUMENTS_MODE", "strict", "enforce"},
		{"AUDIT_TTL", "0", "longer than nothing"},
		{"ENVIRONMENT", "staging", "development or production"},
		{"LOG_LEVEL", "verbose", "debug or info or warn or error"},
		{"USER_CACHE_TTL", "soon", "1s to 24h"},
		{"USER_CACHE_TTL", "0", "1s to 24h"},
		{"USER_CACHE_TTL", "-5", "1s to 24h"},
		{"SQUARE_TOTAL_CACHE_TTL", "86401", "1s to 24h"},
	} {
		t.Run(c.name+"="+c.value, func(t *testing.T) {
			t.Setenv(c.name, c.value)
			_, err := config.Load(kinds)
			if err == nil || !strings.HasPrefix(err.Error(), c.name+" ") || !strings.Contains(err.Error(), c.help) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestAllAtOnce names every variable that is wrong, not the first alone.
func TestAllAtOnce(t *testing.T) {
	for _, list := range [][]string{
		{"ADDR", "DATABASE_URL", "REDIS_URL", "ENVIRONMENT", "LOG_LEVEL", "USER_CACHE_TTL", "SQUARE_TOTAL_CACHE_TTL"},
		{"REDIS_DB", "CACHE_NEAR_BYTES", "SESSION_TTL", "REQUEST_TIMEOUT", "DRAIN_TIMEOUT", "USER_CACHE_TTL"},
	} {
		t.Run(list[0], func(t *testing.T) {
			for _, name := range list {
				t.Setenv(name, "bad")
			}
			_, err := config.Load(kinds)
			for _, name := range list {
				if err == nil || !strings.Contains("\n"+err.Error(), "\n"+name+" ") {
					t.Errorf("%s is not named in %v", name, err)
				}
			}
		})
	}
}

// TestGoodValues reads what the help promises.
func TestGoodValues(t *testing.T) {
	for _, c := range []struct {
		name, value string
		holds       func(c config.Config) bool
	}{
		{"ADDR", ":0", func(c config.Config) bool { return c.Addr == ":0" }},
		{"DEBUG_ADDR", "[::1]:6060", func(c config.Config) bool { return c.DebugAddr == "[::1]:6060" }},
		{"DEBUG_ADDR", "localhost:6060", func(c config.Config) bool { return c.DebugAddr == "localhost:6060" }},
		{"ADDR", "[::1]:8080", func(c config.Config) bool { return c.Addr == "[::1]:8080" }},
		{"ADDR", "", func(c config.Config) bool { return c.Addr == "127.0.0.1:8080" }},
		{"DATABASE_URL", "postgres://u@h/d", func(c config.Config) bool { return c.DatabaseURL == "postgres://u@h/d" }},
		{"DATABASE_URL", "sqlite:///数据/a b%.db", func(c config.Config) bool { return c.DatabaseURL == "sqlite:///数据/a b%.db" }},
		{"REDIS_URL", "redis://a:1,b:2", func(c config.Config) bool { return c.RedisURL == "redis://a:1,b:2" }},
		{"REDIS_URL", "redis-sentinel://m@a,b", func(c config.Config) bool { return c.RedisURL == "redis-sentinel://m@a,b" }},
		{"REDIS_URL", "unix:///run/redis.sock", func(c config.Config) bool { return c.RedisURL == "unix:///run/redis.sock" }},
		{"REDIS_URL", "rediss-sentinel://m@a,b", func(c config.Config) bool { return c.RedisURL == "rediss-sentinel://m@a,b" }},
		{"REDIS_USERNAME", "ann", func(c config.Config) bool { return c.RedisUsername == "ann" }},
		{"REDIS_PASSWORD", "s e%c", func(c config.Config) bool { return c.RedisPassword == "s e%c" }},
		{"REDIS_SENTINEL_PASSWORD", "s e%c", func(c config.Config) bool { return c.RedisSentinelPassword == "s e%c" }},
		{"REDIS_CA_FILE", "ca.pem", func(c config.Config) bool { return c.RedisCAFile == "ca.pem" }},
		{"DRAIN_DELAY", "5", func(c config.Config) bool { return c.DrainDelay == 5*time.Second && c.SlowOperation == time.Second }},
		{"OTEL_EXPORTER_OTLP_HEADERS", "a=b=c, d=", func(c config.Config) bool {
			h := c.TraceHeaders()
			return len(h) == 2 && h["a"] == "b=c" && h["d"] == "" && c.TracesRatio == 0.1
		}},
		{"SESSION_TTL", "3600", func(c config.Config) bool { return c.SessionTTL == time.Hour }},
		{"SESSION_TTL", "90m", func(c config.Config) bool { return c.SessionTTL == 90*time.Minute }},
		{"FILES_URL", "s3://b?region=x", func(c config.Config) bool { return c.FilesURL == "s3://b?region=x" }},
		{"FILES_MAX_BYTES", "5", func(c config.Config) bool {
			return c.FilesMaxBytes == 5 && c.FilesSmallBytes == 8<<20 && c.FilesQuotaBytes == 2<<30
		}},
		{"PUBLIC_URL", "https://docs.example.org/", func(c config.Config) bool { return c.PublicURL == "https://docs.example.org/" }},
		{"EDITOR_IDLE", "2h", func(c config.Config) bool { return c.EditorIdle == 2*time.Hour && c.UploadTTL == 24*time.Hour }},
		{"USER_CACHE_TTL", "5m", func(c config.Config) bool { return c.CacheTTL["user"] == 5*time.Minute }},
		{"CACHE_NEAR_BYTES", "128MiB", func(c config.Config) bool { return c.CacheNearBytes == 128<<20 }},
		{"USER_CACHE_TTL", "60", func(c config.Config) bool { return c.CacheTTL["user"] == time.Minute && len(c.CacheTTL) == 1 }},
		{"CORS_ORIGINS", "https://a.example.org,https://*.example.org", func(c config.Config) bool { return len(c.CORSOrigins) == 2 }},
		{"INTROSPECTION", "off", func(c config.Config) bool { return !c.Introspects() && !c.LimitsRates() }},
		{"RATE_LIMITS", "on", func(c config.Config) bool { return c.LimitsRates() && c.Introspects() }},
		{"TRUSTED_DOCUMENTS", "a.json,b", func(c config.Config) bool { return len(c.TrustedDocuments) == 2 && c.TrustedDocumentsMode == "off" }},
	} {
		t.Run(c.name+"="+c.value, func(t *testing.T) {
			t.Setenv(c.name, c.value)
			got, err := config.Load(kinds)
			if err != nil || !c.holds(got) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// TestCAFileWithoutEncryption: who names an authority believes that the way to Redis is encrypted.
func TestCAFileWithoutEncryption(t *testing.T) {
	t.Setenv("REDIS_CA_FILE", "ca.pem")
	for url, bad := range map[string]bool{
		"redis://:secret@a": true, "redis-sentinel://m:secret@a": true, "unix:///redis.sock": true,
		"rediss://a": false, "rediss-sentinel://m@a": false, "": false,
	} {
		t.Setenv("REDIS_URL", url)
		_, err := config.Load(kinds)
		if bad != (err != nil) || bad && (!strings.HasPrefix(err.Error(), "REDIS_CA_FILE ") || !strings.Contains(err.Error(), "rediss://") || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// TestProduction refuses the settings of a developer's machine, and is strict where nothing is said.
func TestProduction(t *testing.T) {
	t.Setenv("ENVIRONMENT", "production")
	if _, err := config.Load(kinds); err == nil || !strings.HasPrefix(err.Error(), "PUBLIC_URL ") {
		t.Errorf("%v", err)
	}
	t.Setenv("PUBLIC_URL", "https://docs.example.org")
	c, err := config.Load(kinds)
	if err != nil || c.Development() || c.Introspects() || !c.LimitsRates() || !c.Public() {
		t.Errorf("%+v, %v", c, err)
	}
	if c.TrustedProxies = 1; c.Public() {
		t.Error("anybody may ask the server behind a proxy")
	}
	for name, value := range map[string]string{"CORS_ORIGINS": "*", "RATE_LIMITS": "off", "LOG_LEVEL": "debug"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			if _, err := config.Load(kinds); err == nil || !strings.HasPrefix(err.Error(), name+" ") {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestOutsideIssuer needs to know for whom its tokens are.
func TestOutsideIssuer(t *testing.T) {
	t.Setenv("JWT_ISSUER", "https://id.example.org")
	if _, err := config.Load(kinds); err == nil || !strings.HasPrefix(err.Error(), "JWT_AUDIENCE ") {
		t.Errorf("%v", err)
	}
	t.Setenv("JWT_AUDIENCE", "docsquare")
	if c, err := config.Load(kinds); err != nil || len(c.JWTAlgorithms) != 3 {
		t.Errorf("%+v, %v", c, err)
	}
	t.Setenv("JWT_ISSUER", "")
	if _, err := config.Load(kinds); err == nil || !strings.HasPrefix(err.Error(), "JWT_ISSUER ") {
		t.Errorf("%v", err)
	}
}

// TestVariables describes every field of the configuration, each variable once and within one group.
func TestVariables(t *testing.T) {
	all, groups, group := map[string]bool{}, map[string]bool{}, ""
	for _, v := range config.Variables() {
		if v.Name == "" || v.Help == "" || all[v.Name] {
			t.Errorf("%+v has no name or help, or is there twice", v)
		}
		if all[v.Name] = true; v.Group != group && (v.Group == "" || groups[v.Group]) {
			t.Errorf("%+v is apart from its group", v)
		}
		group, groups[v.Group] = v.Group, true
	}
	if fields := reflect.TypeFor[config.Config]().NumField() - 1; len(all) != fields {
		t.Errorf("%d variables of %d fields", len(all), fields)
	}
}

// TestBytes reads and writes sizes.
func TestBytes(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "5": 5, "1KiB": 1 << 10, "64MiB": 64 << 20, "1GiB": 1 << 30, "2 GiB": 2 << 30, "1GB": 1_000_000_000, "1.5MiB": 3 << 19} {
		var b config.Bytes
		if err := b.UnmarshalText([]byte(text)); err != nil || int64(b) != want {
			t.Errorf("%s is %d, %v", text, b, err)
		}
	}
	for _, text := range []string{"", "x", "-1", "9999999999GiB", "1 GiB 2"} {
		if err := new(config.Bytes).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is a size", text)
		}
	}
	for b, want := range map[config.Bytes]string{0: "0", 1023: "1023", 1 << 10: "1KiB", 3 << 19: "1536KiB", 1 << 40: "1TiB"} {
		if b.String() != want {
			t.Errorf("%d is written %s", int64(b), b)
		}
	}
}

// TestPDFCode is next to what the server writes in any case.
func TestPDFCode(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "/home/a/.cache")
	for _, c := range []struct{ set, database, files, want string }{
		{"", "sqlite://data/docsquare.db", "s3://b", "data/pdf"},
		{"", "sqlite:///数据/a.db", "file:///files", "/数据/pdf"},
		{"", "postgres://h/d", "file://data/files/", "data/pdf"},
		{"", "postgres://h/d", "s3://b", "/home/a/.cache/docsquare/pdf"},
		{"/code", "sqlite://data/docsquare.db", "file://data/files", "/code"},
		{"off", "sqlite://data/docsquare.db", "file://data/files", ""},
	} {
		if got := (config.Config{PDFCacheDir: c.set, DatabaseURL: c.database, FilesURL: c.files}).PDFCode(); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	if got := (config.Config{DatabaseURL: "postgres://h/d", FilesURL: "s3://b"}).PDFCode(); got != "" {
		t.Errorf("without a home: %q", got)
	}
}
