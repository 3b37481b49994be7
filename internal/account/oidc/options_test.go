package oidc

import (
	"io"
	"log"
	"strings"
	"testing"
	"time"
)

func silent() *log.Logger { return log.New(io.Discard, "", 0) }

func TestOptions(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Options)
		want   string // in the error, none where it is empty
	}{
		"usual":                          {func(*Options) {}, ""},
		"found keys":                     {func(o *Options) { o.JWKS = "" }, ""},
		"loopback by name":               {func(o *Options) { o.JWKS = "http://localhost:8080/keys" }, ""},
		"loopback by number":             {func(o *Options) { o.JWKS = "http://127.1.2.3/keys" }, ""},
		"loopback of IPv6":               {func(o *Options) { o.JWKS = "http://[::1]:80/keys" }, ""},
		"issuer that is no URL":          {func(o *Options) { o.Issuer = "accounts" }, ""},
		"keys with a query":              {func(o *Options) { o.JWKS = "https://a.example/?x=1" }, ""},
		"no issuer":                      {func(o *Options) { o.Issuer = "" }, "issuer"},
		"no audience":                    {func(o *Options) { o.Audience = "" }, "audience"},
		"no URL to find keys":            {func(o *Options) { o.Issuer, o.JWKS = "accounts", "" }, "whole URL"},
		"query, keys to find":            {func(o *Options) { o.Issuer, o.JWKS = "https://a.example?x", "" }, "query"},
		"plain issuer, keys to find":     {func(o *Options) { o.Issuer, o.JWKS = "http://a.example", "" }, "https"},
		"plain http":                     {func(o *Options) { o.JWKS = "http://a.example/keys" }, "https"},
		"plain http, begins as loopback": {func(o *Options) { o.JWKS = "http://localhost.a.example/keys" }, "https"},
		"plain http to a network":        {func(o *Options) { o.JWKS = "http://10.0.0.1/keys" }, "https"},
		"a file":                         {func(o *Options) { o.JWKS = "file:///keys" }, "whole URL"},
		"another scheme":                 {func(o *Options) { o.JWKS = "ftp://a.example/keys" }, "https"},
		"no host":                        {func(o *Options) { o.JWKS = "https://:443/keys" }, "whole URL"},
		"a password":                     {func(o *Options) { o.JWKS = "https://u:hunter2@a.example" }, "without user"},
		"a bad URL with a password":      {func(o *Options) { o.JWKS = "https://u:hunter2@%zz" }, "whole URL"},
		"algorithm none":                 {func(o *Options) { o.Algorithms = []string{"RS256", "none"} }, "algorithm"},
		"algorithm HS256":                {func(o *Options) { o.Algorithms = []string{"HS256"} }, "algorithm"},
		"empty algorithm":                {func(o *Options) { o.Algorithms = []string{""} }, "algorithm"},
		"algorithm in lower case":        {func(o *Options) { o.Algorithms = []string{"es256"} }, "algorithm"},
		"negative leeway":                {func(o *Options) { o.Leeway = -1 }, "leeway"},
		"wide leeway":                    {func(o *Options) { o.Leeway = time.Hour }, "leeway"},
		"quick refresh":                  {func(o *Options) { o.Refresh = time.Second }, "refresh"},
		"slow refresh":                   {func(o *Options) { o.Refresh = 24 * time.Hour }, "refresh"},
		"negative lifetime":              {func(o *Options) { o.MaxLifetime = -1 }, "lifetime"},
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{Issuer: testIssuer, Audience: testAudience, JWKS: "https://issuer.example/keys"}
			test.change(&o)
			_, err := New(o)
			if (err == nil) != (test.want == "") || (err != nil && !strings.Contains(err.Error(), test.want)) {
				t.Errorf("New: %v, want %q", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Error("the error tells a password")
			}
		})
	}
}
