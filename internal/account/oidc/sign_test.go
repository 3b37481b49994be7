package oidc

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

type object map[string]any

// signer signs by the standard library alone, so that nothing is checked against itself.
type signer struct {
	kid string
	alg string
	key any // a private key, or bytes
}

var (
	rsaKey   = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	rsaOther = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	rsaWeak  = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 1024)) })
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func newEC(kid string) signer {
	return signer{kid, "ES256", must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))}
}

func newEd(kid string) signer {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	return signer{kid, "EdDSA", must(key, err)}
}

func hashOf(alg string) crypto.Hash {
	switch {
	case strings.HasSuffix(alg, "384"):
		return crypto.SHA384
	case strings.HasSuffix(alg, "512"):
		return crypto.SHA512
	default:
		return crypto.SHA256
	}
}

func (s signer) signature(input string) []byte {
	hash := hashOf(s.alg)
	h := hash.New()
	h.Write([]byte(input))
	switch key := s.key.(type) {
	case ed25519.PrivateKey:
		return ed25519.Sign(key, []byte(input))
	case *ecdsa.PrivateKey:
		r, t, err := ecdsa.Sign(rand.Reader, key, h.Sum(nil))
		size := (must(r, err).BitLen() + 7) / 8
		size = max(size, (key.Curve.Params().BitSize+7)/8)
		return append(r.FillBytes(make([]byte, size)), t.FillBytes(make([]byte, size))...)
	case *rsa.PrivateKey:
		if strings.HasPrefix(s.alg, "PS") {
			return must(rsa.SignPSS(rand.Reader, key, hash, h.Sum(nil), nil))
		}
		return must(rsa.SignPKCS1v15(rand.Reader, key, hash, h.Sum(nil)))
	case []byte:
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(input))
		return mac.Sum(nil)
	default:
		return nil
	}
}

// seal signs a header and claims as they stand.
func (s signer) seal(header, claims string) string {
	input := encode(header) + "." + encode(claims)
	return input + "." + encode(string(s.signature(input)))
}

// sign is a token with some claims, and some parameters of the header, other than usual: nil leaves one out.
func (s signer) sign(claims, header object) string {
	h := object{"alg": s.alg, "kid": s.kid, "typ": "JWT"}
	if s.kid == "" {
		delete(h, "kid")
	}
	return s.seal(toJSON(with(h, header)), toJSON(with(goodClaims(), claims)))
}

// jwk is the public key as the issuer publishes it, with some members other than usual.
func (s signer) jwk(changes object) object {
	public := s.key
	if k, ok := public.(crypto.Signer); ok {
		public = k.Public()
	}
	return with(toObject(jose.JSONWebKey{Key: public, KeyID: s.kid, Use: "sig", Algorithm: s.alg}), changes)
}

func goodClaims() object {
	now := time.Now()
	return object{
		"iss": testIssuer, "aud": testAudience, "sub": "user-1",
		"exp": now.Add(time.Hour).Unix(), "iat": now.Unix(), "nbf": now.Unix(),
	}
}

func with(o, changes object) object {
	for k, v := range changes {
		o[k] = v
		if v == nil {
			delete(o, k)
		}
	}
	return o
}

func toObject(v any) object {
	var o object
	if err := json.Unmarshal([]byte(toJSON(v)), &o); err != nil {
		panic(err)
	}
	return o
}

func toJSON(v any) string { return string(must(json.Marshal(v))) }

func encode(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// refused wants a token refused for the reason, in an error that tells nothing of it.
func refused(t *testing.T, i *Issuer, token string, want fault) {
	t.Helper()
	c, err := i.Verify(t.Context(), token)
	if want == "" || err == nil || err.Error() != want.refuse().Error() {
		t.Errorf("Verify: %v, want %v", err, want.refuse())
	}
	if c != (Claims{}) {
		t.Errorf("claims of a refused token: %+v", c)
	}
}

// accepted wants a token accepted.
func accepted(t *testing.T, i *Issuer, token string) Claims {
	t.Helper()
	c, err := i.Verify(t.Context(), token)
	if err != nil {
		t.Errorf("Verify: %v", err)
	}
	return c
}

func randomText() string { return rand.Text() }
