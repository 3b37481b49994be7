package config

import (
	"errors"
	"net/url"
	"strings"
)

// The values of a switch. Empty is what fits the environment.
const (
	on  = "on"
	off = "off"
)

// anyOrigin is the origin that matches all.
const anyOrigin = "*"

// checkAccess checks who may ask for what, and how much. Rates and modes are checked by those who read them.
func (c *Config) checkAccess() error {
	problems := []error{
		among("INTROSPECTION", c.Introspection, "", on, off),
		among("TRUSTED_DOCUMENTS_MODE", c.TrustedDocumentsMode, off, "log", "prefer", "enforce"),
		check(c.TrustedDocumentsMode == off || len(c.TrustedDocuments) > 0, "TRUSTED_DOCUMENTS must name a manifest where TRUSTED_DOCUMENTS_MODE is %s", c.TrustedDocumentsMode),
		among("RATE_LIMITS", c.RateLimits, "", on, off),
		check(c.TrustedProxies >= 0, "TRUSTED_PROXIES must be 0 or more, but is %d", c.TrustedProxies),
		check(c.JWTIssuer == "" || c.JWTAudience != "", "JWT_AUDIENCE must be set where JWT_ISSUER is: tokens for others would be accepted"),
		check(c.JWTIssuer != "" || c.JWTKeysURL == "" && c.JWTAudience == "", "JWT_ISSUER must be set where JWT_AUDIENCE or JWT_KEYS_URL is"),
	}
	for name, limit := range map[string]int{
		"LIMIT_TOKENS": c.LimitTokens, "LIMIT_DEPTH": c.LimitDepth, "LIMIT_ALIASES": c.LimitAliases,
		"LIMIT_ROOT_FIELDS": c.LimitRootFields, "LIMIT_COST": c.LimitCost, "LIMIT_ANSWER_BYTES": int(c.LimitAnswer),
		"LIMIT_COMPARISONS": c.LimitComparisons, "LIMIT_CONNECTIONS": c.LimitConnections, "LIMIT_SUBSCRIPTIONS": c.LimitSubscriptions, "LIMIT_ADDRESS_SUBSCRIPTIONS": c.LimitAddressSubscriptions,
	} {
		problems = append(problems, check(limit > 0, "%s must be 1 or more, but is %d", name, limit))
	}
	for _, origin := range c.CORSOrigins {
		problems = append(problems, check(origin == anyOrigin || isOrigin(origin), "CORS_ORIGINS must be origins such as https://app.example.org, without a path, but names %q", origin))
	}
	return errors.Join(problems...)
}

// isOrigin reports whether a text is an origin; its host may begin with "*." for all hosts below.
func isOrigin(text string) bool {
	u, err := url.Parse(strings.Replace(text, "://*.", "://", 1))
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.Path == "" && u.RawQuery == "" && u.User == nil
}

// checkProduction refuses what is comfortable on the machine of a developer and dangerous elsewhere.
func (c *Config) checkProduction() error {
	if c.Environment != Production {
		return nil
	}
	wide := false
	for _, origin := range c.CORSOrigins {
		wide = wide || origin == anyOrigin
	}
	return errors.Join(
		check(c.PublicURL != "", "PUBLIC_URL must be set in production: without it the addresses in answers are made of what a client says"),
		check(!wide, "CORS_ORIGINS must not be * in production: name the origins"),
		check(c.RateLimits != off, "RATE_LIMITS must not be off in production: raise RATE_USER and RATE_ADDRESS instead"),
		check(c.LogLevel != "debug", "LOG_LEVEL must not be debug in production: it shows what clients send"),
	)
}
