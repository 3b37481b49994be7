package importer

import (
	"context"
	"crypto/rand"
	"fmt"
	"hash/fnv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"docsquare/internal/account"
	"docsquare/internal/plaintext"
)

// The limits of an account, in characters.
const (
	minUsername    = 3
	maxUsername    = 32
	maxDisplayName = 64
)

// defaultAuthor is the author of files that are in no folder and name no author.
const defaultAuthor = "library"

// author is who a document is imported for.
type author struct{ username, name string }

// authorOf is the author whom front matter names, else the folder at the top.
func authorOf(front header, file string) author {
	name, _, inFolder := strings.Cut(file, "/")
	if !inFolder {
		name = defaultAuthor
	}
	for _, a := range front.Author {
		if a = plaintext.Line(a, maxDisplayName); a != "" {
			name = a
			break
		}
	}
	return author{username: slug(name), name: plaintext.Line(name, maxDisplayName)}
}

// slug is a username for a name. A name with other letters than those of usernames gets a number, always the same one, so
// that two names which differ in those letters alone stay two.
func slug(name string) string {
	lost := false
	out := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_', r == '-':
			return r
		case r >= utf8.RuneSelf:
			lost = true
		}
		return ' '
	}, strings.ToLower(name))
	out = strings.Trim(strings.Join(strings.Fields(out), "-"), "-_")
	number := ""
	if lost || out == "" {
		h := fnv.New32a()
		_, _ = h.Write([]byte(name)) // never fails
		number = fmt.Sprintf("-%08x", h.Sum32())
	}
	if out == "" || len(out+number) < minUsername {
		out = strings.TrimLeft(out+"-author", "-")
	}
	if most := maxUsername - len(number); len(out) > most {
		out = out[:most]
	}
	return out + number
}

// OpenAuthor finds the account of an author, or opens one with an unknown random password: to sign in to it, set
// another. Errors are those of account.Service.Open.
func OpenAuthor(accounts *account.Service) Open {
	return func(ctx context.Context, username, displayName string) (uuid.UUID, error) {
		found, err := accounts.ByUsernames(ctx, []string{username})
		if id, ok := found[username]; ok || err != nil {
			return id, err
		}
		u, err := accounts.Open(ctx, account.Registration{
			Username: username, Email: username + "@example.org", Password: rand.Text(), DisplayName: &displayName,
		})
		if err != nil {
			return uuid.Nil, err
		}
		return u.ID, nil
	}
}
