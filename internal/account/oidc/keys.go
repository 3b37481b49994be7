package oidc

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	minBits = 2048 // of an RSA key: fewer are too weak
	maxBits = 8192 // more only cost time
	maxKeys = 100  // of a set; issuers have a handful
)

// keySet holds the issuer's keys that can check a signature, and is not changed once it is made.
type keySet struct {
	keys    []jose.JSONWebKey
	ignored []string // why each other key is not among them, for the log
	fetched time.Time
}

// find is the public key for a header. A key ID may be left out where there is just one key.
func (s *keySet) find(kid string, alg jose.SignatureAlgorithm) (any, fault) {
	if kid == "" && len(s.keys) != 1 {
		return nil, noKeyID
	}
	f := unknownKey
	for _, k := range s.keys {
		if kid != "" && k.KeyID != kid {
			continue
		}
		if fits(k, alg) {
			return k.Key, ""
		}
		f = otherKey
	}
	return nil, f
}

// ids are the keys' IDs, in order.
func (s *keySet) ids() []string {
	var all []string
	for _, k := range s.keys {
		all = append(all, k.KeyID)
	}
	slices.Sort(all)
	return all
}

// kind is the kind of a public key, as in kinds: empty for every other thing, such as private and symmetric keys, and for
// RSA keys of the wrong size.
func kind(key any) string {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if bits := k.N.BitLen(); bits >= minBits && bits <= maxBits {
			return "RSA"
		}
	case *ecdsa.PublicKey:
		return k.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return ""
}

// fits reports whether a key may check a signature of this algorithm.
func fits(k jose.JSONWebKey, alg jose.SignatureAlgorithm) bool {
	return kind(k.Key) == kinds[alg] && (k.Algorithm == "" || k.Algorithm == string(alg))
}

// readSet reads a key set. A key that is not known or not fit is passed over: the others are still good.
func readSet(body []byte, pinned []jose.SignatureAlgorithm, fetched time.Time) (*keySet, error) {
	var raw struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(body, &raw); err != nil || raw.Keys == nil {
		return nil, errors.New("the answer is not a key set")
	}
	if len(raw.Keys) > maxKeys {
		return nil, fmt.Errorf("the key set has more than %d keys", maxKeys)
	}
	set := &keySet{fetched: fetched}
	for _, one := range raw.Keys {
		k, why := readKey(one, pinned)
		if why != "" {
			set.ignored = append(set.ignored, why)
			continue
		}
		set.keys = append(set.keys, k)
	}
	return set, nil
}

// readKey is a key of a set, or why it is not fit, by its ID.
func readKey(raw []byte, pinned []jose.SignatureAlgorithm) (jose.JSONWebKey, string) {
	var k jose.JSONWebKey
	var more struct {
		Ops []string `json:"key_ops"`
	}
	if err := errors.Join(json.Unmarshal(raw, &more), json.Unmarshal(raw, &k)); err != nil || len(k.KeyID) > maxText {
		return k, "one that cannot be read"
	}
	switch {
	case (k.Use != "" && k.Use != "sig") || (more.Ops != nil && !slices.Contains(more.Ops, "verify")):
		return k, k.KeyID + ": not for signatures"
	case !slices.ContainsFunc(pinned, func(a jose.SignatureAlgorithm) bool { return fits(k, a) }):
		return k, k.KeyID + ": not a public key, of a good size, for an accepted algorithm"
	default:
		return k, ""
	}
}
