package upload

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"docsquare/ent"
	"docsquare/ent/blob"
	"docsquare/ent/file"
	"docsquare/ent/variant"
	"docsquare/internal/blobstore"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
	"docsquare/internal/text/fileurl"
	"docsquare/internal/upload/picture"
)

// Picture is a content that is open for reading: a file as it is, or a picture that was made of it.
type Picture struct {
	io.ReadSeekCloser

	ContentType string
	Tag         string // names the content: the same tag is the same content
}

// The bounds of making pictures. Each is made once and then kept with the content that it was made of.
const (
	maxPicture  = 32 << 20         // bytes of a picture that others see, or that is resized: it is held in memory
	makers      = 2                // pictures that are made at one time
	makeTime    = 20 * time.Second // for waiting and making
	variantsKey = "variants"
)

// Picture opens a file that the viewer may see. With a width, it opens a picture that is at most so wide, which it makes if there is none
// yet. Others than the owner get pictures without metadata, in every width. Close it at the end. It returns BAD_USER_INPUT for a width that
// is not one of fileurl.Widths, for a file that is no picture and for a picture that cannot be resized, and RATE_LIMITED if too many
// pictures are being made.
func (s *Service) Picture(ctx context.Context, f *ent.File, width int, own bool) (*Picture, error) {
	isPicture := fileurl.IsPicture(f.ContentType)
	switch {
	case width != 0 && !slices.Contains(fileurl.Widths, width):
		return nil, errs.BadInput("width", "there is no picture of this width: the widths are %s", widths())
	case width != 0 && !isPicture:
		return nil, errs.BadInput("width", "this file is no picture: ask for it without a width")
	}
	key := kinds.ContentKey{File: f.ID, Width: width}
	if !isPicture || own && width == 0 {
		key.Width = kinds.AsSent
	}
	found, err := s.cache.Contents.Fetch(ctx, []kinds.ContentKey{key}, func(ctx context.Context, keys []kinds.ContentKey) (map[kinds.ContentKey]*kinds.Content, error) {
		out := map[kinds.ContentKey]*kinds.Content{}
		for _, k := range keys { // one
			c, err := s.content(ctx, f, k.Width)
			if err != nil {
				return nil, err
			}
			out[k] = c
		}
		return out, nil
	})
	if err != nil {
		return nil, err
	}
	c := found[key]
	if c == nil {
		return nil, missing()
	}
	r, err := newReader(ctx, s.bucket, c.Key, c.Size)
	if err != nil {
		return nil, err
	}
	return &Picture{ReadSeekCloser: r, ContentType: c.Type, Tag: c.Tag}, nil
}

// content returns where the bytes of a file are, or those of a picture, which it makes if there is none yet.
func (s *Service) content(ctx context.Context, f *ent.File, width int) (*kinds.Content, error) {
	b, err := s.store.DB.File.Query().Where(file.ID(f.ID)).QueryBlob().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, missing()
	}
	if err != nil {
		return nil, err
	}
	sent := &kinds.Content{Key: b.Key, Size: b.Size, Type: f.ContentType, Tag: b.Sha256}
	if width == kinds.AsSent {
		return sent, nil
	}
	v, err := s.variant(ctx, b, width)
	if err == nil && v.Key == "" && width != 0 { // it is no wider
		v, err = s.variant(ctx, b, 0)
	}
	if err != nil {
		return nil, err
	}
	if v.Key == "" {
		return sent, nil
	}
	return &kinds.Content{Key: v.Key, Size: v.Size, Type: v.ContentType, Tag: fmt.Sprintf("%s-%d", b.Sha256, v.Width)}, nil
}

func widths() string {
	texts := make([]string, len(fileurl.Widths))
	for i, w := range fileurl.Widths {
		texts[i] = fmt.Sprint(w)
	}
	return strings.Join(texts, ", ")
}

