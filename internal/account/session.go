package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/auditentry"
	"docsquare/ent/predicate"
	"docsquare/ent/schema"
	"docsquare/ent/session"
	"docsquare/ent/sessionsecret"
	"docsquare/ent/user"
	"docsquare/internal/account/oidc"
	"docsquare/internal/audit"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/nodeid"
	"docsquare/internal/store"
	"docsquare/internal/store/present"
	"docsquare/internal/text/plaintext"
	"docsquare/internal/viewer"
)

// SignedIn is a new session.
type SignedIn struct {
	User      *ent.User
	SessionID uuid.UUID
	Token     string // shown this once; only its hash is kept
	ExpiresAt time.Time
}

const tokenSize = 32

var tokenEncoding = base64.RawURLEncoding.Strict()

var errToken = errs.New(errs.Unauthenticated, "the session token is invalid or has expired: sign in again")

// Authenticate is who a session token speaks for. An invalid or expired token is UNAUTHENTICATED, never a guest. A
// session that is used slides: it is written at most once in a tenth of its lifetime.
func (s *Service) Authenticate(ctx context.Context, token string) (viewer.Viewer, error) {
	hash, ok := hashOf(token)
	if !ok {
		return viewer.Viewer{}, errToken
	}
	x, found, err := s.byHash(ctx, hash, s.unknown)
	if err != nil {
		return viewer.Viewer{}, err
	}
	now := schema.Now()
	if !found || !x.ExpiresAt.After(now) {
		return viewer.Viewer{}, errToken
	}
	if now.Sub(x.LastUsedAt) > s.lifetime/10 {
		err := s.slide(ctx, x.ID, now)
		if ent.IsNotFound(err) { // the entry of the cache is older than the end of the session
			return viewer.Viewer{}, errToken
		}
		if err != nil {
			return viewer.Viewer{}, err
		}
	}
	return viewer.Viewer{UserID: x.UserID, SessionID: x.ID}, nil
}

// Authorize is who the value of an Authorization header, "Bearer …", speaks for: a guest where it is empty. It takes session
// tokens, and those of the outside issuer where there is one. A bad token is UNAUTHENTICATED, never a guest.
func (s *Service) Authorize(ctx context.Context, header string) (viewer.Viewer, error) {
	if header == "" {
		return viewer.Viewer{}, nil
	}
	token := viewer.BearerToken(header)
	if s.outside != nil && oidc.Looks(token) {
		return s.identify(ctx, token)
	}
	return s.Authenticate(ctx, token)
}

// byHash returns the session of a token. A look-up in the database is charged to the viewer of the context until it has found a session.
func (s *Service) byHash(ctx context.Context, hash kinds.TokenHash, charged failedTokens) (*ent.Session, bool, error) {
	asking := ctx
	return s.cache.Sessions.One(ctx, hash, func(ctx context.Context, hashes []kinds.TokenHash) (map[kinds.TokenHash]*ent.Session, error) {
		from := viewer.From(asking)
		if err := charged.begin(ctx, from); err != nil {
			return nil, err
		}
		found := map[kinds.TokenHash]*ent.Session{}
		for _, h := range hashes { // always one: a request has one token
			x, err := s.store.DB.Session.Query().Where(withSecret(h)).Only(ctx)
			if ent.IsNotFound(err) {
				continue
			}
			if err != nil {
				return nil, err
			}
			found[h] = x
			charged.giveBack(from)
		}
		return found, nil
	})
}

// withSecret finds the session of a token. The predicate that ent generates for this, an EXISTS, has SQLite read all sessions.
func withSecret(h kinds.TokenHash) predicate.Session {
	return func(of *entsql.Selector) {
		secrets := entsql.Table(sessionsecret.Table)
		of.Where(entsql.In(of.C(session.FieldID), entsql.Select(secrets.C(sessionsecret.FieldSessionID)).From(secrets).Where(entsql.EQ(secrets.C(sessionsecret.FieldTokenHash), h[:]))))
	}
}

func (s *Service) slide(ctx context.Context, id uuid.UUID, now time.Time) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		secret, err := tx.SessionSecret.Query().Where(sessionsecret.SessionID(id)).Only(ctx)
		if err != nil {
			return err
		}
		x, err := tx.Session.UpdateOneID(id).SetLastUsedAt(now).SetExpiresAt(now.Add(s.lifetime)).Save(ctx)
		if err == nil {
			tx.Invalidate(secret, x)
		}
		return err
	})
}

// SignIn starts a session of the account for a client without a password, and puts it, with the account, into the cache before its
// token is known to anyone.
func (s *Service) SignIn(ctx context.Context, userID uuid.UUID, client viewer.Viewer) (SignedIn, error) {
	return s.signIn(ctx, userID, client, nil)
}

