package oidc

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"docsquare/internal/errs"
)

// cast holds the keys of an issuer with some of every kind, and keys that are not its own.
type cast struct {
	rsa, ec, ed                                            signer // published and good
	encryption, wrapOnly, weak, large, pinned, leaked, oct signer // published, and to be ignored
	stranger                                               signer // with the ID of rsa
}

func newCast() cast {
	secret := []byte("0123456789abcdef0123456789abcdef")
	return cast{
		rsa: signer{"r1", "RS256", rsaKey()}, ec: newEC("e1"), ed: newEd("d1"),
		encryption: newEC("enc"),
		wrapOnly:   newEC("wrap"),
		weak:       signer{"weak", "RS256", rsaWeak()},
		large:      signer{"p384", "ES384", must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))},
		pinned:     signer{"r512", "RS512", rsaOther()},
		leaked:     newEC("leaked"),
		oct:        signer{"oct", "HS256", secret},
		stranger:   signer{"r1", "RS256", rsaOther()},
	}
}

func (c cast) published() []object {
	leaked := toObject(jose.JSONWebKey{Key: c.leaked.key, KeyID: c.leaked.kid, Use: "sig", Algorithm: "ES256"})
	offCurve := newEC("off").jwk(object{"x": encode(strings.Repeat("x", 32))})
	return []object{
		c.rsa.jwk(nil), c.ec.jwk(object{"alg": nil, "use": nil}), c.ed.jwk(object{"key_ops": []string{"verify"}}),
		c.encryption.jwk(object{"use": "enc"}), c.wrapOnly.jwk(object{"key_ops": []string{"wrapKey"}}),
		c.weak.jwk(nil), c.large.jwk(nil), c.pinned.jwk(nil), c.oct.jwk(nil), leaked, offCurve,
		{"kty": "new", "kid": "new"},
		{"kid": "none"},
		{"kty": "RSA", "kid": "half", "e": "AQAB"},
	}
}

// publicBytes are forms of the public RSA key that a confused verifier would take for a shared secret.
func (c cast) publicBytes() map[string][]byte {
	public := &rsaKey().PublicKey
	pkix := must(x509.MarshalPKIXPublicKey(public))
	return map[string][]byte{
		"PEM":     pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pkix}),
		"DER":     pkix,
		"modulus": public.N.Bytes(),
		"JWK":     []byte(toJSON(c.rsa.jwk(nil))),
	}
}

type badToken struct {
	token string
	want  fault
}

func badTokens(c cast) map[string]badToken {
	all := map[string]badToken{}
	for _, some := range []map[string]badToken{badForms(c), badHeaders(c), badKeys(c), badSignatures(c), badTimes(c), badOthers(c)} {
		maps.Copy(all, some)
	}
	for form, secret := range c.publicBytes() {
		all["HS256 with the public key as "+form] = badToken{signer{"r1", "HS256", secret}.sign(nil, nil), badAlgorithm}
	}
	return all
}

func badForms(c cast) map[string]badToken {
	good := c.rsa.sign(nil, nil)
	parts := strings.Split(good, ".")
	claims := toJSON(goodClaims())
	return map[string]badToken{
		"empty":                     {"", notJWT},
		"opaque":                    {encode(strings.Repeat("k", 32)), notJWT},
		"two parts":                 {parts[0] + "." + parts[1], notJWT},
		"four parts":                {good + ".x", notJWT},
		"encrypted, five parts":     {good + ".x.y", notJWT},
		"as JSON":                   {`{"protected":"` + parts[0] + `","payload":"` + parts[1] + `","signature":"` + parts[2] + `"}`, notJWT},
		"with a line break":         {parts[0] + "." + parts[1] + ".\n" + parts[2], notJWT},
		"with blanks":               {" " + good, notJWT},
		"with padding":              {good + "==", notJWT},
		"in another base64":         {parts[0] + "." + parts[1] + ".+/" + parts[2], notJWT},
		"no claims":                 {parts[0] + ".." + parts[2], notJWT},
		"larger than 16 kB":         {c.rsa.sign(object{"x": strings.Repeat("x", maxToken)}, nil), tooLarge},
		"header that is no JSON":    {c.rsa.seal(`{"alg}`, claims), malformed},
		"header that is a list":     {c.rsa.seal(`["RS256"]`, claims), notJWT},
		"header cut off":            {parts[0][:len(parts[0])-1] + "." + parts[1] + "." + parts[2], malformed},
		"claims that are no JSON":   {c.rsa.seal(`{"alg":"RS256","kid":"r1"}`, "{"), badClaims},
		"claims that are a list":    {c.rsa.seal(`{"alg":"RS256","kid":"r1"}`, "["+claims+"]"), badClaims},
		"claims that are null":      {c.rsa.seal(`{"alg":"RS256","kid":"r1"}`, "null"), badIssuer},
		"claims and something more": {c.rsa.seal(`{"alg":"RS256","kid":"r1"}`, claims+claims), badClaims},
		"a claim that comes twice":  {c.rsa.seal(`{"alg":"RS256","kid":"r1"}`, strings.Replace(claims, "{", `{"sub":"admin",`, 1)), badClaims},
		"deeply nested claims":      {c.rsa.seal(`{"alg":"RS256","kid":"r1"}`, strings.Repeat("[", 8000)), badClaims},
	}
}

