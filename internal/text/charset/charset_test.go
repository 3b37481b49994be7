package charset_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"docsquare/internal/text/charset"
)

const (
	simplified  = "缓存旁路：先读缓存，再读数据库。更新数据库以后，让缓存失效。"
	traditional = "快取旁路：先讀快取，再讀資料庫。更新資料庫以後，讓快取失效。"
	japaneseA   = "キャッシュを先に読み、なければデータベースを読みます。更新した後は無効にします。"
	koreanA     = "먼저 캐시를 읽고, 없으면 데이터베이스를 읽습니다. 갱신한 뒤에는 캐시를 무효화합니다."
	german      = "Über die Größe des Caches: Für häufige Schlüssel genügen wenige Einträge, für seltene hilft er nicht."
	french      = "Le cache est lu en premier ; après une mise à jour, l’entrée est invalidée. C’est très rapide, même à grande échelle."
)

// TestText encodes texts as editors do.
func TestText(t *testing.T) {
	little, big := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	bare := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	for name, c := range map[string]struct {
		as   encoding.Encoding
		text string
	}{
		"UTF-8": {encoding.Nop, simplified}, "UTF-8 with a mark": {unicode.UTF8BOM, simplified},
		"UTF-16": {little, simplified}, "UTF-16, the other order": {big, japaneseA}, "UTF-16, English": {little, "only ASCII"},
		"UTF-16 without a mark": {bare, "title: a\nonly ASCII"},
		"GBK":                   {simplifiedchinese.GBK, simplified}, "GB18030": {simplifiedchinese.GB18030, simplified + "𠀀"},
		"Big5": {traditionalchinese.Big5, traditional}, "Shift_JIS": {japanese.ShiftJIS, japaneseA}, "EUC-JP": {japanese.EUCJP, japaneseA},
		"ISO-2022-JP": {japanese.ISO2022JP, japaneseA}, "HZ": {simplifiedchinese.HZGB2312, "# Title\n\n" + simplified},
		"marks of HZ": {encoding.Nop, "a ~{ b ~} ~{ab~} c"}, "escapes": {encoding.Nop, "a\x1b[31mb\x1b[0m \x1b$"},
		"EUC-KR": {korean.EUCKR, koreanA}, "Latin-1": {charmap.ISO8859_1, german}, "Windows-1252": {charmap.Windows1252, french},
		"GBK with code": {simplifiedchinese.GBK, "# 说明\n\n```go\nfunc main() { println(\"你好\") }\n```\n\n" + simplified},
	} {
		t.Run(name, func(t *testing.T) {
			for _, text := range []string{c.text, strings.Repeat(c.text+"\n", 50)} {
				data, err := c.as.NewEncoder().Bytes([]byte(text))
				if err != nil {
					t.Fatal(err)
				}
				if got, err := charset.Text(data); err != nil || got != text {
					t.Errorf("%d bytes: %.60q, %v", len(data), got, err)
				}
			}
		})
	}
}

func TestLines(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\nb\r\n": "a\nb\n", "a\rb\r": "a\nb\n", "a\r\r\nb": "a\n\nb", "a\u2028b": "a\nb", "a\u2029b": "a\n\nb", "": "", "\ufeff": "", "\ufeffa": "a",
	} {
		if got, err := charset.Text([]byte(in)); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

// TestUncertain lists bytes of which no encoding is certain. A wrong guess is worse than none.
func TestUncertain(t *testing.T) {
	chinese, err := simplifiedchinese.GBK.NewEncoder().String("缓存")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"two characters": chinese, "a letter": "caf\xe9", "two letters": "\xc4\xe3", "cut off": simplified[:4], "binary": "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\xff\xfe",
		"a picture": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "half of UTF-16": "\xff\xfea\x00b", "a single surrogate": "\xff\xfe\x00\xd8a\x00",
		"broken UTF-8": simplified + "\xff\xc0" + simplified, "all bytes": allBytes(),
	} {
		if text, err := charset.Text([]byte(data)); !errors.Is(err, charset.ErrUnknown) {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

func allBytes() string {
	var b strings.Builder
	for i := range 256 {
		b.WriteByte(byte(i))
	}
	return b.String()
}

func FuzzText(f *testing.F) {
	f.Add([]byte("\xff\xfea\x00"))
	f.Add([]byte("\xc4\xe3\xba\xc3\xca\xc0\xbd\xe7"))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, err := charset.Text(data)
		if err == nil && !utf8.ValidString(text) {
			t.Errorf("%q", text)
		}
		if utf8.Valid(data) && err != nil && len(data) > 0 && data[0] != 0 {
			t.Logf("%q: %v", data, err)
		}
	})
}
