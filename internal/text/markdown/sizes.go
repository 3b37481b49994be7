package markdown

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
	nethtml "golang.org/x/net/html"

	"docsquare/internal/text/fileurl"
)

// Size is how large a picture is shown, in pixels.
type Size struct{ Width, Height int }

// at returns the size of a picture that is at most so wide, see fileurl.Address.
func (s Size) at(width int) Size {
	if width <= 0 || width >= s.Width {
		return s
	}
	return Size{width, max(1, s.Height*width/s.Width)}
}

// Sizes returns the sizes of pictures, as far as they are known.
type Sizes func(ids []uuid.UUID) (map[uuid.UUID]Size, error)

// shown is a picture of this server in the text, whose size is to be written at a part.
type shown struct {
	part  int
	file  uuid.UUID
	width int
}

// writePicture writes an image. Browsers load it when it comes near the screen. A picture of this server has its size, so that nothing moves
// when it arrives, unless the text gives it one.
func (w *writer) writePicture(t nethtml.Token) {
	sized := attribute(t, "width") != "" || attribute(t, "height") != ""
	t.Attr = append(t.Attr, nethtml.Attribute{Key: "loading", Val: "lazy"}, nethtml.Attribute{Key: "decoding", Val: "async"})
	w.writeTag(t)
	address, own := strings.CutPrefix(w.files.address(attribute(t, "src")), origin)
	a, ok := fileurl.Parse(address)
	if sized || !own || !ok {
		return
	}
	w.last = w.last[:len(w.last)-len(">")]
	w.flush()
	w.shown = append(w.shown, shown{len(w.parts), a.File, a.Width})
	w.parts = append(w.parts, "")
	w.last = append(w.last, '>')
}

// size writes the sizes of the pictures.
func (w *writer) size(sizes Sizes) error {
	if sizes == nil || len(w.shown) == 0 {
		return nil
	}
	known := map[uuid.UUID]bool{}
	var ids []uuid.UUID
	for _, s := range w.shown {
		if !known[s.file] {
			known[s.file] = true
			ids = append(ids, s.file)
		}
	}
	found, err := sizes(ids)
	for _, s := range w.shown {
		if z := found[s.file].at(s.width); z.Width > 0 && z.Height > 0 {
			w.parts[s.part] = fmt.Sprintf(` width="%d" height="%d"`, z.Width, z.Height)
		}
	}
	return err
}
