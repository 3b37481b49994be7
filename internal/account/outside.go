package account

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/identity"
	"docsquare/ent/user"
	"docsquare/internal/counters"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/oidc"
	"docsquare/internal/plaintext"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

// identify is who a token of the outside issuer speaks for: the account that is linked to its subject. The first token of a
// subject opens one. An account that is there already is never linked by its name or email address, which others can claim.
func (s *Service) identify(ctx context.Context, token string) (viewer.Viewer, error) {
	var claims oidc.Claims
	err := s.proven.check(ctx, token, s.forged, func() (err error) {
		claims, err = s.outside.Verify(ctx, token)
		return err
	})
	if err != nil {
		return viewer.Viewer{}, err
	}
	subject := kinds.Subject{Issuer: s.outside.Name(), Name: claims.Subject}
	id, found, err := s.linked(ctx, subject)
	if err == nil && !found {
		id, err = s.admit(ctx, subject, claims)
	}
	return viewer.Viewer{UserID: id}, err
}

func (s *Service) linked(ctx context.Context, subject kinds.Subject) (uuid.UUID, bool, error) {
	return s.cache.Identities.One(ctx, subject, func(ctx context.Context, subjects []kinds.Subject) (map[kinds.Subject]uuid.UUID, error) {
		found := map[kinds.Subject]uuid.UUID{}
		for _, x := range subjects { // always one: a request has one token
			row, err := s.store.DB.Identity.Query().Where(identity.Issuer(x.Issuer), identity.Subject(x.Name)).Only(ctx)
			if err != nil && !ent.IsNotFound(err) {
				return nil, err
			}
			if row != nil {
				found[x] = row.UserID
			}
		}
		return found, nil
	})
}

// attempts is how often a free name is looked for.
const attempts = 3

// admit opens an account for a subject, unless another request was faster.
func (s *Service) admit(ctx context.Context, subject kinds.Subject, claims oidc.Claims) (id uuid.UUID, err error) {
	for i := range attempts {
		u := outsider(subject, claims, i > 0)
		err = s.store.Write(ctx, func(tx *store.Tx) error {
			u, err := tx.User.Create().SetUsername(u.Username).SetEmail(u.Email).SetDisplayName(u.DisplayName).SetRole(user.RoleUser).Save(ctx)
			if err != nil {
				return taken(err)
			}
			link, err := tx.Identity.Create().SetUserID(u.ID).SetIssuer(subject.Issuer).SetSubject(subject.Name).Save(ctx)
			if err != nil {
				return taken(err)
			}
			id = u.ID
			tx.Invalidate(u, &ent.UserStats{UserID: u.ID}, link)
			tx.Count(counters.SiteUsers, 1)
			return tx.UserStats.Create().SetUserID(u.ID).Exec(ctx)
		})
		if !errs.Is(err, errs.Conflict) {
			return id, err
		}
		if row, err := s.store.DB.Identity.Query().Where(identity.Issuer(subject.Issuer), identity.Subject(subject.Name)).Only(ctx); !ent.IsNotFound(err) {
			if err != nil {
				return uuid.Nil, err
			}
			return row.UserID, nil
		}
	}
	return uuid.Nil, err
}

var notInUsernames = regexp.MustCompile(`[^a-z0-9_-]+`)

// outsider is the account that a token asks for; with alone, under a name and an address that no other can have. An address
// that the issuer has not verified could be another's.
func outsider(subject kinds.Subject, claims oidc.Claims, alone bool) *ent.User {
	sum := sha256.Sum256([]byte(subject.Issuer + "\n" + subject.Name))
	mark := hex.EncodeToString(sum[:8])
	u := &ent.User{Username: "user-" + mark, Email: mark + "@outside.invalid"}
	name := strings.Trim(notInUsernames.ReplaceAllString(Lower(claims.Username), "-"), "-_")
	name = name[:min(len(name), 32)]
	if !alone && plaintext.IsUsername(name) {
		u.Username = name
	}
	if email, err := checkEmail(claims.Email); err == nil && claims.EmailVerified && !alone {
		u.Email = email
	}
	u.DisplayName = cmp.Or(plaintext.Line(claims.Name, maxDisplayName), u.Username)
	return u
}
