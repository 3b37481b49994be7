// Package picture makes smaller pictures, and removes what pictures tell in addition to their pixels: where and when they were taken, by whom
// and with what. It decodes PNG, JPEG, GIF and WebP, in Go.
package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // the format
)

// The bounds of a picture that is decoded. They are checked against the header, before anything is decoded.
const (
	MaxPixels = 50_000_000 // 8,660 × 5,773
	maxMemory = 256 << 20  // bytes of the decoded pixels
	maxSide   = 30_000
)

// Errors of pictures. Their texts are meant for the owner of the picture.
var (
	ErrDamaged  = errors.New("the picture is damaged: send it again")
	ErrTooLarge = errors.New("the picture has too many pixels")
)

// ErrUnchanged means that the picture itself is to be shown: it is not wider, or it is animated.
var ErrUnchanged = errors.New("picture: it is shown as it is")

const quality = 82 // of JPEG

// Resize returns a picture that is width pixels wide, upright and without metadata. Photographs become JPEG, everything else PNG. It
// returns ErrUnchanged, ErrTooLarge or ErrDamaged, and the error of the context if that ends; a step that runs is not interrupted.
func Resize(ctx context.Context, data []byte, width int) (out []byte, contentType string, err error) {
	if err := check(data); err != nil {
		return nil, "", err
	}
	turn := orientation(data)
	source, format, err := decode(data)
	if err != nil {
		return nil, "", err
	}
	size := source.Bounds().Size()
	if turn.sideways() {
		size.X, size.Y = size.Y, size.X
	}
	if size.X <= width {
		return nil, "", ErrUnchanged
	}
	if err := ctx.Err(); err != nil {
		return nil, "", err
	}
	target := image.Pt(width, max(1, size.Y*width/size.X))
	if turn.sideways() {
		target.X, target.Y = target.Y, target.X
	}
	small := image.NewNRGBA(image.Rectangle{Max: target})
	draw.CatmullRom.Scale(small, small.Bounds(), source, source.Bounds(), draw.Src, nil)
	if err := ctx.Err(); err != nil {
		return nil, "", err
	}
	return encode(turn.apply(small), format)
}

// check refuses a picture by its header.
func check(data []byte) error {
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return ErrDamaged
	case c.Width < 1 || c.Height < 1:
		return ErrDamaged
	case c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > MaxPixels || c.Width*c.Height*bytesOf(c.ColorModel) > maxMemory:
		return fmt.Errorf("%w: %d × %d", ErrTooLarge, c.Width, c.Height)
	}
	return nil
}

// bytesOf returns how many bytes a decoded pixel takes.
func bytesOf(m color.Model) int {
	switch m {
	case color.YCbCrModel, color.NYCbCrAModel, color.RGBAModel, color.NRGBAModel, color.CMYKModel:
		return 4
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	}
	if _, ok := m.(color.Palette); ok {
		return 1
	}
	return 8
}

// decode decodes a picture. It returns ErrUnchanged for a GIF with more than one image.
func decode(data []byte) (source image.Image, format string, err error) {
	defer func() {
		if recover() != nil { // a decoder that met what it does not expect
			source, err = nil, ErrDamaged
		}
	}()
	source, format, err = image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, "", ErrDamaged
	}
	if format == "gif" && frames(data) > 1 {
		return nil, "", ErrUnchanged
	}
	return source, format, nil
}

func encode(m *image.NRGBA, format string) ([]byte, string, error) {
	var out bytes.Buffer
	if format == "jpeg" || format == "webp" && m.Opaque() {
		err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality})
		return out.Bytes(), "image/jpeg", err
	}
	err := (&png.Encoder{CompressionLevel: png.DefaultCompression}).Encode(&out, m)
	return out.Bytes(), "image/png", err
}

// frames returns how many images a GIF has, 2 for any number above 1. It decodes no pixels.
func frames(data []byte) (n int) {
	_ = walkGIF(data, func(b gifBlock) bool {
		if b.image {
			n++
		}
		return n < 2
	})
	return n
}

var _ = gif.Decode // registers the format
