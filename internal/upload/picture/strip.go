package picture

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Strip returns a picture without its metadata: no EXIF with places and dates, no XMP, no IPTC, no comments. The pixels and the color
// profile are not changed, and a photograph keeps how it has to be turned. It returns the data itself if there is nothing to remove, and
// ErrDamaged for what is no picture.
func Strip(data []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xd8}):
		return stripJPEG(data)
	case bytes.HasPrefix(data, pngHeader):
		return stripPNG(data)
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return stripWebP(data)
	case bytes.HasPrefix(data, []byte("GIF8")):
		return stripGIF(data)
	}
	return nil, ErrDamaged
}

// TypeOf returns the media type of a picture that Strip has taken.
func TypeOf(data []byte) string {
	switch {
	case bytes.HasPrefix(data, pngHeader):
		return "image/png"
	case bytes.HasPrefix(data, []byte("RIFF")):
		return "image/webp"
	case bytes.HasPrefix(data, []byte("GIF8")):
		return "image/gif"
	}
	return "image/jpeg"
}

// The markers of JPEG (ITU-T T.81, table B.1).
const (
	startOfScan = 0xda
	endOfImage  = 0xd9
	app0        = 0xe0
	app1        = 0xe1
	app2        = 0xe2 // color profile, and previews of several pictures
	app14       = 0xee // Adobe: how colors are to be read
	app15       = 0xef
	comment     = 0xfe
)

// jpegSegment is a segment before the pixels: its marker, its content, and all of its bytes.
type jpegSegment struct {
	marker    byte
	body, raw []byte
}

// walkJPEG calls fn for each segment before the pixels, until it returns false. It returns what follows.
func walkJPEG(data []byte, fn func(jpegSegment) bool) (rest []byte) {
	if len(data) < 2 || data[0] != 0xff || data[1] != 0xd8 {
		return nil
	}
	at := 2
	for at+4 <= len(data) && data[at] == 0xff {
		marker := data[at+1]
		if marker == 0xff { // fill
			at++
			continue
		}
		if marker == startOfScan || marker == endOfImage {
			break
		}
		n := int(binary.BigEndian.Uint16(data[at+2:]))
		if n < 2 || at+2+n > len(data) {
			return nil
		}
		if !fn(jpegSegment{marker, data[at+4 : at+2+n], data[at : at+2+n]}) {
			break
		}
		at += 2 + n
	}
	return data[at:]
}

func stripJPEG(data []byte) ([]byte, error) {
	out := make([]byte, 2, len(data))
	copy(out, data)
	if t := orientation(data); t != 1 {
		out = append(out, onlyOrientation(t)...)
	}
	rest := walkJPEG(data, func(s jpegSegment) bool {
		if kept(s) {
			out = append(out, s.raw...)
		}
		return true
	})
	if len(rest) < 2 || rest[0] != 0xff {
		return nil, ErrDamaged
	}
	return append(out, untilEnd(rest)...), nil
}

// kept reports whether the decoding of the pixels needs a segment.
func kept(s jpegSegment) bool {
	switch s.marker {
	case app0, app14:
		return true
	case app2:
		return bytes.HasPrefix(s.body, []byte("ICC_PROFILE\x00"))
	}
	return s.marker != comment && (s.marker < app0 || s.marker > app15)
}

// untilEnd returns the pixels of a JPEG up to the end of the image: some programs add further pictures behind it, with their metadata.
func untilEnd(scan []byte) []byte {
	for at := 0; at+1 < len(scan); at++ {
		i := bytes.IndexByte(scan[at:], 0xff)
		if i < 0 || at+i+1 >= len(scan) {
			break
		}
		if at += i; scan[at+1] == endOfImage {
			return scan[:at+2]
		}
	}
	return scan
}

// onlyOrientation returns a segment with EXIF that has nothing else than the orientation.
func onlyOrientation(t turn) []byte {
	return []byte{
		0xff, app1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
		0, 1, orientationTag >> 8, orientationTag & 0xff, 0, 3, 0, 0, 0, 1, 0, byte(t), 0, 0, 0, 0, 0, 0, //nolint:gosec // 1 to 8
	}
}

var pngHeader = []byte("\x89PNG\r\n\x1a\n")

// ofPNG has the chunks that a picture needs to look as it does (PNG, third edition, section 11; with those of animations).
var ofPNG = []string{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV", "cLLI", "bKGD", "pHYs", "acTL", "fcTL", "fdAT"}

func stripPNG(data []byte) ([]byte, error) {
	out, at := slices.Clone(pngHeader), len(pngHeader)
	for at+12 <= len(data) {
		n, name := int(binary.BigEndian.Uint32(data[at:])), string(data[at+4:at+8])
		if n < 0 || n > len(data)-at-12 {
			return nil, ErrDamaged
		}
		if slices.Contains(ofPNG, name) {
			out = append(out, data[at:at+12+n]...)
		}
		if at += 12 + n; name == "IEND" {
			return out, nil
		}
	}
	return nil, ErrDamaged
}

// ofWebP has the chunks that a picture needs (RFC 9649, section 2.7).
var ofWebP = []string{"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"}

// The flags of VP8X that tell of metadata.
const metadataFlags = 0x08 | 0x04

func stripWebP(data []byte) ([]byte, error) {
	out, at := slices.Clone(data[:12]), 12
	for at+8 <= len(data) {
		name, n := string(data[at:at+4]), int(binary.LittleEndian.Uint32(data[at+4:]))
		end := at + 8 + n + n%2
		if n < 0 || n > len(data)-at-8 {
			return nil, ErrDamaged
		}
		end = min(end, len(data))
		if slices.Contains(ofWebP, name) {
			out = append(out, data[at:end]...)
			if name == "VP8X" && n > 0 {
				out[len(out)-(end-at)+8] &^= metadataFlags
			}
		}
		at = end
	}
	if len(out) == 12 {
		return nil, ErrDamaged
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8)) //nolint:gosec // shorter than the data, whose length fits
	return out, nil
}
