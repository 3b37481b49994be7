package oidc

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Options configures whose tokens are accepted. Issuer and Audience must be given; the zero value of every other field is good.
type Options struct {
	Issuer      string        // the exact value of "iss"
	Audience    string        // must be among "aud"
	JWKS        string        // URL of the key set, https or to a loopback host; empty: found at the issuer's .well-known/openid-configuration
	Algorithms  []string      // of signatures; default RS256, ES256 and EdDSA. Also RS, ES and PS with 256, 384 or 512
	Leeway      time.Duration // by which clocks may differ, at most 5 minutes; default 30 seconds
	Refresh     time.Duration // after which keys are fetched again, 1 minute to 12 hours; default 1 hour
	MaxLifetime time.Duration // from "iat", then required, to "exp"; 0: any
	Client      *http.Client  // a copy is used, with redirects bounded; default: one without kept connections
	Log         *slog.Logger  // default: none
}

const (
	maxLeeway  = 5 * time.Minute
	minRefresh = time.Minute
	maxRefresh = outlive / 2
)

// kinds holds the algorithms that can be pinned, each with the only kind of key that may check it. None and the symmetric
// ones are not among them: anyone who knows the public keys could sign with those.
var kinds = map[jose.SignatureAlgorithm]string{
	jose.RS256: "RSA", jose.RS384: "RSA", jose.RS512: "RSA",
	jose.PS256: "RSA", jose.PS384: "RSA", jose.PS512: "RSA",
	jose.ES256: "P-256", jose.ES384: "P-384", jose.ES512: "P-521",
	jose.EdDSA: "Ed25519",
}

func (o Options) withDefaults() Options {
	if len(o.Algorithms) == 0 {
		o.Algorithms = []string{string(jose.RS256), string(jose.ES256), string(jose.EdDSA)}
	}
	if o.Leeway == 0 {
		o.Leeway = 30 * time.Second
	}
	if o.Refresh == 0 {
		o.Refresh = time.Hour
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func (o Options) check() error {
	switch {
	case o.Issuer == "":
		return errors.New("the issuer is missing")
	case o.Audience == "":
		return errors.New("the audience is missing")
	case o.Leeway < 0 || o.Leeway > maxLeeway:
		return fmt.Errorf("the leeway must be at most %v", maxLeeway)
	case o.Refresh < minRefresh || o.Refresh > maxRefresh:
		return fmt.Errorf("the refresh must be from %v to %v", minRefresh, maxRefresh)
	case o.MaxLifetime < 0:
		return errors.New("the longest lifetime must not be negative")
	}
	return errors.Join(o.checkAlgorithms(), o.checkAddress())
}

func (o Options) checkAlgorithms() error {
	for _, a := range o.Algorithms {
		if kinds[jose.SignatureAlgorithm(a)] == "" {
			return fmt.Errorf("the algorithm %q is not one of %v", a, slices.Sorted(maps.Keys(kinds)))
		}
	}
	return nil
}

func (o Options) checkAddress() error {
	if o.JWKS != "" {
		return checkURL("the address of the key set", o.JWKS)
	}
	if strings.ContainsAny(o.Issuer, "?#") {
		return errors.New("the issuer must have no query, or the address of the key set must be given")
	}
	return checkURL("the issuer, where the address of the key set is not given,", o.Issuer)
}

// algorithms are the pinned ones, as go-jose wants them.
func (o Options) algorithms() []jose.SignatureAlgorithm {
	all := make([]jose.SignatureAlgorithm, len(o.Algorithms))
	for i, a := range o.Algorithms {
		all[i] = jose.SignatureAlgorithm(a)
	}
	return all
}

// checkURL requires a URL whose keys cannot be replaced on the network. Errors do not contain it: it may have a password.
func checkURL(what, raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return fmt.Errorf("%s must be a whole URL without user and fragment", what)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return fmt.Errorf("%s must begin with https://, or http:// and a loopback host", what)
	}
	return nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || (err == nil && ip.IsLoopback())
}
