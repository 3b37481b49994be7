package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const (
	maxBody      = 1 << 20  // bytes of an answer, once unpacked
	maxHeader    = 64 << 10 // bytes of its header, with the default client
	maxRedirects = 3
	wellKnown    = "/.well-known/openid-configuration"
)

// bounded is a copy of the client that stays with the host it was sent to. The default keeps no connection between two
// fetches an hour apart.
func bounded(client *http.Client) *http.Client {
	if client == nil {
		client = &http.Client{Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DisableKeepAlives:      true,
			ForceAttemptHTTP2:      true,
			MaxResponseHeaderBytes: maxHeader,
		}}
	}
	c := *client
	c.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		first := via[0].URL
		if len(via) > maxRedirects || next.URL.Host != first.Host || next.URL.Scheme != first.Scheme {
			return errors.New("redirects to other hosts, and more than 3, are not followed")
		}
		return nil
	}
	return &c
}

// download is the issuer's key set as of now.
func (i *Issuer) download(ctx context.Context, now time.Time) (*keySet, error) {
	address := i.options.JWKS
	if address == "" {
		var err error
		if address, err = i.discover(ctx); err != nil {
			return nil, err
		}
	}
	body, err := i.get(ctx, address)
	if err != nil {
		return nil, err
	}
	return readSet(body, i.algorithms, now)
}

// discover is the address of the key set as the issuer publishes it, by OpenID Connect Discovery 1.0, section 4. It is
// asked for each time: an issuer may move its keys.
func (i *Issuer) discover(ctx context.Context) (string, error) {
	body, err := i.get(ctx, strings.TrimSuffix(i.options.Issuer, "/")+wellKnown)
	if err != nil {
		return "", err
	}
	var found struct {
		Issuer string `json:"issuer"`
		JWKS   string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(body, &found); err != nil {
		return "", errors.New("the issuer's configuration is not JSON")
	}
	if found.Issuer != i.options.Issuer {
		return "", errors.New("the issuer's configuration is that of another issuer")
	}
	return found.JWKS, i.checkFound(found.JWKS)
}

// checkFound wants https of an issuer that is asked by https, even of a loopback host.
func (i *Issuer) checkFound(address string) error {
	if strings.HasPrefix(i.options.Issuer, "https:") && !strings.HasPrefix(address, "https:") {
		return errors.New("the issuer's configuration has no address of keys that begins with https://")
	}
	return checkURL("the address of keys in the issuer's configuration", address)
}

// get is the body of an answer of status 200.
func (i *Issuer) get(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	response, err := i.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered with status %d", address, response.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	if err == nil && len(body) > maxBody {
		err = fmt.Errorf("%s answered with more than 1 MiB", address)
	}
	return body, err
}
