package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// turn is how a picture has to be turned to be upright: the orientation of EXIF, 1 to 8. 1 is upright.
type turn uint16

// sideways reports whether width and height change places.
func (t turn) sideways() bool { return t >= 5 && t <= 8 }

// apply returns the upright picture.
func (t turn) apply(m *image.NRGBA) *image.NRGBA {
	if t < 2 || t > 8 {
		return m
	}
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	size := image.Pt(w, h)
	if t.sideways() {
		size = image.Pt(h, w)
	}
	out := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range h {
		for x := range w {
			to := t.place(x, y, w, h)
			copy(out.Pix[out.PixOffset(to.X, to.Y):][:4], m.Pix[m.PixOffset(x, y):][:4])
		}
	}
	return out
}

// place returns where a pixel of a picture of w × h pixels goes.
func (t turn) place(x, y, w, h int) image.Point {
	switch t {
	case 2:
		return image.Pt(w-1-x, y)
	case 3:
		return image.Pt(w-1-x, h-1-y)
	case 4:
		return image.Pt(x, h-1-y)
	case 5:
		return image.Pt(y, x)
	case 6:
		return image.Pt(h-1-y, x)
	case 7:
		return image.Pt(h-1-y, w-1-x)
	case 8:
		return image.Pt(y, w-1-x)
	}
	return image.Pt(x, y)
}

var exifHeader = []byte("Exif\x00\x00")

// orientation returns how a JPEG has to be turned; 1 for a picture that does not say so.
func orientation(data []byte) turn {
	found := turn(1)
	_ = walkJPEG(data, func(s jpegSegment) bool {
		if s.marker == app1 && bytes.HasPrefix(s.body, exifHeader) {
			found = inEXIF(s.body[len(exifHeader):])
			return false
		}
		return true
	})
	return found
}

// orientationTag is the number of the entry in the first directory of EXIF, which is a TIFF file (TIFF 6.0, section 2).
const orientationTag = 0x0112

func inEXIF(b []byte) turn {
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if b[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	n := int64(order.Uint16(b[at:]))
	for i := range n {
		entry := at + 2 + 12*i
		if entry+12 > int64(len(b)) {
			return 1
		}
		if order.Uint16(b[entry:]) == orientationTag {
			if t := turn(order.Uint16(b[entry+8:])); t >= 1 && t <= 8 {
				return t
			}
			return 1
		}
	}
	return 1
}
