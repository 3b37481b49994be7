package exec

import (
	"math"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

const hexDigits = "0123456789ABCDEF"

// AppendString appends a JSON string. It escapes what gqlgen escapes, so that both runtimes write the same bytes.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '\\' && c != '"' {
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		switch c {
		case '\t':
			dst = append(dst, `\t`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\n':
			dst = append(dst, `\n`...)
		case '\\':
			dst = append(dst, `\\`...)
		case '"':
			dst = append(dst, `\"`...)
		default:
			dst = append(dst, `\u00`...)
			dst = append(dst, hexDigits[c>>4], hexDigits[c&0xf])
		}
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// AppendInt appends a JSON number.
func AppendInt[T ~int | ~int32 | ~int64](dst []byte, n T) []byte {
	return strconv.AppendInt(dst, int64(n), 10)
}

// AppendBool appends a JSON Boolean.
func AppendBool(dst []byte, b bool) []byte { return strconv.AppendBool(dst, b) }

// AppendFloat appends a JSON number. JSON has no infinities and no NaN: for these it appends null and returns false.
func AppendFloat(dst []byte, f float64) ([]byte, bool) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return AppendNull(dst)
	}
	return strconv.AppendFloat(dst, f, 'g', -1, 64), true
}

// AppendTime appends a time as a JSON string in the format of time.RFC3339Nano. For the zero time it appends null and
// returns false.
func AppendTime(dst []byte, t time.Time) ([]byte, bool) {
	if t.IsZero() {
		return AppendNull(dst)
	}
	dst = append(dst, '"')
	dst = t.AppendFormat(dst, time.RFC3339Nano)
	return append(dst, '"'), true
}

// AppendNull appends null and reports that the value is null, as Field.Encode does.
func AppendNull(dst []byte) ([]byte, bool) { return append(dst, "null"...), false }

// AppendMarshaler appends what a marshaler of gqlgen writes. It returns false if that is null.
func AppendMarshaler(dst []byte, m graphql.Marshaler) ([]byte, bool) {
	if m == graphql.Null {
		return AppendNull(dst)
	}
	w := writer{dst}
	m.MarshalGQL(&w)
	return w.buf, true
}

// writer appends what is written to it.
type writer struct{ buf []byte }

func (w *writer) Write(p []byte) (int, error) {
	w.buf = append(w.buf, p...)
	return len(p), nil
}

func (w *writer) WriteString(s string) (int, error) {
	w.buf = append(w.buf, s...)
	return len(s), nil
}