func badHeaders(c cast) map[string]badToken {
	embedded := c.stranger.jwk(nil)
	return map[string]badToken{
		"alg none":                   {signer{"r1", "none", nil}.sign(nil, nil), badAlgorithm},
		"alg None":                   {signer{"r1", "None", nil}.sign(nil, nil), badAlgorithm},
		"alg none with a signature":  {c.rsa.sign(nil, object{"alg": "none"}), badAlgorithm},
		"no alg":                     {c.rsa.sign(nil, object{"alg": nil}), badAlgorithm},
		"alg in lower case":          {c.rsa.sign(nil, object{"alg": "rs256"}), badAlgorithm},
		"alg that is a number":       {c.rsa.sign(nil, object{"alg": 256}), badAlgorithm},
		"alg that comes twice":       {c.rsa.seal(`{"alg":"none","alg":"RS256","kid":"r1"}`, toJSON(goodClaims())), malformed},
		"ALG in the place of alg":    {c.rsa.sign(nil, object{"alg": nil, "ALG": "RS256"}), badAlgorithm},
		"alg that is not pinned":     {signer{"r1", "PS256", rsaKey()}.sign(nil, nil), badAlgorithm},
		"crit that is not known":     {c.rsa.sign(nil, object{"crit": []string{"exp"}, "exp": 1}), critical},
		"crit b64":                   {c.rsa.sign(nil, object{"crit": []string{"b64"}, "b64": false}), critical},
		"crit that is empty":         {c.rsa.sign(nil, object{"crit": []string{}}), critical},
		"b64 without crit":           {c.rsa.sign(nil, object{"b64": false}), critical},
		"type of a logout":           {c.rsa.sign(nil, object{"typ": "logout+jwt"}), badType},
		"type of a proof":            {c.rsa.sign(nil, object{"typ": "dpop+jwt"}), badType},
		"type that is a number":      {c.rsa.sign(nil, object{"typ": 1}), badType},
		"own key in the header":      {c.stranger.sign(nil, object{"jwk": embedded}), badSignature},
		"own key, no kid":            {c.stranger.sign(nil, object{"jwk": embedded, "kid": nil}), noKeyID},
		"own address of keys":        {c.stranger.sign(nil, object{"jku": "https://evil.example/keys", "kid": "x"}), unknownKey},
		"own private key":            {c.stranger.sign(nil, object{"jwk": with(embedded, object{"d": "AQAB"})}), malformed},
		"certificates that are none": {c.rsa.sign(nil, object{"x5c": []string{"AAAA"}}), malformed},
		"kid that is a number":       {c.rsa.sign(nil, object{"kid": 1}), malformed},
	}
}

func badKeys(c cast) map[string]badToken {
	es256k := c.large
	es256k.alg = "ES256"
	return map[string]badToken{
		"no kid with several keys":        {c.rsa.sign(nil, object{"kid": nil}), noKeyID},
		"empty kid":                       {c.rsa.sign(nil, object{"kid": ""}), noKeyID},
		"unknown kid":                     {c.rsa.sign(nil, object{"kid": "r2"}), unknownKey},
		"kid in another case":             {c.rsa.sign(nil, object{"kid": "R1"}), unknownKey},
		"kid that is a path":              {c.rsa.sign(nil, object{"kid": "../../dev/null"}), unknownKey},
		"kid of a key of another kind":    {c.ec.sign(nil, object{"kid": "d1"}), otherKey},
		"RS256 with the ID of an EC key":  {c.rsa.sign(nil, object{"kid": "e1"}), otherKey},
		"ES256 with the ID of an RSA key": {c.ec.sign(nil, object{"kid": "r1"}), otherKey},
		"ES256 by a key of P-384":         {es256k.sign(nil, nil), unknownKey},
		"key for encryption":              {c.encryption.sign(nil, nil), unknownKey},
		"key for wrapping":                {c.wrapOnly.sign(nil, nil), unknownKey},
		"RSA key of 1024 bits":            {c.weak.sign(nil, nil), unknownKey},
		"key for RS512 alone":             {c.pinned.sign(nil, object{"alg": "RS256"}), unknownKey},
		"published private key":           {c.leaked.sign(nil, nil), unknownKey},
		"published shared secret":         {c.oct.sign(nil, nil), badAlgorithm},
		"published secret, alg RS256":     {c.oct.sign(nil, object{"alg": "RS256"}), unknownKey},
	}
}

