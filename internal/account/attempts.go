package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/google/uuid"

	"docsquare/ent/auditentry"
	"docsquare/internal/errs"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/viewer"
)

// The limits of failed sign-ins to one account, whatever name is used. Successful ones do not count. The second limit counts all addresses. It
// does not apply at an address from which the owner has signed in before, so guesses from elsewhere do not lock the owner out there.
var (
	failuresAtAddress = ratelimit.Rate{Points: 10, Window: 10 * time.Minute}
	failuresAnywhere  = ratelimit.Rate{Points: 100, Window: 10 * time.Minute}
)

// attempt is a sign-in that is charged as failed until it succeeds.
type attempt struct {
	service *Service
	buckets []ratelimit.Bucket
}

// attempt charges a sign-in. id is uuid.Nil if the name belongs to no account: the limits are then those of the name, so that they do not
// tell which accounts exist. It returns RATE_LIMITED if there were too many failures.
func (s *Service) attempt(ctx context.Context, id uuid.UUID, name string, client viewer.Viewer) (attempt, error) {
	a := attempt{service: s}
	if s.limiter == nil {
		return a, nil
	}
	of := "sign-in:" + id.String()
	if id == uuid.Nil {
		sum := sha256.Sum256([]byte(name))
		of = "sign-in:name:" + hex.EncodeToString(sum[:16])
	}
	here, anywhere := ratelimit.Bucket{Key: of + ":" + client.Address, Rate: failuresAtAddress}, ratelimit.Bucket{Key: of, Rate: failuresAnywhere}
	if err := a.take(ctx, here); err != nil {
		return a, tooMany(err)
	}
	err := a.take(ctx, anywhere)
	if err == nil {
		return a, nil
	}
	if known, failed := s.knows(ctx, id, client.Address); known || failed != nil {
		return a, failed
	}
	return a, tooMany(err)
}

func (a *attempt) take(ctx context.Context, b ratelimit.Bucket) error {
	_, err := a.service.limiter.Take(ctx, 1, b)
	if err == nil {
		a.buckets = append(a.buckets, b)
	}
	return err
}

// succeeded gives back what was charged.
func (a *attempt) succeeded() {
	if a.service.limiter != nil {
		a.service.limiter.Return(1, a.buckets...)
	}
}

// knows reports whether the audit trail has a sign-in to the account from the address.
func (s *Service) knows(ctx context.Context, id uuid.UUID, address string) (bool, error) {
	if id == uuid.Nil || address == "" {
		return false, nil
	}
	return s.store.DB.AuditEntry.Query().
		Where(auditentry.ActorID(id), auditentry.ActionEQ(auditentry.ActionSignedIn), auditentry.Address(address)).Exist(ctx)
}

// tooMany is the error of a limit for clients.
func tooMany(err error) error {
	refused, ok := errors.AsType[*ratelimit.Refused](err)
	if !ok {
		return err
	}
	e := errs.New(errs.RateLimited, "too many sign-ins to this account have failed: wait and try again, or sign in from where you have signed in before")
	e.RetryAfter = refused.RetryAfter
	return e
}
