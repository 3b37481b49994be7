package account

import (
	"context"
	"errors"
	"net/mail"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"docsquare/ent"
	"docsquare/ent/user"
	"docsquare/internal/counters"
	"docsquare/internal/errs"
	"docsquare/internal/store"
	"docsquare/internal/text/plaintext"
	"docsquare/internal/viewer"
)

// The limits of an account, in characters.
const (
	minPassword = 8
	maxPassword = 256
	maxBio      = 2000
	maxEmail    = 254 // bytes
	maxLocal    = 64  // bytes before the @
)

// Registration is what opens an account.
type Registration struct {
	Username, Email, Password string
	DisplayName               *string
	Role                      user.Role // empty: a plain account
}

// Register opens an account and signs it in. It returns BAD_USER_INPUT for bad fields and CONFLICT for a username or
// email address that is taken.
func (s *Service) Register(ctx context.Context, r Registration, client viewer.Viewer) (SignedIn, error) {
	u, c, err := s.open(ctx, r)
	if err != nil {
		return SignedIn{}, err
	}
	in, err := s.signIn(ctx, u.ID, client, c)
	if errors.Is(err, errChanged) {
		err = errPassword
	}
	return in, err
}

// Open opens an account without signing it in. Errors are those of Register.
func (s *Service) Open(ctx context.Context, r Registration) (*ent.User, error) {
	u, _, err := s.open(ctx, r)
	return u, err
}

func (s *Service) open(ctx context.Context, r Registration) (u *ent.User, c *ent.Credential, err error) {
	checked, err := r.check()
	if err != nil {
		return nil, nil, err
	}
	hash, err := s.passwords.hash(ctx, r.Password)
	if err != nil {
		return nil, nil, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		create := tx.User.Create().SetUsername(checked.Username).SetEmail(checked.Email).SetDisplayName(checked.DisplayName)
		u, err = create.SetFolded(plaintext.NameKey(checked.DisplayName)).SetRole(checked.Role).Save(ctx)
		if err != nil {
			return taken(err)
		}
		if c, err = tx.Credential.Create().SetUserID(u.ID).SetPasswordHash(hash).Save(ctx); err != nil {
			return err
		}
		tx.Invalidate(u, &ent.UserStats{UserID: u.ID})
		tx.Count(counters.SiteUsers, 1)
		return tx.UserStats.Create().SetUserID(u.ID).Exec(ctx)
	})
	return u, c, err
}

func taken(err error) error {
	if !ent.IsConstraintError(err) {
		return err
	}
	e := errs.New(errs.Conflict, "this username is taken: choose another")
	e.Field = "username"
	if strings.Contains(err.Error(), "email") {
		e.Field, e.Message = "email", "this email address has an account already: sign in, or use another"
	}
	return e
}

func (r Registration) check() (*ent.User, error) {
	u := &ent.User{Username: plaintext.Username(r.Username), Role: user.RoleUser}
	if r.Role != "" {
		u.Role = r.Role
	}
	if !plaintext.IsUsername(u.Username) {
		return nil, errs.BadInput("username", "a username is 3 to 32 of a-z, 0-9, _ and -, starting with a letter or digit")
	}
	if err := checkPassword("password", r.Password); err != nil {
		return nil, err
	}
	u.DisplayName = u.Username
	if r.DisplayName != nil {
		u.DisplayName = *r.DisplayName
	}
	var err error
	if u.Email, err = checkEmail(r.Email); err != nil {
		return nil, err
	}
	u.DisplayName, err = checkDisplayName(u.DisplayName)
	return u, err
}

func checkPassword(field, password string) error {
	if n := utf8.RuneCountInString(plaintext.Password(password)); n < minPassword || n > maxPassword {
		return errs.BadInput(field, "a password has %d to %d characters, but this has %d", minPassword, maxPassword, n)
	}
	return nil
}

// domains reads domains as browsers do (UTS 46), and checks their length and that of their labels too.
var domains = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.VerifyDNSLength(true))

// checkEmail returns an address as it is compared: in lower case, ASCII width and NFC, with its domain in ASCII. The lengths are those of RFC 5321.
func checkEmail(text string) (string, error) {
	text = norm.NFC.String(strings.ToLower(width.Fold.String(strings.TrimSpace(text))))
	a, err := mail.ParseAddress(text)
	local, domain := text, ""
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		local, domain = text[:at], text[at+1:]
	}
	ascii, notDomain := domains.ToASCII(domain)
	_, notName := plaintext.Name(local, maxLocal)
	if err != nil || a.Address != text || notDomain != nil || notName != nil || ascii == "" || len(local) > maxLocal || len(local)+1+len(ascii) > maxEmail {
		return "", errs.BadInput("email", "this is not an email address: pass one such as name@example.org")
	}
	return local + "@" + ascii, nil
}

func checkDisplayName(text string) (string, error) {
	name, err := plaintext.Name(text, plaintext.MaxDisplayName)
	if err != nil {
		return "", errs.BadInput("displayName", "the display name %v", err)
	}
	return name, nil
}

// Profile is a change to an account. Nil fields keep their value.
type Profile struct {
	DisplayName, Bio, Email *string
	Avatar                  **uuid.UUID // points to nil to have none
}

// UpdateProfile changes the viewer's profile. It returns BAD_USER_INPUT for bad fields and CONFLICT for an email address
// that is taken.
func (s *Service) UpdateProfile(ctx context.Context, v viewer.Viewer, p Profile) error {
	id, err := v.SignedIn()
	if err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		old, err := store.ForUpdate(tx, tx.User.Query().Where(user.ID(id))).Only(ctx)
		if err != nil {
			return err
		}
		update := tx.User.UpdateOneID(id)
		if err := p.apply(update); err != nil {
			return err
		}
		if p.Avatar != nil {
			if err := setAvatar(ctx, tx, old, *p.Avatar); err != nil {
				return err
			}
			if *p.Avatar == nil {
				update.ClearAvatarID()
			} else {
				update.SetAvatarID(**p.Avatar)
			}
		}
		u, err := update.Save(ctx)
		if err != nil {
			return taken(err)
		}
		tx.Invalidate(old, u)
		return nil
	})
}

func (p Profile) apply(update *ent.UserUpdateOne) error {
	if p.DisplayName != nil {
		name, err := checkDisplayName(*p.DisplayName)
		if err != nil {
			return err
		}
		update.SetDisplayName(name).SetFolded(plaintext.NameKey(name))
	}
	if p.Bio != nil {
		if utf8.RuneCountInString(*p.Bio) > maxBio {
			return errs.BadInput("bio", "a bio may have up to %d characters", maxBio)
		}
		update.SetBio(strings.TrimSpace(*p.Bio))
	}
	if p.Email != nil {
		email, err := checkEmail(*p.Email)
		if err != nil {
			return err
		}
		update.SetEmail(email)
	}
	return nil
}
