package oidc

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// maxToken is the most bytes of a token.
const maxToken = 16 << 10

// alphabet is that of base64url, without padding.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// fault is why a token is not accepted: empty where it is.
type fault string

const (
	tooLarge     fault = "it is larger than 16 kB"
	notJWT       fault = "it is not a JSON Web Token"
	malformed    fault = "its header is malformed"
	badAlgorithm fault = "its algorithm is not among the accepted ones"
	critical     fault = "its header has extensions that are not known"
	badType      fault = "its type is that of another kind of token"
	noKeyID      fault = "it has no key ID and the issuer has not just one key"
	unknownKey   fault = "its key ID is not among the issuer's keys"
	otherKey     fault = "its key is not one for its algorithm"
	badSignature fault = "its signature is wrong"
)

// refuse returns the error of a fault, or nil if there is none.
func (f fault) refuse() error {
	if f == "" {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrToken, string(f))
}

// Looks reports whether a bearer token looks like a JSON Web Token: three parts in base64url, the first of which begins
// an object. The last may be empty: Verify refuses unsigned tokens. A text without dots never looks like one.
func Looks(token string) bool {
	header, rest, _ := strings.Cut(token, ".")
	body, signature, found := strings.Cut(rest, ".")
	if !found || len(header) < 2 || body == "" {
		return false
	}
	brace := header[0] == 'e' && header[1] >= 'w' && header[1] <= 'z' // "{" and the first bits of a quote or blank
	return brace && strings.Trim(header+body+signature, alphabet) == ""
}

// token is one that was read and not yet found good.
type token struct {
	jwt *jwt.JSONWebToken
	kid string
	alg jose.SignatureAlgorithm
}

// parse reads a token and checks its header.
func (i *Issuer) parse(raw string) (token, error) {
	if len(raw) > maxToken {
		return token{}, tooLarge.refuse()
	}
	if !Looks(raw) { // go-jose would pass over line breaks
		return token{}, notJWT.refuse()
	}
	t, err := jwt.ParseSigned(raw, i.algorithms)
	if _, ok := errors.AsType[*jose.ErrUnexpectedSignatureAlgorithm](err); ok {
		return token{}, badAlgorithm.refuse()
	}
	if err != nil || len(t.Headers) != 1 {
		return token{}, malformed.refuse()
	}
	h := t.Headers[0]
	return token{jwt: t, kid: h.KeyID, alg: jose.SignatureAlgorithm(h.Algorithm)}, headerFault(h).refuse()
}

// headerFault is about what go-jose leaves to its callers, and about "b64", which it knows and a JSON Web Token must not have.
func headerFault(h jose.Header) fault {
	for _, name := range []jose.HeaderKey{"crit", "b64"} {
		if _, has := h.ExtraHeaders[name]; has {
			return critical
		}
	}
	if typ, has := h.ExtraHeaders[jose.HeaderType]; has && !goodType(typ) {
		return badType
	}
	return ""
}

// goodType reports whether a type is that of a token for us. An issuer signs other kinds with the same keys, for example
// logout tokens.
func goodType(typ any) bool {
	name, _ := typ.(string)
	name = strings.TrimPrefix(strings.ToLower(name), "application/")
	return slices.Contains([]string{"jwt", "at+jwt"}, name)
}

// open is the payload, once the key of the set that the header selects has verified it.
func (t token) open(set *keySet) (payload, fault) {
	key, f := set.find(t.kid, t.alg)
	if f != "" {
		return payload{}, f
	}
	var p payload
	if err := t.jwt.Claims(key, &p); err != nil {
		return payload{}, badSignature
	}
	return p, ""
}

// outdates reports whether a fault may come from keys that the issuer has replaced since.
func (t token) outdates(f fault) bool {
	return f == unknownKey || (t.kid == "" && (f == badSignature || f == otherKey))
}