// variant returns the variant of a content, and makes it if there is none. Of callers for the same variant one makes it, and the others
// wait.
func (s *Service) variant(ctx context.Context, b *ent.Blob, width int) (*ent.Variant, error) {
	v, err := s.store.DB.Variant.Query().Where(variant.BlobID(b.ID), variant.Width(width)).Only(ctx)
	if !ent.IsNotFound(err) {
		return v, err
	}
	made := s.pictures.DoChan(fmt.Sprintf("%d/%d", b.ID, width), func() (any, error) {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), makeTime) // others wait for it too
		defer cancel()
		select {
		case s.making <- struct{}{}:
			defer func() { <-s.making }()
		case <-limited.Done():
			return nil, limited.Err()
		}
		return s.develop(limited, b, width)
	})
	select {
	case result := <-made:
		if errors.Is(result.Err, context.DeadlineExceeded) {
			e := errs.New(errs.RateLimited, "many pictures are being made: try again")
			e.RetryAfter = 5 * time.Second
			return nil, e
		}
		v, _ = result.Val.(*ent.Variant)
		return v, result.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// develop makes a variant of a content and keeps it.
func (s *Service) develop(ctx context.Context, b *ent.Blob, width int) (*ent.Variant, error) {
	if b.Size > maxPicture {
		return nil, errs.New(errs.BadUserInput, "a picture that others see may have up to %d bytes, but this has %d: send it smaller", int64(maxPicture), b.Size)
	}
	raw, err := s.load(ctx, b.Key, b.Size)
	if err != nil {
		return nil, err
	}
	out, contentType, err := made(ctx, raw, width)
	if err != nil {
		return nil, err
	}
	if out == nil {
		return s.keepVariant(ctx, b, &ent.Variant{BlobID: b.ID, Width: width})
	}
	key, size, err := s.bucket.Put(ctx, variantsKey, bytes.NewReader(out))
	if err != nil {
		return nil, err
	}
	v, err := s.keepVariant(ctx, b, &ent.Variant{BlobID: b.ID, Width: width, ContentType: contentType, Size: size, Key: key})
	if err != nil || v.Key != key {
		s.discard(ctx, []string{key})
	}
	return v, err
}

// made returns what a picture becomes, nil if it is shown as it is.
func made(ctx context.Context, raw []byte, width int) (out []byte, contentType string, err error) {
	if width == 0 {
		if out, err = picture.Strip(raw); err == nil && bytes.Equal(out, raw) {
			return nil, "", nil
		}
		contentType = picture.TypeOf(raw)
	} else {
		out, contentType, err = picture.Resize(ctx, raw, width)
	}
	switch {
	case errors.Is(err, picture.ErrUnchanged):
		return nil, "", nil
	case errors.Is(err, picture.ErrDamaged), errors.Is(err, picture.ErrTooLarge):
		return nil, "", errs.New(errs.BadUserInput, "%v", err)
	}
	return out, contentType, err
}

// keepVariant writes a variant, or returns the one that another instance has written. The blob is locked: if it is gone, so is the file.
func (s *Service) keepVariant(ctx context.Context, b *ent.Blob, v *ent.Variant) (kept *ent.Variant, err error) {
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if _, err := store.ForUpdate(tx, tx.Blob.Query().Where(blob.ID(b.ID))).Only(ctx); err != nil {
			if ent.IsNotFound(err) {
				return missing()
			}
			return err
		}
		kept, err = tx.Variant.Query().Where(variant.BlobID(b.ID), variant.Width(v.Width)).Only(ctx)
		if !ent.IsNotFound(err) {
			return err
		}
		kept, err = tx.Variant.Create().SetBlobID(b.ID).SetWidth(v.Width).SetContentType(v.ContentType).SetSize(v.Size).SetKey(v.Key).Save(ctx)
		if err != nil || v.Key == "" {
			return err
		}
		return blobstore.Keep(ctx, tx, v.Key)
	})
	return kept, err
}
