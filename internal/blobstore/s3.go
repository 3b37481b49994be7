package blobstore

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

const (
	amazon    = "https://s3.amazonaws.com"
	pieceSize = 5 << 20 // the smallest that S3 takes of an object that is sent in several pieces
	attempts  = 3       // of a request
)

// bucket stores each object in an S3-compatible bucket.
type bucket struct {
	client    minio.Core
	name      string
	transport *http.Transport
}

// openS3 returns the objects of a bucket. It sends no request.
func openS3(address string) (*bucket, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	pathStyle, err := checkParameters(u.Query())
	if err != nil {
		return nil, err
	}
	endpoint, err := url.Parse(cmp.Or(u.Query().Get("endpoint"), amazon))
	if err != nil || endpoint.Host == "" || strings.Trim(endpoint.Path, "/") != "" || endpoint.Scheme != "http" && endpoint.Scheme != "https" {
		return nil, fmt.Errorf("endpoint must be http:// or https:// with a host and no path, but is %q", u.Query().Get("endpoint"))
	}
	b := &bucket{name: u.Host}
	secure := endpoint.Scheme == "https"
	if b.transport, err = minio.DefaultTransport(secure); err != nil {
		return nil, err
	}
	lookup := minio.BucketLookupDNS
	if pathStyle || strings.Contains(u.Host, ".") { // no certificate is for a name with further dots
		lookup = minio.BucketLookupPath
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds: credentials.NewChainCredentials([]credentials.Provider{ // in the order of AWS
			&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}, &credentials.IAM{},
		}),
		Secure: secure, Transport: b.transport, Region: u.Query().Get("region"), BucketLookup: lookup, MaxRetries: attempts,
	})
	b.client = minio.Core{Client: client}
	return b, err
}

func checkParameters(q url.Values) (pathStyle bool, err error) {
	const style = "use_path_style"
	known := []string{"region", "endpoint", style}
	for name := range q {
		if !slices.Contains(known, name) {
			return false, fmt.Errorf("the parameter %q is unknown: there are %s", name, strings.Join(known, ", "))
		}
	}
	if !q.Has(style) {
		return false, nil
	}
	if pathStyle, err = strconv.ParseBool(q.Get(style)); err != nil {
		err = fmt.Errorf("%s must be true or false, but is %q", style, q.Get(style))
	}
	return pathStyle, err
}

func (b *bucket) close() { b.transport.CloseIdleConnections() }

// status returns the HTTP status of an error that S3 answered, or 0.
func status(err error) int { return minio.ToErrorResponse(err).StatusCode }

// explain adds the object to an error, which has only the message of S3.
func (b *bucket) explain(err error, key string) error {
	if err != nil {
		err = fmt.Errorf("s3://%s/%s: %w", b.name, key, err)
	}
	return err
}

func (b *bucket) ping(ctx context.Context) error {
	there, err := b.client.BucketExists(ctx, b.name)
	switch {
	case status(err) == http.StatusForbidden: // who may not list may still read and write
		if _, err = b.client.StatObject(ctx, b.name, "none", minio.StatObjectOptions{}); status(err) == http.StatusNotFound {
			err = nil
		}
	case err == nil && !there:
		err = ErrMissing
	}
	return err
}

// write sends an object of at most one piece in one request. The signature of each request covers the MD5 of what it sends.
func (b *bucket) write(ctx context.Context, key string, src io.Reader) (int64, error) {
	var first bytes.Buffer
	size, err := io.CopyN(&first, src, pieceSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	rest := &source{Reader: src}
	var all io.Reader = bytes.NewReader(first.Bytes())
	if err == nil {
		size, all = -1, io.MultiReader(all, rest)
	}
	info, err := b.client.Client.PutObject(ctx, b.name, key, all, size, minio.PutObjectOptions{
		ContentType: "application/octet-stream", PartSize: pieceSize, SendContentMd5: true, DisableContentSha256: true,
	})
	if rest.failed != nil {
		return 0, rest.failed
	}
	return info.Size, b.explain(err, key)
}

// source remembers and replaces the error of a reader, because minio takes io.ErrUnexpectedEOF for the end of an object.
type source struct {
	io.Reader
	failed error
}

var errSource = errors.New("the source failed")

func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.failed = err
		err = errSource
	}
	return n, err
}

func (b *bucket) section(ctx context.Context, key string, from, size int64) (io.ReadCloser, error) {
	if size == 0 { // S3 has no such range
		_, err := b.client.StatObject(ctx, b.name, key, minio.StatObjectOptions{})
		return http.NoBody, b.explain(err, key)
	}
	var o minio.GetObjectOptions
	if err := o.SetRange(from, from+size-1); err != nil {
		return nil, b.explain(err, key)
	}
	r, _, _, err := b.client.GetObject(ctx, b.name, key, o)
	return r, b.explain(err, key)
}

func (b *bucket) remove(ctx context.Context, key string) error {
	err := b.client.RemoveObject(ctx, b.name, key, minio.RemoveObjectOptions{})
	if status(err) == http.StatusNotFound {
		return nil
	}
	return b.explain(err, key)
}
