package picture_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"docsquare/internal/testkit"
	"docsquare/internal/upload/picture"
)

// drawn is a picture whose left half is red and whose right half is blue.
func drawn(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{R: 255, A: 255}
			if x >= w/2 {
				c = color.NRGBA{B: 255, A: 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	testkit.Must(t, png.Encode(&out, m))
	return out.Bytes()
}

func asGIF(t testing.TB, frames int) []byte {
	t.Helper()
	g := &gif.GIF{}
	for range frames {
		m := image.NewPaletted(image.Rect(0, 0, 800, 400), color.Palette{color.White, color.Black})
		g.Image, g.Delay = append(g.Image, m), append(g.Delay, 5)
	}
	var out bytes.Buffer
	testkit.Must(t, gif.EncodeAll(&out, g))
	raw := out.Bytes()
	note := append([]byte{0x21, 0xfe, 8}, "SECRET-3\x00"...)
	return append(append(append([]byte(nil), raw[:len(raw)-1]...), note...), 0x3b)
}

// photo is a JPEG with all kinds of metadata: EXIF with an orientation and the text SECRET, where a place would be, XMP, IPTC, a comment,
// and another picture behind its end.
func photo(t testing.TB, m image.Image, orientation uint16) []byte {
	t.Helper()
	var out bytes.Buffer
	testkit.Must(t, jpeg.Encode(&out, m, nil))
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x02\x00\x12\x01\x03\x00\x01\x00\x00\x00\x00\x00\x00\x00\x25\x88\x04\x00\x01\x00\x00\x00\x00\x00\x00\x00SECRET GPS 39.9N")
	binary.LittleEndian.PutUint16(exif[24:], orientation)
	data := []byte{0xff, 0xd8}
	for _, s := range []struct {
		marker byte
		body   []byte
	}{{0xe1, exif}, {0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00SECRET")}, {0xed, []byte("Photoshop 3.0\x00SECRET")}, {0xfe, []byte("SECRET 秘密")}, {0xe2, []byte("MPF\x00SECRET")}, {0xe2, []byte("ICC_PROFILE\x00\x01\x01profile")}} {
		data = binary.BigEndian.AppendUint16(append(data, 0xff, s.marker), uint16(len(s.body)+2))
		data = append(data, s.body...)
	}
	data = append(data, out.Bytes()[2:]...)
	return append(data, "SECRET behind the end"...)
}

// withChunk adds a chunk behind the header of a PNG.
func withChunk(data []byte, name, body string) []byte {
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	chunk = append(append(chunk, name...), body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return append(append(append([]byte(nil), data[:33]...), chunk...), data[33:]...)
}

// webp is a WebP of one pixel in the extended format, with EXIF and XMP.
func webp() []byte {
	vp8l := []byte{0x2f, 0, 0, 0, 0, 0x88, 0x88, 0x08}
	var body []byte
	for _, c := range []struct{ name, data string }{
		{"VP8X", "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00"}, {"VP8L", string(vp8l)}, {"EXIF", "SECRET"}, {"XMP ", "SECRET!"},
	} {
		body = append(body, c.name...)
		body = binary.LittleEndian.AppendUint32(body, uint32(len(c.data)))
		body = append(body, c.data...)
		if len(c.data)%2 == 1 {
			body = append(body, 0)
		}
	}
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)+4))
	return append(append(out, "WEBP"...), body...)
}

// TestStrip removes everything but the pixels, the color profile and the orientation.
func TestStrip(t *testing.T) {
	for name, data := range map[string][]byte{
		"JPEG":          photo(t, drawn(40, 20), 6),
		"upright JPEG":  photo(t, drawn(40, 20), 1),
		"PNG with text": withChunk(asPNG(t, drawn(40, 20)), "tEXt", "Author\x00SECRET"),
		"PNG with EXIF": withChunk(asPNG(t, drawn(40, 20)), "eXIf", "MM\x00*SECRET"),
		"PNG with XMP":  withChunk(asPNG(t, drawn(40, 20)), "iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00SECRET"),
		"WebP":          webp(),
		"GIF":           asGIF(t, 1),
		"animation":     asGIF(t, 3),
	} {
		t.Run(name, func(t *testing.T) {
			if !bytes.Contains(data, []byte("SECRET")) {
				t.Fatal("the picture tells nothing")
			}
			clean, err := picture.Strip(data)
			testkit.Must(t, err)
			if bytes.Contains(clean, []byte("SECRET")) {
				t.Errorf("metadata is left: %q", clean)
			}
			if isJPEG := bytes.HasPrefix(data, []byte{0xff, 0xd8}); isJPEG && !bytes.Contains(clean, []byte("ICC_PROFILE")) {
				t.Error("the color profile is gone")
			}
			before, _, err := image.DecodeConfig(bytes.NewReader(data))
			testkit.Must(t, err)
			after, format, err := image.DecodeConfig(bytes.NewReader(clean))
			if err != nil || after.Width != before.Width || after.Height != before.Height {
				t.Errorf("%s %d × %d, %v", format, after.Width, after.Height, err)
			}
			if again, err := picture.Strip(clean); err != nil || !bytes.Equal(again, clean) {
				t.Errorf("stripped again it is another: %v", err)
			}
			if g, err := gif.DecodeAll(bytes.NewReader(clean)); format == "gif" && (err != nil || name == "animation" && len(g.Image) != 3) {
				t.Errorf("the images are not all there: %v", err)
			}
		})
	}
}

// TestOrientation turns photographs upright, and keeps the orientation of those that are only stripped.
func TestOrientation(t *testing.T) {
	for orientation, want := range map[uint16]struct {
		size image.Point
		red  image.Point // a place that is red: the left half of the picture as it is stored
	}{
		1: {image.Pt(320, 160), image.Pt(10, 80)}, 2: {image.Pt(320, 160), image.Pt(310, 80)}, 3: {image.Pt(320, 160), image.Pt(310, 80)},
		4: {image.Pt(320, 160), image.Pt(10, 80)}, 5: {image.Pt(320, 640), image.Pt(160, 10)}, 6: {image.Pt(320, 640), image.Pt(160, 10)},
		7: {image.Pt(320, 640), image.Pt(160, 630)}, 8: {image.Pt(320, 640), image.Pt(160, 630)}, 9: {image.Pt(320, 160), image.Pt(10, 80)},
	} {
		data := photo(t, drawn(1600, 800), orientation)
		stripped, err := picture.Strip(data)
		testkit.Must(t, err)
		for _, source := range [][]byte{data, stripped} {
			out, contentType, err := picture.Resize(t.Context(), source, 320)
			testkit.Must(t, err)
			m, err := jpeg.Decode(bytes.NewReader(out))
			testkit.Must(t, err)
			r, _, b, _ := m.At(want.red.X, want.red.Y).RGBA()
			if contentType != "image/jpeg" || m.Bounds().Size() != want.size || r < 0xc000 || b > 0x4000 || bytes.Contains(out, []byte("SECRET")) {
				t.Errorf("orientation %d: %s of %v with red %x and blue %x at %v", orientation, contentType, m.Bounds().Size(), r, b, want.red)
			}
		}
	}
}

// TestResize keeps transparency, and gives photographs as JPEG and drawings as PNG.
func TestResize(t *testing.T) {
	seeThrough := drawn(900, 300)
	seeThrough.SetNRGBA(450, 150, color.NRGBA{})
	for name, c := range map[string]struct {
		data   []byte
		width  int
		want   string
		height int
		err    error
	}{
		"JPEG":             {photo(t, drawn(900, 300), 1), 640, "image/jpeg", 213, nil},
		"PNG":              {asPNG(t, drawn(900, 300)), 320, "image/png", 106, nil},
		"transparent":      {asPNG(t, seeThrough), 640, "image/png", 213, nil},
		"GIF":              {asGIF(t, 1), 320, "image/png", 160, nil},
		"animation":        {asGIF(t, 2), 320, "", 0, picture.ErrUnchanged},
		"as wide":          {asPNG(t, drawn(640, 10)), 640, "", 0, picture.ErrUnchanged},
		"narrower":         {asPNG(t, drawn(64, 1000)), 640, "", 0, picture.ErrUnchanged},
		"very low":         {asPNG(t, drawn(2000, 1)), 320, "image/png", 1, nil},
		"nothing":          {nil, 320, "", 0, picture.ErrDamaged},
		"text":             {[]byte("只有文字"), 320, "", 0, picture.ErrDamaged},
		"SVG with scripts": {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), 320, "", 0, picture.ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			out, contentType, err := picture.Resize(t.Context(), c.data, c.width)
			if !errors.Is(err, c.err) || contentType != c.want {
				t.Fatalf("%s, %v", contentType, err)
			}
			if c.err != nil {
				return
			}
			if m, _, err := image.DecodeConfig(bytes.NewReader(out)); err != nil || m.Width != c.width || m.Height != c.height {
				t.Errorf("it is %d × %d, %v", m.Width, m.Height, err)
			}
		})
	}
}

