// Package account owns accounts, their passwords and their sessions. Secrets never leave it: not to the cache, not to a
// log, not to a client, but for the token that a sign-in shows once.
package account

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/session"
	"docsquare/ent/user"
	"docsquare/ent/userstats"
	"docsquare/internal/kinds"
	"docsquare/internal/oidc"
	"docsquare/internal/store"
)

// Service reads and writes accounts.
type Service struct {
	store     *store.Store
	cache     *kinds.Cache
	passwords *passwords
	lifetime  time.Duration // of a session that is not used
	outside   *oidc.Issuer  // whose tokens are accepted too; nil: none
	failures  failures
}

// New is the service over a store and its cache. A session that is not used ends after the lifetime. Outside is the issuer
// whose tokens are accepted in addition to its own sessions, nil for none.
func New(s *store.Store, c *kinds.Cache, lifetime time.Duration, outside *oidc.Issuer) (*Service, error) {
	p, err := newPasswords()
	return &Service{store: s, cache: c, passwords: p, lifetime: lifetime, outside: outside}, err
}

// ByIDs is the accounts that exist.
func (s *Service) ByIDs(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.User, error) {
	return s.cache.Users.Fetch(ctx, ids, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.User, error) {
		rows, err := s.store.DB.User.Query().Where(user.IDIn(ids...)).All(ctx)
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

// ByNames is the account with each username or email address. Names are looked up in lower case: pass them so.
func (s *Service) ByNames(ctx context.Context, names []string) (map[string]uuid.UUID, error) {
	return s.cache.Usernames.Fetch(ctx, names, func(ctx context.Context, names []string) (map[string]uuid.UUID, error) {
		rows, err := s.store.DB.User.Query().Where(user.Or(user.UsernameIn(names...), user.EmailIn(names...))).All(ctx)
		byName := make(map[string]uuid.UUID, 2*len(rows))
		for _, u := range rows {
			byName[u.Username], byName[u.Email] = u.ID, u.ID
		}
		found := make(map[string]uuid.UUID, len(names))
		for _, name := range names {
			if id, ok := byName[name]; ok {
				found[name] = id
			}
		}
		return found, err
	})
}

// Lower is a name as it is looked up.
func Lower(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// Sessions is the sessions of each account that have not ended, the latest first. Show them to the account alone.
func (s *Service) Sessions(ctx context.Context, users []uuid.UUID) (map[uuid.UUID][]*ent.Session, error) {
	lists, err := s.cache.SessionsOf.Fetch(ctx, users, func(ctx context.Context, users []uuid.UUID) (map[uuid.UUID][]*ent.Session, error) {
		rows, err := s.store.DB.Session.Query().Where(session.UserIDIn(users...), session.ExpiresAtGT(time.Now().UTC())).
			Order(ent.Desc(session.FieldCreatedAt, session.FieldID)).Limit(maxSessions * len(users)).All(ctx)
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