func badSignatures(c cast) map[string]badToken {
	good, ec := c.rsa.sign(nil, nil), c.ec.sign(nil, nil)
	parts := strings.Split(good, ".")
	ecParts := strings.Split(ec, ".")
	zero := encode(strings.Repeat("\x00", 64))
	other := encode(toJSON(with(goodClaims(), object{"sub": "admin"})))
	return map[string]badToken{
		"signature of another key":    {c.stranger.sign(nil, nil), badSignature},
		"no signature":                {parts[0] + "." + parts[1] + ".", badSignature},
		"signature cut off":           {good[:len(good)-4], badSignature},
		"signature and more":          {good + "AAAA", badSignature},
		"signature of other claims":   {parts[0] + "." + other + "." + parts[2], badSignature},
		"signature of another header": {encode(`{"alg":"RS256","kid":"r1"}`) + "." + parts[1] + "." + parts[2], badSignature},
		"ES256 of zeros":              {ecParts[0] + "." + ecParts[1] + "." + zero, badSignature},
		"EdDSA of zeros":              {encode(`{"alg":"EdDSA","kid":"d1"}`) + "." + parts[1] + "." + zero, badSignature},
		"PS256 called RS256":          {signer{"r1", "PS256", rsaKey()}.sign(nil, object{"alg": "RS256"}), badSignature},
		"RS512 called RS256":          {signer{"r1", "RS512", rsaKey()}.sign(nil, object{"alg": "RS256"}), badSignature},
	}
}

func badTimes(c cast) map[string]badToken {
	at := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	claim := func(name string, value any, want fault) badToken {
		return badToken{c.ed.sign(object{name: value}, nil), want}
	}
	return map[string]badToken{
		"no exp":                     claim("exp", nil, noExpiry),
		"exp that is a text":         claim("exp", "tomorrow", badClaims),
		"exp that is zero":           claim("exp", 0, expired),
		"exp before 1970":            claim("exp", -1, expired),
		"exp past":                   claim("exp", at(-time.Minute), expired),
		"exp beyond every date":      claim("exp", int64(253402300800), badExpiry),
		"exp beyond every number":    claim("exp", 1e300, badClaims),
		"exp that would wrap around": claim("exp", 9.3e18, badClaims),
		"nbf to come":                claim("nbf", at(time.Minute), tooEarly),
		"nbf that is a text":         claim("nbf", "now", badClaims),
		"iat to come":                claim("iat", at(time.Minute), fromFuture),
		"iat that is a list":         claim("iat", []int{1}, badClaims),
	}
}

func badOthers(c cast) map[string]badToken {
	claim := func(name string, value any, want fault) badToken {
		return badToken{c.ed.sign(object{name: value}, nil), want}
	}
	return map[string]badToken{
		"no iss":                       claim("iss", nil, badIssuer),
		"another iss":                  claim("iss", "https://evil.example", badIssuer),
		"iss with a slash":             claim("iss", testIssuer+"/", badIssuer),
		"iss in another case":          claim("iss", strings.ToUpper(testIssuer), badIssuer),
		"iss that is a list":           claim("iss", []string{testIssuer}, badClaims),
		"ISS in the place of iss":      {c.ed.sign(object{"iss": nil, "ISS": testIssuer}, nil), badIssuer},
		"no aud":                       claim("aud", nil, badAudience),
		"another aud":                  claim("aud", "elsewhere", badAudience),
		"aud that begins so":           claim("aud", testAudience+"2", badAudience),
		"other auds":                   claim("aud", []string{"a", "b"}, badAudience),
		"empty auds":                   claim("aud", []string{}, badAudience),
		"aud that is a number":         claim("aud", 1, badClaims),
		"aud that is an object":        claim("aud", object{testAudience: true}, badClaims),
		"no sub":                       claim("sub", nil, noSubject),
		"empty sub":                    claim("sub", "", noSubject),
		"sub that is a number":         claim("sub", 1, badClaims),
		"sub of 256 bytes":             claim("sub", strings.Repeat("s", 256), badSubject),
		"sub with a zero":              claim("sub", "a\x00b", badSubject),
		"sub with a line break":        claim("sub", "a\nb", badSubject),
		"sub that is not UTF-8":        {c.ed.seal(`{"alg":"EdDSA","kid":"d1"}`, strings.Replace(toJSON(goodClaims()), "user-1", "user-\xff", 1)), badSubject},
		"preferred_username of a list": claim("preferred_username", []string{"a"}, badClaims),
	}
}

func TestBadTokens(t *testing.T) {
	c := newCast()
	i := newFake(t, c.published()...).accepts(t)
	for _, s := range []signer{c.rsa, c.ec, c.ed} { // each key is known, and good for good tokens
		accepted(t, i, s.sign(nil, nil))
	}
	bad := badTokens(c)
	for _, name := range slices.Sorted(maps.Keys(bad)) {
		t.Run(name, func(t *testing.T) { refused(t, i, bad[name].token, bad[name].want) })
	}
}

func TestErrorsAreForClientsAndLogs(t *testing.T) {
	err := expired.refuse()
	if !errors.Is(err, ErrToken) || !errs.Is(err, errs.Unauthenticated) || errors.Is(err, ErrUnavailable) {
		t.Error("the error does not match:", err)
	}
	if m := errs.As(err).Message; strings.Contains(m, string(expired)) {
		t.Error("clients see the reason:", m)
	}
}
