package account

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/identity"
	"docsquare/ent/refusedtoken"
	"docsquare/ent/user"
	"docsquare/internal/account/oidc"
	"docsquare/internal/counters"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
	"docsquare/internal/text/plaintext"
	"docsquare/internal/viewer"
)

// identify is who a token of the outside issuer speaks for: the account that is linked to its subject. The first token of a
// subject opens one. An account that is there already is never linked by its name or email address, which others can claim. A token
// that was signed out, or that was issued before the account of its subject was deleted, is UNAUTHENTICATED.
func (s *Service) identify(ctx context.Context, raw string) (viewer.Viewer, error) {
	var claims oidc.Claims
	err := s.proven.check(ctx, raw, s.forged, func() (err error) {
		claims, err = s.outside.Verify(ctx, raw)
		return err
	})
	if err != nil {
		return viewer.Viewer{}, err
	}
	subject := kinds.Subject{Issuer: s.outside.Name(), Name: claims.Subject}
	token := &viewer.Token{
		Subject: subject.Hash(), Hash: sha256.Sum256([]byte(raw[:strings.LastIndexByte(raw, '.')])), // a signature can have two forms
		IssuedAt: claims.IssuedAt, Authenticated: claims.Authenticated, Expires: claims.Expires,
	}
	known, err := s.identity(ctx, subject)
	if err != nil {
		return viewer.Viewer{}, err
	}
	if refuses(known, token) {
		return viewer.Viewer{}, errRefused
	}
	id := known.Account
	if id == uuid.Nil {
		id, err = s.admit(ctx, subject, claims, token)
	}
	return viewer.Viewer{UserID: id, Token: token}, err
}

// errRefused is the error of a token that is valid for its issuer, but not here any more.
var errRefused = errs.New(errs.Unauthenticated, "the token was signed out here, or its account was deleted: get a new one where you got it")

// refuses reports whether a token is refused by what is known of its subject.
func refuses(known kinds.Identity, t *viewer.Token) bool {
	return slices.Contains(known.Refused, kinds.TokenHash(t.Hash)) || !known.IssuedUntil.IsZero() && !t.IssuedAt.After(known.IssuedUntil)
}

// identity returns what is known of a subject.
func (s *Service) identity(ctx context.Context, subject kinds.Subject) (kinds.Identity, error) {
	known, _, err := s.cache.Identities.One(ctx, subject, func(ctx context.Context, subjects []kinds.Subject) (map[kinds.Subject]*kinds.Identity, error) {
		found := map[kinds.Subject]*kinds.Identity{}
		for _, x := range subjects { // always one: a request has one token
			known, err := readIdentity(ctx, s.store.DB.Identity, s.store.DB.RefusedToken, x)
			if err != nil {
				return nil, err
			}
			if known.Account != uuid.Nil || len(known.Refused) > 0 || !known.IssuedUntil.IsZero() {
				found[x] = &known
			}
		}
		return found, nil
	})
	if known == nil {
		return kinds.Identity{}, err
	}
	return *known, err
}

func readIdentity(ctx context.Context, links *ent.IdentityClient, refused *ent.RefusedTokenClient, subject kinds.Subject) (known kinds.Identity, err error) {
	link, err := links.Query().Where(identity.Issuer(subject.Issuer), identity.Subject(subject.Name)).Only(ctx)
	if err != nil && !ent.IsNotFound(err) {
		return known, err
	}
	if link != nil {
		known.Account = link.UserID
	}
	rows, err := refused.Query().Where(refusedtoken.Subject(subject.Hash())).All(ctx)
	for _, r := range rows {
		switch {
		case len(r.Token) == sha256.Size:
			known.Refused = append(known.Refused, kinds.TokenHash(r.Token))
		case r.IssuedUntil != nil && r.IssuedUntil.After(known.IssuedUntil):
			known.IssuedUntil = *r.IssuedUntil
		}
	}
	return known, err
}

// attempts is how often a free name is looked for.
const attempts = 3

// admit opens an account for the subject of a token, unless another request was faster, or the account of the subject was deleted.
func (s *Service) admit(ctx context.Context, subject kinds.Subject, claims oidc.Claims, token *viewer.Token) (id uuid.UUID, err error) {
	for i := range attempts {
		u := outsider(subject, claims, i > 0)
		err = s.store.Write(ctx, func(tx *store.Tx) error {
			u, err := tx.User.Create().SetUsername(u.Username).SetEmail(u.Email).SetDisplayName(u.DisplayName).SetFolded(plaintext.NameKey(u.DisplayName)).SetRole(user.RoleUser).Save(ctx)
			if err != nil {
				return taken(err)
			}
			link, err := tx.Identity.Create().SetUserID(u.ID).SetIssuer(subject.Issuer).SetSubject(subject.Name).Save(ctx)
			if err != nil {
				return taken(err)
			}
			// A deletion removes the link and refuses the tokens in one transaction. The new link is there, so a deletion has ended, or will wait.
			known, err := readIdentity(ctx, tx.Identity, tx.RefusedToken, subject)
			if err != nil {
				return err
			}
			if refuses(known, token) {
				return errRefused
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
	u.DisplayName = cmp.Or(plaintext.Line(claims.Name, plaintext.MaxDisplayName), u.Username)
	return u
}
