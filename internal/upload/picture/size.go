package picture

import (
	"bytes"
	"image"
)

// SizeBytes is how many bytes of a picture Size needs at most. Before the size in a JPEG there are metadata, of up to 64 KiB each.
const SizeBytes = 1 << 20

// Size returns how large a picture is shown, upright, in pixels, from the beginning of its content. It returns zeros if that does not tell.
func Size(head []byte) (width, height int) {
	c, ok := header(head)
	if !ok || c.Width < 1 || c.Height < 1 || c.Width > maxSide || c.Height > maxSide {
		return 0, 0
	}
	if orientation(head).sideways() {
		return c.Height, c.Width
	}
	return c.Width, c.Height
}

// header reads the header of a picture.
func header(head []byte) (c image.Config, ok bool) {
	defer func() {
		if recover() != nil { // a decoder that met what it does not expect
			ok = false
		}
	}()
	c, _, err := image.DecodeConfig(bytes.NewReader(head))
	return c, err == nil
}
