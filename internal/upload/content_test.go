package upload_test

import (
	"archive/zip"
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"docsquare/ent/file"
	"docsquare/internal/errs"
	"docsquare/internal/testkit"
	"docsquare/internal/upload"
)

// TestEncodings makes documents of texts in other encodings than UTF-8. Where the encoding is not certain, the upload fails with advice.
func TestEncodings(t *testing.T) {
	_, s := opened(t, "sqlite")
	for name, c := range map[string]struct {
		as   encoding.Encoding
		text string
	}{
		"GBK":       {simplifiedchinese.GBK, "第一章 缓存\n正文内容很多，先读缓存再读数据库。"},
		"Big5":      {traditionalchinese.Big5, "第一章 快取\n內容很多，先讀快取再讀資料庫。"},
		"Shift_JIS": {japanese.ShiftJIS, "第一章 キャッシュ\n本文はたくさんあります。"},
		"UTF-16":    {unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "第一章 缓存\n正文"},
		"Latin-1":   {charmap.ISO8859_1, "déjà vu\nl'été dernier, à la plage"},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := c.as.NewEncoder().Bytes([]byte(c.text))
			testkit.Must(t, err)
			f, err := s.Send(t.Context(), bob, upload.Announcement{Name: "a.txt", Size: int64(len(data))}, bytes.NewReader(data))
			testkit.Must(t, err)
			content, err := s.Content(t.Context(), bob, f.ID)
			testkit.Must(t, err)
			if content.Body != c.text || content.Title != "a" {
				t.Errorf("%+v", content)
			}
		})
	}
	_, err := s.Send(t.Context(), bob, upload.Announcement{Name: "a.txt", Size: 4}, strings.NewReader("caf\xe9"))
	if !errs.Is(err, errs.BadUserInput) || !strings.Contains(err.Error(), "save it as UTF-8") {
		t.Errorf("an encoding that is not certain: %v", err)
	}
}

// TestAliases announces contents by the names that browsers and old programs have for their types.
func TestAliases(t *testing.T) {
	_, s := opened(t, "sqlite")
	jpeg, word := []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"), docx(t, "text", 1)
	for announced, c := range map[string]struct {
		content []byte
		want    string
	}{
		"image/jpg": {jpeg, "image/jpeg"}, "image/pjpeg": {jpeg, "image/jpeg"}, "image/x-png": {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "image/png"},
		"application/zip": {word, upload.DOCX}, "application/x-zip-compressed": {word, upload.DOCX}, "application/msword": {word, upload.DOCX},
		"text/x-markdown": {[]byte("# a"), upload.Markdown}, "binary/octet-stream": {jpeg, "image/jpeg"},
	} {
		f, err := s.Send(t.Context(), bob, upload.Announcement{Name: "a", Size: int64(len(c.content)), ContentType: announced}, bytes.NewReader(c.content))
		if err != nil {
			t.Errorf("%s: %v", announced, err)
			continue
		}
		if now, err := s.Upload(t.Context(), bob, f.ID); err != nil || now.Status != file.StatusStored || now.ContentType != c.want {
			t.Errorf("%s is %+v, %v", announced, now, err)
		}
	}
}

// TestDocumentBehindPicture stores a Word file whose first part is a picture, which is longer than the bytes that show the type of a content.
func TestDocumentBehindPicture(t *testing.T) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	picture, err := z.CreateHeader(&zip.FileHeader{Name: "docProps/thumbnail.jpeg", Method: zip.Store})
	testkit.Must(t, err)
	random := make([]byte, 64<<10)
	source := rand.NewChaCha8([32]byte{1})
	_, err = source.Read(random)
	testkit.Must(t, err)
	_, err = picture.Write(random)
	testkit.Must(t, err)
	inner := docx(t, "behind a picture", 1)
	parts, err := zip.NewReader(bytes.NewReader(inner), int64(len(inner)))
	testkit.Must(t, err)
	for _, part := range parts.File {
		testkit.Must(t, z.Copy(part))
	}
	testkit.Must(t, z.Close())
	_, s := opened(t, "sqlite")
	f, err := s.Send(t.Context(), bob, upload.Announcement{Name: "a.docx", Size: int64(out.Len())}, &out)
	testkit.Must(t, err)
	content, err := s.Content(t.Context(), bob, f.ID)
	testkit.Must(t, err)
	if !strings.Contains(content.Body, "behind a picture") {
		t.Errorf("%+v", content)
	}
}
