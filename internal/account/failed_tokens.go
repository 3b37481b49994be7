package account

import (
	"context"
	"crypto/sha256"
	"errors"
	"math"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"docsquare/internal/account/oidc"
	"docsquare/internal/errs"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/viewer"
)

// failedTokens bounds how many tokens that are not valid the clients at an address may send. Its zero value has no bound.
type failedTokens struct {
	limiter *ratelimit.Limiter
	rate    ratelimit.Rate
	key     string // of its buckets, before the address
}

// begin charges a token that is to be checked to the address of a viewer, or refuses it with RATE_LIMITED.
func (f failedTokens) begin(ctx context.Context, v viewer.Viewer) error {
	if f.limiter == nil {
		return nil
	}
	_, err := f.limiter.Take(ctx, 1, f.bucket(v))
	if refused, ok := errors.AsType[*ratelimit.Refused](err); ok {
		wait := time.Duration(math.Ceil(refused.RetryAfter.Seconds())) * time.Second
		e := errs.New(errs.RateLimited, "too many invalid tokens were sent from your address: wait for %d seconds", int(wait.Seconds()))
		e.RetryAfter = wait
		return e
	}
	return err
}

// giveBack gives the charge back: the token is not invalid.
func (f failedTokens) giveBack(v viewer.Viewer) {
	if f.limiter != nil {
		f.limiter.Return(1, f.bucket(v))
	}
}

func (f failedTokens) bucket(v viewer.Viewer) ratelimit.Bucket {
	return ratelimit.Bucket{Key: f.key + v.Address, Rate: f.rate}
}

// maxProven is how many tokens are known to have been valid, at 32 bytes each and the entry.
const maxProven = 10_000

// provenTokens are tokens of the outside issuer that were valid when they came last. They are verified each time, but not charged: so that an
// address with too many forged tokens does not lock out others there.
type provenTokens struct {
	known *lru.Cache[[sha256.Size]byte, struct{}]
}

func newProvenTokens() provenTokens {
	known, _ := lru.New[[sha256.Size]byte, struct{}](maxProven) // fails for sizes below 1 alone
	return provenTokens{known}
}

// check verifies a token. One that was not valid before is charged if verify fails with oidc.ErrToken.
func (p provenTokens) check(ctx context.Context, token string, charged failedTokens, verify func() error) error {
	if charged.limiter == nil {
		return verify()
	}
	hash, from := sha256.Sum256([]byte(token)), viewer.From(ctx)
	_, proven := p.known.Get(hash)
	if !proven {
		if err := charged.begin(ctx, from); err != nil {
			return err
		}
	}
	err := verify()
	switch invalid := errors.Is(err, oidc.ErrToken); {
	case invalid:
		p.known.Remove(hash)
	case !proven:
		charged.giveBack(from)
	}
	if err == nil {
		p.known.Add(hash, struct{}{})
	}
	return err
}
