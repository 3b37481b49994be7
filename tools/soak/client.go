package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// requestTimeout is more than the server takes for any operation.
const requestTimeout = 30 * time.Second

// client is one client, at its own address.
type client struct {
	http       *http.Client
	url, token string
}

type variables map[string]any

// newClient returns a client that connects from 127.0.ward.number.
func newClient(url string, ward, number int) *client {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, byte(ward), byte(number))}}
	return &client{url: url, http: &http.Client{
		Timeout:   requestTimeout,
		Transport: &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 64, DisableCompression: true},
	}}
}

// answered is an answer whose body was read and thrown away, but for its beginning.
type answered struct {
	status int
	head   []byte
	bytes  int64
}

const headBytes = 64 << 10

// refused reports whether the client has to wait, or to ask for less.
func (a answered) refused() bool {
	return a.status == http.StatusTooManyRequests || bytes.Contains(a.head, []byte(`"RATE_LIMITED"`))
}

// failed returns an error unless the answer is data without errors.
func (a answered) failed() error {
	if a.status == http.StatusOK && !bytes.Contains(a.head, []byte(`"errors"`)) {
		return nil
	}
	return fmt.Errorf("status %d: %.300s", a.status, a.head)
}

func (c *client) post(ctx context.Context, body []byte, media string, more ...string) (answered, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return answered{}, err
	}
	r.Header.Set("Content-Type", media)
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(more); i += 2 {
		r.Header.Set(more[i], more[i+1])
	}
	response, err := c.http.Do(r)
	if err != nil {
		return answered{}, err
	}
	defer response.Body.Close()
	head, err := io.ReadAll(io.LimitReader(response.Body, headBytes))
	if err != nil {
		return answered{}, err
	}
	rest, err := io.Copy(io.Discard, response.Body)
	return answered{response.StatusCode, head, int64(len(head)) + rest}, err
}

// ask sends one operation.
func (c *client) ask(ctx context.Context, query string, vars variables) (answered, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		return answered{}, err
	}
	return c.post(ctx, body, "application/json")
}

// patiently sends an operation that must succeed and decodes its data. It waits while the client is refused for sending too much: for the
// set-up.
func (c *client) patiently(ctx context.Context, query string, vars variables, data any) error {
	for {
		a, err := c.ask(ctx, query, vars)
		if err != nil {
			return err
		}
		if !a.refused() {
			return errors.Join(a.failed(), json.Unmarshal(a.head, &struct{ Data any }{data}))
		}
		if err := wait(ctx, time.Second); err != nil {
			return err
		}
	}
}

// wait waits, or returns the error of a context that ends first.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
