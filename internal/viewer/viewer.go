// Package viewer has the identity of the client of a request: a guest, or an account with its role. It is read once for each request, and
// passed on as an argument.
package viewer

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/errs"
)

// Viewer is who asks. The zero value is a guest.
type Viewer struct {
	UserID    uuid.UUID
	SessionID uuid.UUID
	UserAgent string
	Address   string // of the client: an IPv4 address, or the first half of an IPv6 address; empty if unknown
	Token     *Token // of an outside issuer, by which the viewer is signed in; nil: by a session, or not at all
}

// Token is a token of an outside issuer.
type Token struct {
	Subject       string   // a hash of the issuer and its subject
	Hash          [32]byte // SHA-256 of the signed part
	IssuedAt      time.Time
	Authenticated time.Time // when the issuer asked the subject who it is; zero if the token does not say
	Expires       time.Time
}

// Identify returns the viewer as the account that who is signed in to.
func (v Viewer) Identify(who Viewer) Viewer {
	v.UserID, v.SessionID, v.Token = who.UserID, who.SessionID, who.Token
	return v
}

// Guest reports whether the viewer is not signed in.
func (v Viewer) Guest() bool { return v.UserID == uuid.Nil }

// Is reports whether the viewer is this account.
func (v Viewer) Is(user uuid.UUID) bool { return v.Rules().Is(user) }

// SignedIn is the viewer's account, UNAUTHENTICATED for a guest.
func (v Viewer) SignedIn() (uuid.UUID, error) {
	if v.Guest() {
		return uuid.Nil, errs.SignIn()
	}
	return v.UserID, nil
}

// ContextKey is the key of a *Viewer in a context.
type ContextKey struct{}

// With puts the viewer where graph/ reads it from.
func With(ctx context.Context, v Viewer) context.Context {
	return context.WithValue(ctx, ContextKey{}, &v)
}

// From returns the viewer of a request, or a guest if the context has none.
func From(ctx context.Context) Viewer {
	if v, ok := ctx.Value(ContextKey{}).(*Viewer); ok {
		return *v
	}
	return Viewer{}
}

// BearerToken returns the token of an Authorization header, "Bearer …". A header of another form is returned as it is.
func BearerToken(header string) string {
	token, _ := strings.CutPrefix(header, "Bearer ")
	return strings.TrimSpace(token)
}

// ClientAddress is the address of a client: an IPv4 address, or the first half of an IPv6 address, which is one client's as a
// rule; empty if unknown. Remote is the network address of the connection, with its port. Each of so many proxies
// before the server adds to the X-Forwarded-For headers the address that it was asked from: what precedes those is
// whatever the client has written.
func ClientAddress(remote string, forwarded []string, proxies int) string {
	if proxies == 0 {
		return shared(remote)
	}
	var hops []string
	for _, header := range forwarded {
		hops = append(hops, strings.Split(header, ",")...)
	}
	if len(hops) < proxies { // somebody has asked past them
		return shared(remote)
	}
	return shared(strings.TrimSpace(hops[len(hops)-proxies]))
}

// shared is the part of an address that one client has. Some proxies add the port.
func shared(text string) string {
	at, err := netip.ParseAddrPort(text)
	address := at.Addr()
	if err != nil {
		address, err = netip.ParseAddr(text)
	}
	if err != nil {
		return ""
	}
	if address.Is4() { // which can be written in one way only
		text, _, _ = strings.Cut(text, ":")
		return text
	}
	if address = address.Unmap().WithZone(""); address.Is4() {
		return address.String()
	}
	half, _ := address.Prefix(64) // every IPv6 address has one
	return half.Addr().String()
}
