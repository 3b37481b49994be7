package account

import (
	"context"
	"time"

	"docsquare/ent"
	"docsquare/ent/refusedtoken"
	"docsquare/ent/schema"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

// maxRefused is how many tokens of a subject are refused one by one. If more are signed out before they expire, all tokens that were
// issued until then are refused.
const maxRefused = 50

// refuse has the viewer's token of the outside issuer refused from now on, on every instance.
func (s *Service) refuse(ctx context.Context, v viewer.Viewer) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.RefusedToken.Query().Where(refusedtoken.Subject(v.Token.Subject), refusedtoken.ExpiresAtGT(schema.Now())).Count(ctx)
		if err != nil {
			return err
		}
		tx.Invalidate(&ent.Session{UserID: v.UserID}) // so that subscriptions ask whether they may go on
		if n >= maxRefused {
			return s.refuseAll(ctx, tx, v.Token.Subject)
		}
		hash := v.Token.Hash
		known, err := tx.RefusedToken.Query().Where(refusedtoken.Subject(v.Token.Subject), refusedtoken.Token(hash[:])).Count(ctx)
		if err != nil || known > 0 {
			return err
		}
		row, err := tx.RefusedToken.Create().SetSubject(v.Token.Subject).SetToken(hash[:]).SetExpiresAt(v.Token.Expires.Add(s.outside.Leeway())).Save(ctx)
		if err == nil {
			tx.Invalidate(row)
		}
		return err
	})
}

// refuseAll has all tokens refused that a subject has by now. Tokens may be issued by a clock that is ahead.
func (s *Service) refuseAll(ctx context.Context, tx *store.Tx, subject string) error {
	leeway := time.Duration(0)
	if s.outside != nil {
		leeway = s.outside.Leeway()
	}
	old, err := tx.RefusedToken.Query().Where(refusedtoken.Subject(subject)).Limit(refusedRows).All(ctx)
	if err != nil {
		return err
	}
	for _, r := range old {
		tx.Invalidate(r)
	}
	if _, err := tx.RefusedToken.Delete().Where(refusedtoken.IDIn(ent.RefusedTokens(old).IDs()...)).Exec(ctx); err != nil {
		return err
	}
	row, err := tx.RefusedToken.Create().SetSubject(subject).SetIssuedUntil(schema.Now().Add(leeway)).Save(ctx)
	if err == nil {
		tx.Invalidate(row)
	}
	return err
}

// refusedRows bounds how many rows one transaction deletes.
const refusedRows = 500

// Tidy deletes what is known of refused tokens that have expired.
func (s *Service) Tidy(ctx context.Context) error {
	for {
		ids, err := s.store.DB.RefusedToken.Query().Where(refusedtoken.ExpiresAtLT(schema.Now())).Limit(refusedRows).IDs(ctx)
		if err != nil || len(ids) == 0 {
			return err
		}
		err = s.store.Write(ctx, func(tx *store.Tx) error {
			rows, err := tx.RefusedToken.Query().Where(refusedtoken.IDIn(ids...)).All(ctx)
			for _, r := range rows {
				tx.Invalidate(r)
			}
			if err == nil {
				_, err = tx.RefusedToken.Delete().Where(refusedtoken.IDIn(ids...)).Exec(ctx)
			}
			return err
		})
		if err != nil || len(ids) < refusedRows {
			return err
		}
	}
}

const tidied = 10 * time.Minute

// Run forgets refused tokens that have expired, until the context ends.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(tidied)
	defer tick.Stop()
	for {
		if err := s.Tidy(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "cleanup of expired tokens failed, trying again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
