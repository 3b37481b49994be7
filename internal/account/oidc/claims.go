package oidc

import (
	"cmp"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	maxText   = 255          // bytes of a subject and of the other texts that are passed on
	maxExpiry = 253402300799 // seconds since 1970: the end of the year 9999, the last that every format can write
)

// Claims are the claims of a valid token about its subject. Texts hold at most 255 bytes and no control characters: the issuer's
// other texts are left empty, and a token with such a subject is refused.
type Claims struct {
	Subject       string // never empty; never given to another user by this issuer
	Username      string // preferred_username, which the issuer may give to another user later
	Name          string
	Email         string
	EmailVerified bool      // by the issuer; false without Email
	Expires       time.Time // in UTC, without the leeway
	IssuedAt      time.Time // in UTC; zero if the token does not say
	Authenticated time.Time // when the subject was asked who it is, in UTC; zero if the token does not say
}

const (
	badClaims   fault = "its claims are malformed"
	badIssuer   fault = "its issuer is another one"
	badAudience fault = "it is for another audience"
	noExpiry    fault = "it has no expiry"
	badExpiry   fault = "its expiry is out of range"
	expired     fault = "it has expired"
	tooEarly    fault = "it is not valid yet"
	fromFuture  fault = "it was issued in the future"
	noIssuedAt  fault = "it does not say when it was issued"
	longLived   fault = "it lives longer than is accepted"
	noSubject   fault = "it has no subject"
	badSubject  fault = "its subject is too long or has characters that are not accepted"
)

// payload is what a token holds.
type payload struct {
	jwt.Claims

	Username string `json:"preferred_username"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Verified truth  `json:"email_verified"`

	AuthTime *jwt.NumericDate `json:"auth_time"`
}

// truth is a boolean, which some issuers write as a text. Whatever is not true is false.
type truth bool

// UnmarshalJSON never fails.
func (t *truth) UnmarshalJSON(raw []byte) error {
	*t = string(raw) == "true" || string(raw) == `"true"`
	return nil
}

func (p payload) claims() Claims {
	c := Claims{
		Subject:  p.Subject,
		Username: usable(p.Username),
		Name:     usable(p.Name),
		Email:    usable(p.Email),
		Expires:  p.Expiry.Time().UTC(),
	}
	if p.IssuedAt != nil {
		c.IssuedAt = p.IssuedAt.Time().UTC()
	}
	if p.AuthTime != nil {
		c.Authenticated = p.AuthTime.Time().UTC()
	}
	c.EmailVerified = bool(p.Verified) && c.Email != ""
	return c
}

// precheck checks the claims of a token whose signature is not checked yet. Nothing of them is used but to refuse it.
func (i *Issuer) precheck(t token) error {
	var p payload
	if err := t.jwt.UnsafeClaimsWithoutVerification(&p); err != nil {
		return badClaims.refuse()
	}
	return cmp.Or(i.standardFault(p), i.lifetimeFault(p), subjectFault(p)).refuse()
}

func (i *Issuer) standardFault(p payload) fault {
	expected := jwt.Expected{Issuer: i.options.Issuer, AnyAudience: jwt.Audience{i.options.Audience}, Time: time.Now()}
	err := p.ValidateWithLeeway(expected, i.options.Leeway)
	switch {
	case err == nil:
		return ""
	case errors.Is(err, jwt.ErrInvalidIssuer):
		return badIssuer
	case errors.Is(err, jwt.ErrInvalidAudience):
		return badAudience
	case errors.Is(err, jwt.ErrExpired):
		return expired
	case errors.Is(err, jwt.ErrNotValidYet):
		return tooEarly
	case errors.Is(err, jwt.ErrIssuedInTheFuture):
		return fromFuture
	default:
		return badClaims
	}
}

func (i *Issuer) lifetimeFault(p payload) fault {
	limit := i.options.MaxLifetime
	switch {
	case p.Expiry == nil:
		return noExpiry
	case *p.Expiry > maxExpiry:
		return badExpiry
	case limit > 0 && p.IssuedAt == nil:
		return noIssuedAt
	case limit > 0 && p.Expiry.Time().Sub(p.IssuedAt.Time()) > limit:
		return longLived
	default:
		return ""
	}
}

func subjectFault(p payload) fault {
	switch {
	case p.Subject == "":
		return noSubject
	case usable(p.Subject) == "":
		return badSubject
	default:
		return ""
	}
}

// usable is the text, or none where it is too long, cannot be shown, or is not what was sent: the decoder puts U+FFFD in
// the place of what is no character, so that two texts would become one.
func usable(text string) string {
	odd := func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }
	if len(text) > maxText || strings.ContainsFunc(text, odd) {
		return ""
	}
	return text
}
