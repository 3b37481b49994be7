package picture

// The blocks of GIF (GIF89a, sections 20 to 27).
const (
	gifImage     = 0x2c
	gifExtension = 0x21
	gifTrailer   = 0x3b
	gifComment   = 0xfe
	gifText      = 0x01
	gifProgram   = 0xff // of an application
)

// gifBlock is a block of a GIF, with its bytes.
type gifBlock struct {
	image bool
	label byte // of an extension
	raw   []byte
}

// walkGIF calls fn for each block of a GIF after its header, until it returns false. It returns how many bytes the header has, 0 for what
// is no GIF, and false if the GIF ends within a block.
func walkGIF(data []byte, fn func(gifBlock) bool) (header int) {
	if len(data) < 13 {
		return 0
	}
	header = 13 + tableSize(data[10])
	for at := header; at < len(data); {
		start, b := at, gifBlock{}
		switch data[at] {
		case gifImage:
			if at+10 > len(data) {
				return header
			}
			b.image = true
			at += 10 + tableSize(data[at+9]) + 1 // with the size of the codes
		case gifExtension:
			if at+2 > len(data) {
				return header
			}
			b.label = data[at+1]
			at += 2
		default:
			return header
		}
		for at < len(data) && data[at] != 0 { // the parts
			at += 1 + int(data[at])
		}
		if at++; at > len(data) {
			return header
		}
		b.raw = data[start:at]
		if !fn(b) {
			return header
		}
	}
	return header
}

// tableSize returns how many bytes the color table has whose flags these are.
func tableSize(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// loops begins the extension with the number of repetitions of an animation.
const loops = "NETSCAPE2.0"

func stripGIF(data []byte) ([]byte, error) {
	var out []byte
	images := 0
	header := walkGIF(data, func(b gifBlock) bool {
		switch {
		case b.image:
			images++
		case b.label == gifComment, b.label == gifText, b.label == gifProgram && (len(b.raw) < 14 || string(b.raw[3:14]) != loops):
			return true
		}
		out = append(out, b.raw...)
		return true
	})
	if header == 0 || header > len(data) || images == 0 {
		return nil, ErrDamaged
	}
	return append(append(append([]byte(nil), data[:header]...), out...), gifTrailer), nil
}
