package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// requestTimeout is more than the server takes for any operation.
const requestTimeout = 15 * time.Second

func newClient() *http.Client {
	return &http.Client{Timeout: requestTimeout, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
}

// errRefused is the error of a refused session token.
var errRefused = errors.New("the session token was refused")

// variables of an operation.
type variables map[string]any

// call sends one operation and reads its data. Any error in the answer is an error.
func call(ctx context.Context, client *http.Client, address, token, query string, vars variables, data any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := do(client, request)
	switch {
	case err != nil:
		return err
	case response.status == http.StatusUnauthorized:
		return errRefused
	}
	return response.decode(data)
}

// received is a response that was read to its end.
type received struct {
	status int
	etag   string
	text   []byte
}

func (r received) decode(data any) error {
	if r.status != http.StatusOK {
		return fmt.Errorf("status %d: %s", r.status, r.text)
	}
	return decode(r.text, data)
}

func do(client *http.Client, request *http.Request) (received, error) {
	response, err := client.Do(request)
	if err != nil {
		return received{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return received{response.StatusCode, response.Header.Get("ETag"), text}, err
}

// copies are the answers that a client has kept, by the query of their address: the entity tags of all instances are the same.
type copies map[string]received

// maxCopies bounds the answers that a client keeps.
const maxCopies = 1000

// get sends a query of a guest by GET. If the instance answers 304, data is read from the answer
// that the client has.
func (l life) get(ctx context.Context, known copies, query string, vars variables, data any) error {
	encoded, err := json.Marshal(vars)
	if err != nil {
		return err
	}
	asked := url.Values{"query": {query}, "variables": {string(encoded)}}.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, l.on.server.URL+"/graphql?"+asked, nil)
	if err != nil {
		return err
	}
	has := known[asked]
	if has.etag != "" {
		request.Header.Set("If-None-Match", has.etag)
	}
	response, err := do(l.on.client, request)
	switch {
	case err != nil:
		return err
	case response.status == http.StatusNotModified:
		return has.decode(data)
	case response.etag != "" && (has.etag != "" || len(known) < maxCopies):
		known[asked] = response
	}
	return response.decode(data)
}

func decode(text []byte, data any) error {
	answer := struct {
		Data   any
		Errors json.RawMessage
	}{Data: data}
	if err := json.Unmarshal(text, &answer); err != nil {
		return fmt.Errorf("the answer is no JSON: %w", err)
	}
	if len(answer.Errors) > 0 && string(answer.Errors) != "null" {
		return fmt.Errorf("the answer has errors: %s", answer.Errors)
	}
	return nil
}

// call sends one operation to the instance.
func (l life) call(ctx context.Context, token, query string, vars variables, data any) error {
	return call(ctx, l.on.client, l.on.server.URL, token, query, vars, data)
}
