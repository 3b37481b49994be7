// Package fileurl reads and writes the addresses of files as they are in texts: with or without the host of the server, and with the
// width of a picture behind the identifier.
package fileurl

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"docsquare/internal/nodeid"
)

// Path is where the addresses of files begin, for sending and for fetching.
const Path = "/files/"

// Widths are the widths of the pictures that the server makes of a picture, in pixels, in ascending order.
var Widths = []int{320, 640, 1280, 1920}

// Address is the address of a file.
type Address struct {
	File  uuid.UUID
	Width int    // of a picture in pixels; 0: the file as it is
	tail  string // query and fragment
	local bool   // without a host
}

// Of returns the address of a file without a host.
func Of(id uuid.UUID) Address { return Address{File: id, local: true} }

// String returns the address without a host: "/files/ID", or "/files/ID/w640" for a picture of a width.
func (a Address) String() string {
	text := Path + nodeid.ID{Type: nodeid.File, UUID: a.File}.String()
	if a.Width > 0 {
		text += "/w" + strconv.Itoa(a.Width)
	}
	return text + a.tail
}

// Local reports whether the address has no host, so that it is one of this server.
func (a Address) Local() bool { return a.local }

// Parse reads the address of a file, with or without a scheme, a host and a path before it. It reports false for any other address.
func Parse(text string) (a Address, ok bool) {
	path := text
	if i := strings.IndexAny(text, "?#"); i >= 0 {
		path, a.tail = text[:i], text[i:]
	}
	i := strings.LastIndex(path, Path)
	if i < 0 {
		return Address{}, false
	}
	name, width, sized := strings.Cut(path[i+len(Path):], "/")
	id, err := nodeid.Parse(name)
	if err != nil || id.Type != nodeid.File {
		return Address{}, false
	}
	if sized {
		if a.Width, ok = parseWidth(width); !ok {
			return Address{}, false
		}
	}
	a.File, a.local = id.UUID, i == 0
	return a, true
}

// parseWidth reads the last part of an address, such as "w640".
func parseWidth(text string) (int, bool) {
	digits, ok := strings.CutPrefix(text, "w")
	n, err := strconv.Atoi(digits)
	return n, ok && err == nil && n > 0 && strconv.Itoa(n) == digits
}

// Name returns the name of a file that a relative address leads to, such as "a b.png" for "../images/a%20b.png". It reports false for
// an address with a scheme, a host or an absolute path, and for one without a path.
func Name(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || strings.HasPrefix(u.Path, "/") {
		return "", false
	}
	name := u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	return name, name != "" && name != "." && name != ".."
}

// IsPicture reports whether a file of a media type is a picture that browsers show.
func IsPicture(contentType string) bool {
	switch contentType {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}
