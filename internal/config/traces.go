package config

import (
	"errors"
	"net/url"
	"strings"
)

// checkTraces checks where traces go. No error shows a header, which may be a secret.
func (c *Config) checkTraces() error {
	u, err := url.Parse(c.TracesEndpoint)
	problems := []error{
		check(c.TracesEndpoint == "" || err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "",
			"OTEL_EXPORTER_OTLP_ENDPOINT must be http:// or https:// with a host, such as http://collector:4318"),
		check(c.TracesRatio >= 0 && c.TracesRatio <= 1, "OTEL_TRACES_SAMPLER_ARG must be 0 to 1, but is %v", c.TracesRatio),
	}
	for _, pair := range c.TracesHeaders {
		name, _, ok := strings.Cut(pair, "=")
		problems = append(problems, check(ok && strings.TrimSpace(name) != "", "OTEL_EXPORTER_OTLP_HEADERS must be NAME=VALUE, with commas between"))
	}
	return errors.Join(problems...)
}

// TraceHeaders is the headers by name.
func (c Config) TraceHeaders() map[string]string {
	headers := map[string]string{}
	for _, pair := range c.TracesHeaders {
		name, value, _ := strings.Cut(pair, "=")
		headers[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	return headers
}

// Public reports whether any client can reach the server directly: in production, without a proxy in front of it.
func (c Config) Public() bool { return c.Environment == Production && c.TrustedProxies == 0 }