// signIn is SignIn after the password was verified: c is the result of verify. It returns errChanged if the account has another
// password by now. A change of the password waits for the transaction, and then ends the session with the others.
func (s *Service) signIn(ctx context.Context, userID uuid.UUID, client viewer.Viewer, c *ent.Credential) (SignedIn, error) {
	raw := make([]byte, tokenSize)
	_, _ = rand.Read(raw) // never fails
	hash := kinds.TokenHash(sha256.Sum256(raw))
	expires := schema.Now().Add(s.lifetime)
	var x *ent.Session
	err := s.store.Write(ctx, func(tx *store.Tx) (err error) {
		if c != nil {
			err = unchanged(ctx, tx, c)
		} else {
			_, err = store.ForUpdate(tx, tx.User.Query().Where(user.ID(userID), present.User())).OnlyID(ctx)
		}
		if err != nil {
			return err
		}
		x, err = tx.Session.Create().SetUserID(userID).SetExpiresAt(expires).SetUserAgent(plaintext.Clip(client.UserAgent, 512)).Save(ctx)
		if err != nil {
			return err
		}
		secret, err := tx.SessionSecret.Create().SetSessionID(x.ID).SetTokenHash(hash[:]).Save(ctx)
		if err != nil {
			return err
		}
		tx.Invalidate(x, secret)
		client.UserID = userID
		if err := audit.Note(ctx, tx, client, audit.Event{Action: auditentry.ActionSignedIn, Subject: x.NodeID().String()}); err != nil {
			return err
		}
		return s.endOldest(ctx, tx, userID)
	})
	if err != nil {
		return SignedIn{}, err
	}
	if _, _, err := s.byHash(ctx, hash, failedTokens{}); err != nil {
		return SignedIn{}, err
	}
	users, err := s.ByIDs(ctx, []uuid.UUID{userID})
	s.cache.Settle() // in Redis too, for the first request may reach another instance
	return SignedIn{User: users[userID], SessionID: x.ID, Token: base64.RawURLEncoding.EncodeToString(raw), ExpiresAt: expires}, err
}

// endOldest ends the sessions that are one too many.
func (s *Service) endOldest(ctx context.Context, tx *store.Tx, userID uuid.UUID) error {
	ids, err := tx.Session.Query().Where(session.UserID(userID)).
		Order(ent.Desc(session.FieldLastUsedAt, session.FieldID)).Offset(maxSessions).Limit(maxSessions).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return err
	}
	_, err = end(ctx, tx, session.IDIn(ids...))
	return err
}

// Logout ends the viewer's session, or has the viewer's token of the outside issuer refused from now on. False for a guest.
func (s *Service) Logout(ctx context.Context, v viewer.Viewer) (bool, error) {
	if v.Guest() {
		return false, nil
	}
	if v.Token != nil {
		return true, s.refuse(ctx, v)
	}
	return true, s.store.Write(ctx, func(tx *store.Tx) error {
		_, err := end(ctx, tx, session.ID(v.SessionID))
		return err
	})
}

// RevokeSession ends one of the viewer's sessions. NOT_FOUND for any other.
func (s *Service) RevokeSession(ctx context.Context, v viewer.Viewer, id uuid.UUID) error {
	userID, err := v.SignedIn()
	if err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		n, err := end(ctx, tx, session.ID(id), session.UserID(userID))
		if err == nil && n == 0 {
			return errs.Missing("session")
		}
		if err != nil {
			return err
		}
		return audit.Note(ctx, tx, v, audit.Event{Action: auditentry.ActionSessionRevoked, Subject: nodeid.ID{Type: nodeid.Session, UUID: id}.String()})
	})
}

// end ends sessions, on every instance at once, and returns how many.
func end(ctx context.Context, tx *store.Tx, which ...predicate.Session) (int, error) {
	sessions, err := tx.Session.Query().Where(which...).WithSecret().All(ctx)
	if err != nil {
		return 0, err
	}
	for _, x := range sessions {
		tx.Invalidate(x)
		if x.Edges.Secret != nil {
			tx.Invalidate(x.Edges.Secret)
		}
	}
	return tx.Session.Delete().Where(session.IDIn(ent.Sessions(sessions).IDs()...)).Exec(ctx)
}

func hashOf(token string) (kinds.TokenHash, bool) {
	if len(token) != base64.RawURLEncoding.EncodedLen(tokenSize) { // the decoder passes over line breaks
		return kinds.TokenHash{}, false
	}
	var raw [tokenSize]byte
	if n, err := tokenEncoding.Decode(raw[:], []byte(token)); err != nil || n != tokenSize {
		return kinds.TokenHash{}, false
	}
	return sha256.Sum256(raw[:]), true
}
