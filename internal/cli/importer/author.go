package importer

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"docsquare/ent"
	"docsquare/ent/user"
	"docsquare/internal/account"
	"docsquare/internal/text/plaintext"
)

// defaultAuthor is the author of documents if neither they nor their source names one.
const defaultAuthor = "library"

// Domain is that of the addresses of accounts that imports open, and use again. No mail can be sent there.
const Domain = "@import.invalid"

// author is the account that a document is imported for.
type author struct {
	id       uuid.UUID
	username string
}

// checkAuthor finds the account that all documents are for, if the options name one.
func (r *run) checkAuthor(ctx context.Context) error {
	if r.Author == "" {
		return nil
	}
	u, err := r.db.DB.User.Query().Where(user.Username(r.Author)).Only(ctx)
	if ent.IsNotFound(err) {
		return fmt.Errorf("there is no account %q: register it first, or leave --author out", r.Author)
	}
	if err != nil {
		return err
	}
	r.authors[""] = author{u.ID, u.Username}
	return nil
}

// authorOf returns the account of the first author that front matter names, else of the one that the source names. An error with a code
// has the reason why there is none.
func (r *run) authorOf(ctx context.Context, named []string, home string) (author, error) {
	if r.Author != "" {
		return r.authors[""], nil
	}
	name := cmp.Or(plaintext.Line(home, plaintext.MaxDisplayName), defaultAuthor)
	for _, n := range slices.Backward(named) {
		name = cmp.Or(plaintext.Line(n, plaintext.MaxDisplayName), name)
	}
	name = norm.NFC.String(plaintext.Line(name, plaintext.MaxDisplayName))
	key := folded(name)
	if a, ok := r.authors[key]; ok {
		return a, nil
	}
	a, err := r.account(ctx, name)
	if err == nil {
		r.authors[key] = a
	}
	return a, err
}

// folded returns what two spellings of a name have in common.
func folded(name string) string { return cases.Fold().String(norm.NFKC.String(name)) }

// account finds the account that an earlier import has opened for a name, or opens one. Two names never share an account, and an
// account that somebody else has opened is never used.
func (r *run) account(ctx context.Context, name string) (author, error) {
	usernames := []string{slug(name, false), slug(name, true)}
	for _, username := range usernames {
		u, err := r.db.DB.User.Query().Where(user.Username(username)).Only(ctx)
		switch {
		case ent.IsNotFound(err):
			u, err = r.accounts.Open(ctx, account.Registration{
				Username: username, Email: username + Domain, Password: rand.Text(), DisplayName: &name,
			})
			if err != nil {
				return author{}, err
			}
			return author{u.ID, username}, nil
		case err != nil:
			return author{}, err
		case strings.HasSuffix(u.Email, Domain) && folded(u.DisplayName) == folded(name):
			return author{u.ID, username}, nil
		}
	}
	return author{}, failure("the usernames %s of its author %s belong to others: name an account by --author", strings.Join(usernames, " and "), name)
}

// slug returns a username for a name. With a number, which is always the same for a name, two names that have the same letters
// of usernames get two of them.
func slug(name string, numbered bool) string {
	out := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_', r == '-':
			return r
		case r >= utf8.RuneSelf:
			numbered = true
		}
		return ' '
	}, strings.ToLower(name))
	out = strings.Trim(strings.Join(strings.Fields(out), "-"), "-_")
	number := ""
	if numbered || out == "" {
		h := fnv.New32a()
		_, _ = h.Write([]byte(folded(name))) // never fails
		number = fmt.Sprintf("-%08x", h.Sum32())
	}
	if out == "" || len(out+number) < plaintext.MinUsername {
		out = strings.TrimLeft(out+"-author", "-")
	}
	if most := plaintext.MaxUsername - len(number); len(out) > most {
		out = out[:most]
	}
	return out + number
}
