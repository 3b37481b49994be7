package extract

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// maxDirectory is how many bytes may be read to list the entries of a zip. The list is held in memory, and each of its
// entries may be as small as 46 bytes in the file, whatever count the file claims.
const maxDirectory = 2 << 20

// DOCX is the text of a Word document of size bytes: a line for each paragraph and each row of a table, with tabs between
// the cells. Footnotes, endnotes, comments, headers and footers follow. What was deleted, hidden text, field codes, and the readings
// above characters are left out. Its errors are ErrDamaged, ErrEncrypted, ErrBomb, ErrTooSlow, the one of ctx, and those of r.
func (x *Extractor) DOCX(ctx context.Context, r io.ReaderAt, size int64) (Text, error) {
	timed, cancel := context.WithTimeout(ctx, x.limits.Time)
	defer cancel()
	from := &directory{ctx: timed, from: r, left: maxDirectory}
	text, err := x.docx(timed, from, size)
	if err == nil {
		return text, nil
	}
	if late := ended(ctx, timed, x.limits.Time); late != nil {
		return Text{}, late
	}
	if from.failed != nil {
		return Text{}, from.failed
	}
	return Text{}, err
}

func (x *Extractor) docx(ctx context.Context, from *directory, size int64) (Text, error) {
	files, err := x.unzip(from, size)
	if err != nil {
		return Text{}, err
	}
	p := newPackage(x, files)
	main, title, err := p.main(ctx)
	if err != nil {
		return Text{}, err
	}
	body := &collector{limit: x.limits.Text}
	if err := p.read(ctx, main, &wordReader{out: body}); err != nil {
		return Text{}, err
	}
	others, err := p.around(ctx, main)
	if err != nil {
		return Text{}, err
	}
	for _, name := range others {
		if body.full {
			break
		}
		body.separate('\n')
		if err := p.read(ctx, name, &wordReader{out: body}); err != nil && !errors.Is(err, ErrDamaged) {
			return Text{}, err
		}
	}
	text := Text{Body: body.String(), Truncated: body.full}
	line := &collector{limit: maxTitle}
	switch err := p.read(ctx, title, &titleReader{out: line}); {
	case err == nil:
		text.Title = titleOf(line.String())
	case !errors.Is(err, ErrDamaged):
		return Text{}, err
	}
	return text, nil
}

// unzip lists what is in a zip.
func (x *Extractor) unzip(from *directory, size int64) ([]*zip.File, error) {
	switch head := head(from, size, 8); {
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		// An encrypted DOCX is no zip but a container of the format that .doc has.
		return nil, fault(ErrEncrypted, "or it is an old .doc; save it as .docx without a password")
	case !bytes.HasPrefix(head, []byte("PK")):
		return nil, fault(ErrDamaged, "it is no Word document; save it again as .docx")
	}
	archive, err := zip.NewReader(from, size)
	switch {
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, fault(ErrDamaged, "its end is missing or broken; save or upload it again")
	case len(archive.File) > x.limits.Entries:
		return nil, fault(ErrBomb, "it holds more than %d files; save it again with fewer pictures", x.limits.Entries)
	case !x.honest(archive.File):
		return nil, fault(ErrBomb, "it says itself that it unpacks to gigabytes; save it again in a simpler form")
	}
	from.listed = true
	return archive.File, nil
}

// maxPictures is how many times Limits.Unpacked all parts of a DOCX together may say to unpack to: pictures are not unpacked.
const maxPictures = 16

// honest reports whether the sizes that a zip declares are within the limits. False sizes are found when it is unpacked.
func (x *Extractor) honest(parts []*zip.File) bool {
	var all uint64
	for _, part := range parts {
		if all += part.UncompressedSize64; all > maxPictures*uint64(x.limits.Unpacked) { //nolint:gosec // a limit is positive
			return false
		}
	}
	return true
}

// head is the beginning of a file, up to n bytes; what cannot be read is missing.
func head(r io.ReaderAt, size, n int64) []byte {
	text := make([]byte, max(0, min(size, n)))
	read, _ := r.ReadAt(text, 0)
	return text[:max(0, read)]
}

// directory is a zip file that gives no more than its bound until its entries are listed.
type directory struct {
	ctx    context.Context
	from   io.ReaderAt
	left   int64 // bytes
	listed bool
	failed error // why no more is given, or the first failure to read the file
}

// ReadAt reads as io.ReaderAt does.
func (d *directory) ReadAt(p []byte, at int64) (int, error) {
	if err := d.ctx.Err(); err != nil {
		return 0, err
	}
	if !d.listed {
		d.left -= int64(len(p))
		if d.left < 0 {
			d.failed = fault(ErrBomb, "it holds too many files; save it again with fewer pictures")
			return 0, d.failed
		}
	}
	n, err := d.from.ReadAt(p, at)
	if n < len(p) && err != nil && !errors.Is(err, io.EOF) && d.failed == nil {
		d.failed = fmt.Errorf("extract: read the file: %w", err)
	}
	return n, err
}
