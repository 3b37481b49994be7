package picture_test

import (
	"bytes"
	"testing"

	"docsquare/internal/upload/picture"
)

// TestSize reads the sizes of pictures from their beginnings. A photograph that lies on its side is shown upright.
func TestSize(t *testing.T) {
	m := drawn(40, 30)
	for name, tc := range map[string]struct {
		data          []byte
		width, height int
	}{
		"PNG":             {asPNG(t, m), 40, 30},
		"PNG, its header": {asPNG(t, m)[:40], 40, 30},
		"GIF":             {asGIF(t, 2), 800, 400},
		"WebP":            {webp(), 1, 1},
		"JPEG":            {photo(t, m, 1), 40, 30},
		"turned":          {photo(t, m, 6), 30, 40},
		"mirrored":        {photo(t, m, 2), 40, 30},
		"cut off":         {photo(t, m, 1)[:60], 0, 0},
		"too wide":        {bomb(t, 40_000, 10), 0, 0},
		"text":            {[]byte("文字 text"), 0, 0},
		"empty":           {nil, 0, 0},
		"no picture":      {bytes.Repeat([]byte{0xff, 0xd8, 0xff, 0xe1}, 100), 0, 0},
	} {
		if w, h := picture.Size(tc.data); w != tc.width || h != tc.height {
			t.Errorf("%s: %d × %d, want %d × %d", name, w, h, tc.width, tc.height)
		}
	}
}