// bomb is a PNG of a few bytes that claims a size.
func bomb(t testing.TB, w, h uint32) []byte {
	t.Helper()
	data := asPNG(t, drawn(1, 1))
	binary.BigEndian.PutUint32(data[16:], w)
	binary.BigEndian.PutUint32(data[20:], h)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

// TestHostile refuses bombs by their headers, and everything that is cut off.
func TestHostile(t *testing.T) {
	for _, size := range [][2]uint32{{60000, 60000}, {30001, 1}, {1, 1 << 30}, {10000, 10000}, {8000, 8500}} {
		if _, _, err := picture.Resize(t.Context(), bomb(t, size[0], size[1]), 320); !errors.Is(err, picture.ErrTooLarge) {
			t.Errorf("a bomb of %v: %v", size, err)
		}
	}
	for name, data := range map[string][]byte{"PNG": asPNG(t, drawn(400, 40)), "JPEG": photo(t, drawn(400, 40), 6), "GIF": asGIF(t, 2), "WebP": webp()} {
		for n := range len(data) {
			if n > 300 && n%97 != 0 {
				continue
			}
			if out, err := picture.Strip(data[:n]); err == nil && bytes.Contains(out, []byte("SECRET")) {
				t.Errorf("%s of %d bytes tells more than its pixels", name, n)
			}
			if _, _, err := picture.Resize(t.Context(), data[:n], 320); err == nil && name == "PNG" && n < len(data)-12 {
				t.Errorf("%s of %d bytes is resized", name, n)
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := picture.Resize(ctx, asPNG(t, drawn(400, 40)), 320); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of the context: %v", err)
	}
}

// FuzzPicture neither panics nor leaves the marks of metadata.
func FuzzPicture(f *testing.F) {
	for _, seed := range [][]byte{photo(f, drawn(33, 3), 8), asPNG(f, drawn(400, 3)), asGIF(f, 2), webp(), nil} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if clean, err := picture.Strip(data); err == nil {
			if again, err := picture.Strip(clean); err != nil || !bytes.Equal(again, clean) {
				t.Fatalf("stripped again: %v", err)
			}
		}
		if w, h := picture.Size(data); (w == 0) != (h == 0) || w < 0 {
			t.Fatalf("%d × %d", w, h)
		}
		if len(data) < 1<<12 {
			_, _, _ = picture.Resize(t.Context(), data, 320)
		}
	})
}
