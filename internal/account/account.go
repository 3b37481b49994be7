// Package account owns accounts, their passwords and their sessions. Secrets never leave it: not to the cache, not to a
// log, not to a client, but for the token that a sign-in shows once.
package account

import (
	"context"
	"log/slog"
	"strings"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/session"
	"docsquare/ent/user"
	"docsquare/ent/userstats"
	"docsquare/internal/account/oidc"
	"docsquare/internal/kinds"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/removal"
	"docsquare/internal/store"
	"docsquare/internal/store/present"
	"docsquare/internal/text/plaintext"
)

// Service reads and writes accounts.
type Service struct {
	store     *store.Store
	cache     *kinds.Cache
	passwords *passwords
	lifetime  time.Duration // of a session that is not used
	outside   *oidc.Issuer  // whose tokens are accepted too; nil: none
	limiter   *ratelimit.Limiter
	unknown   failedTokens // session tokens that do not exist
	forged    failedTokens // tokens of the outside issuer that are not valid
	proven    provenTokens // of the outside issuer
	removals  *removal.Worker
	log       *slog.Logger
}

// Options of the service.
type Options struct {
	Lifetime time.Duration      // of a session that is not used
	Outside  *oidc.Issuer       // whose tokens are accepted in addition to the sessions of the service; nil: none
	Limiter  *ratelimit.Limiter // of failed sign-ins and invalid tokens; nil: they are not limited

	// InvalidTokens is how many invalid tokens are checked for one address: session tokens that do not exist, and, counted on their own,
	// tokens of the outside issuer. Sessions in the cache and tokens that were valid before are not affected.
	InvalidTokens ratelimit.Rate

	Log *slog.Logger // default: none
}

// New returns the service over a store and its cache.
func New(s *store.Store, c *kinds.Cache, o Options) (*Service, error) {
	p, err := newPasswords()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{
		store: s, cache: c, passwords: p, lifetime: o.Lifetime, outside: o.Outside, limiter: o.Limiter,
		unknown: failedTokens{o.Limiter, o.InvalidTokens, "unknown-token:"}, forged: failedTokens{o.Limiter, o.InvalidTokens, "forged-token:"}, proven: newProvenTokens(),
		removals: removal.New(s, o.Log), log: o.Log,
	}, err
}

// ByIDs is the accounts that exist.
func (s *Service) ByIDs(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.User, error) {
	return s.cache.Users.Fetch(ctx, ids, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.User, error) {
		rows, err := s.store.DB.User.Query().Where(user.IDIn(ids...), present.User()).All(ctx)
		return store.ByKey(rows, func(u *ent.User) uuid.UUID { return u.ID }), err
	})
}

// Stats is what the accounts have done.
func (s *Service) Stats(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.UserStats, error) {
	return s.cache.UserStats.Fetch(ctx, ids, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.UserStats, error) {
		rows, err := s.store.DB.UserStats.Query().Where(userstats.UserIDIn(ids...)).All(ctx)
		return store.ByKey(rows, func(u *ent.UserStats) uuid.UUID { return u.UserID }), err
	})
}

// ByUsernames returns the account with each username. Pass usernames as Lower returns them. An email address is not a username.
func (s *Service) ByUsernames(ctx context.Context, names []string) (map[string]uuid.UUID, error) {
	return s.cache.Usernames.Fetch(ctx, names, func(ctx context.Context, names []string) (map[string]uuid.UUID, error) {
		rows, err := s.store.DB.User.Query().Where(user.UsernameIn(names...)).All(ctx)
		found := make(map[string]uuid.UUID, len(rows))
		for _, u := range rows {
			found[u.Username] = u.ID
		}
		return found, err
	})
}

// ForSignIn returns the account that signs in with a username or an email address, and false if there is none. The answer reveals who has
// an email address: use it only to sign in, or for the operator.
func (s *Service) ForSignIn(ctx context.Context, name string) (id uuid.UUID, found bool, err error) {
	name = Lower(name)
	if len(name) > maxEmail {
		return uuid.Nil, false, nil
	}
	key := user.Username(name)
	if strings.Contains(name, "@") { // which no username has
		key = user.Email(name)
	}
	u, err := s.store.DB.User.Query().Where(key).Only(ctx)
	if ent.IsNotFound(err) {
		return uuid.Nil, false, nil
	}
	if err != nil {
		return uuid.Nil, false, err
	}
	return u.ID, true, nil
}

// Lower returns a username or an email address as it is looked up.
func Lower(name string) string {
	if email, err := checkEmail(name); err == nil {
		return email
	}
	return strings.ToLower(plaintext.Username(name))
}

// Sessions is the sessions of each account that have not ended, the latest first. Show them to the account alone.
func (s *Service) Sessions(ctx context.Context, users []uuid.UUID) (map[uuid.UUID][]*ent.Session, error) {
	lists, err := s.cache.SessionsOf.Fetch(ctx, users, func(ctx context.Context, users []uuid.UUID) (map[uuid.UUID][]*ent.Session, error) {
		rows, err := s.store.DB.Session.Query().Where(latestSessions(time.Now().UTC()).Of(users)).
			Order(ent.Desc(session.FieldCreatedAt, session.FieldID)).All(ctx)
		lists := make(map[uuid.UUID][]*ent.Session, len(users))
		for _, x := range rows {
			lists[x.UserID] = append(lists[x.UserID], x)
		}
		return lists, err
	})
	return lists, err
}

// maxSessions is how many sessions of an account are kept: a further one ends the oldest.
const maxSessions = 50

// latestSessions are the sessions of an account that have not ended at a moment.
func latestSessions(now time.Time) store.Firsts {
	return store.Firsts{
		Table: session.Table, Parent: session.FieldUserID, N: maxSessions,
		Where: func(s *entsql.Selector) { s.Where(entsql.GT(s.C(session.FieldExpiresAt), now)) },
		Order: func(t *entsql.SelectTable) []string {
			return []string{entsql.Desc(t.C(session.FieldCreatedAt)), entsql.Desc(t.C(session.FieldID))}
		},
	}
}
