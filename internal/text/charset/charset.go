// Package charset reads the text of files in any encoding that it can be certain of: UTF-8, UTF-16, and the encodings of
// East Asia and Western Europe that editors have written before it.
package charset

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	textunicode "golang.org/x/text/encoding/unicode"
)

// ErrUnknown is the error of bytes that are no text in an encoding that is certain.
var ErrUnknown = errors.New("the encoding of the text is not certain: save it as UTF-8")

// What a guess needs to count: the confidence of the detector, and bytes other than ASCII.
const (
	minConfidence = 0.8
	minText       = 4
)

// encodings are those that the detector names.
var encodings = map[string]encoding.Encoding{
	"GB2312": simplifiedchinese.GB18030, "GB18030": simplifiedchinese.GB18030,
	"Big5": traditionalchinese.Big5, "SHIFT_JIS": japanese.ShiftJIS, "CP932": japanese.ShiftJIS, "EUC-JP": japanese.EUCJP,
	"EUC-KR": korean.EUCKR, "UHC": korean.EUCKR,
}

// western are the names by which the detector means the encodings of Western Europe. It is never sure of them.
var western = []string{"ISO-8859-1", "Windows-1252", "ISO-8859-9", "Windows-1254"}

// Text returns a text as UTF-8 without a byte order mark, with lines that end in \n. The error is ErrUnknown.
func Text(data []byte) (string, error) {
	text, err := decode(data)
	if err != nil {
		return "", err
	}
	return lines.Replace(text), nil
}

var lines = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n")

func decode(data []byte) (string, error) {
	if marked := utf16Of(data); marked != nil {
		return exactly(data, marked)
	}
	if e := switching(data); e != nil {
		if text, err := exactly(data, e); err == nil {
			return text, nil
		}
	}
	if text := bytes.TrimPrefix(data, []byte("\ufeff")); utf8.Valid(text) {
		return string(text), nil
	}
	return guess(data)
}

var (
	japaneseRun = regexp.MustCompile("\x1b\\$[@B][!-~]+\x1b\\([BJ]")
	chineseRun  = regexp.MustCompile(`~\{(?:[!-w][!-~])+(?:~\}|\n|$)`)
)

// switching returns the encoding of e-mail that text of ASCII alone may be in, by its marks around Japanese or Chinese; nil without enough of it.
func switching(data []byte) encoding.Encoding {
	length := func(runs [][]byte) (n int) {
		for _, run := range runs {
			n += len(run)
		}
		return n - len(runs)*len("~{~}")
	}
	switch {
	case highBytes(data) > 0:
		return nil
	case japaneseRun.Match(data):
		return japanese.ISO2022JP
	case length(chineseRun.FindAll(data, -1)) >= 2*minText:
		return simplifiedchinese.HZGB2312
	}
	return nil
}

// utf16Of returns the encoding of UTF-16, by its byte order mark, or by where the zero bytes of ASCII characters are; nil if the data
// is something else.
func utf16Of(data []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return textunicode.UTF16(textunicode.LittleEndian, textunicode.ExpectBOM)
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return textunicode.UTF16(textunicode.BigEndian, textunicode.ExpectBOM)
	}
	var zeros [2]int
	for i, b := range data {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch half := len(data) / 2; {
	case len(data)%2 != 0 || zeros[0]+zeros[1] == 0:
		return nil
	case zeros[1] > half/2 && zeros[0] == 0:
		return textunicode.UTF16(textunicode.LittleEndian, textunicode.IgnoreBOM)
	case zeros[0] > half/2 && zeros[1] == 0:
		return textunicode.UTF16(textunicode.BigEndian, textunicode.IgnoreBOM)
	}
	return nil
}

// guess decodes what the detector is certain of.
func guess(data []byte) (string, error) {
	found := chardet.Detect(data)
	switch e := encodings[found.Encoding]; {
	case e != nil && found.Confidence >= minConfidence && highBytes(data) >= minText:
		return exactly(data, e)
	case slices.Contains(western, found.Encoding) && isWestern(data):
		return exactly(data, charmap.Windows1252)
	}
	return "", ErrUnknown
}

func highBytes(data []byte) (n int) {
	for _, b := range data {
		if b >= utf8.RuneSelf {
			n++
		}
	}
	return n
}

// isWestern reports whether the bytes other than ASCII are letters and signs of Western Europe within words or next to them: at least two,
// and most of them alone, while characters of East Asia have two bytes each.
func isWestern(data []byte) bool {
	high, alone := 0, 0
	for i, b := range data {
		if b < utf8.RuneSelf {
			continue
		}
		if !strings.ContainsRune(westernSigns, charmap.Windows1252.DecodeByte(b)) {
			return false
		}
		high++
		if (i == 0 || data[i-1] < utf8.RuneSelf) && (i+1 == len(data) || data[i+1] < utf8.RuneSelf) {
			alone++
		}
	}
	return high >= 2 && alone*4 >= high*3
}

const westernSigns = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœ«»¿¡‘’“”–—…€£§°·ºª©®\u00a0"

// exactly decodes data whose every byte counts: the text encodes to the same bytes again, and a reader can see all of it.
func exactly(data []byte, e encoding.Encoding) (string, error) {
	text, err := e.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsFunc(text, unreadable) {
		return "", ErrUnknown
	}
	if back, err := e.NewEncoder().Bytes(text); err != nil || !bytes.Equal(back, data) {
		return "", ErrUnknown
	}
	return string(text), nil
}

func unreadable(r rune) bool {
	return r == utf8.RuneError || unicode.Is(unicode.Co, r) || unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\f", r)
}
