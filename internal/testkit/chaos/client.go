package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// requestTimeout is more than the server takes for any operation.
const requestTimeout = 15 * time.Second

func newClient() *http.Client {
	return &http.Client{Timeout: requestTimeout, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
}

// errRefused says that the session token was refused.
var errRefused = errors.New("the session token was refused")

// variables of an operation.
type variables map[string]any

// call sends one operation and reads its data. Any error in the answer is an error.
func call(ctx context.Context, client *http.Client, url, token, query string, vars variables, data any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return err
	case response.StatusCode == http.StatusUnauthorized:
		return errRefused
	case response.StatusCode != http.StatusOK:
		return fmt.Errorf("status %d: %s", response.StatusCode, text)
	}
	return decode(text, data)
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
