// Package viewer says who asks. The answer is read once, where a request comes in, and passed on as an argument.
package viewer

import (
	"context"
	"net/netip"

	"github.com/google/uuid"

	"docsquare/internal/errs"
)

// Viewer is who asks. The zero value is a guest.
type Viewer struct {
	UserID    uuid.UUID
	SessionID uuid.UUID
	UserAgent string
	Address   string // of the client: an IPv4 address, or the first half of an IPv6 address; empty where nobody knows
}

// Guest says that nobody is signed in.
func (v Viewer) Guest() bool { return v.UserID == uuid.Nil }

// Is says whether the viewer is this account.
func (v Viewer) Is(user uuid.UUID) bool { return !v.Guest() && v.UserID == user }

// SignedIn is the viewer's account, UNAUTHENTICATED for a guest.
func (v Viewer) SignedIn() (uuid.UUID, error) {
	if v.Guest() {
		return uuid.Nil, errs.SignIn()
	}
	return v.UserID, nil
}

type key struct{}

// With puts the viewer where graph/ reads it from.
func With(ctx context.Context, v Viewer) context.Context { return context.WithValue(ctx, key{}, &v) }

// From is the viewer of a request, a guest where nobody was put.
func From(ctx context.Context) Viewer {
	if v, ok := ctx.Value(key{}).(*Viewer); ok {
		return *v
	}
	return Viewer{}
}

// Become puts another viewer in the place of the one that With put: a sign-in changes who asks. Call it before anything
// else reads the context; it changes nothing where nobody was put.
func Become(ctx context.Context, v Viewer) {
	if at, ok := ctx.Value(key{}).(*Viewer); ok {
		*at = v
	}
}

// AddressOf is the address of a client whose network address, with its port, is this.
func AddressOf(remote string) string {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return ""
	}
	address := at.Addr().Unmap().WithZone("")
	if address.Is4() {
		return address.String()
	}
	half, _ := address.Prefix(64) // every IPv6 address has one
	return half.Addr().String()
}
