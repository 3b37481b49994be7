package config

import (
	"fmt"
	"math"

	"github.com/dustin/go-humanize"
)

// Bytes is a size. Its text is a number of bytes, or a number with a unit, such as 64MiB or 1GB.
type Bytes int64

// UnmarshalText reads a size.
func (b *Bytes) UnmarshalText(text []byte) error {
	n, err := humanize.ParseBytes(string(text))
	if err != nil || n > math.MaxInt64 {
		return fmt.Errorf("%q is not a size", text)
	}
	*b = Bytes(n)
	return nil
}

// String returns the size in the largest unit that it is a multiple of.
func (b Bytes) String() string {
	units := []string{"", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for b != 0 && b%1024 == 0 && i < len(units)-1 {
		b, i = b/1024, i+1
	}
	return fmt.Sprintf("%d%s", int64(b), units[i])
}
