package extract_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"testing"
)

// bomb is a DOCX whose body repeats a text up to size bytes. The text is packed once: its packed form refers to nothing
// before it, so that copies of it can be put one after the other.
func bomb(tb testing.TB, text string, size uint64) []byte {
	tb.Helper()
	var start, block, file bytes.Buffer
	pack(tb, &start, wordStart)
	pack(tb, &block, text)
	times := size / uint64(len(text))
	w := zip.NewWriter(&file)
	entry, err := w.CreateRaw(&zip.FileHeader{
		Name: "word/document.xml", Method: zip.Deflate, UncompressedSize64: size,
		CompressedSize64: uint64(start.Len()) + times*uint64(block.Len()),
	})
	if err != nil {
		tb.Fatal(err)
	}
	for n := range times + 1 {
		from := block.Bytes()
		if n == 0 {
			from = start.Bytes()
		}
		if _, err := entry.Write(from); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

func pack(tb testing.TB, to *bytes.Buffer, text string) {
	tb.Helper()
	w, err := flate.NewWriter(to, flate.BestCompression)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := w.Write([]byte(text)); err != nil {
		tb.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
}
