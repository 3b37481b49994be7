package graph_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"docsquare/internal/app"
	"docsquare/internal/config"
	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// hostileSite is the whole server on a loopback address with SQLite, its default limits, and budgets that hardly recover during a test.
type hostileSite struct {
	url    string
	tokens []string // of those who send hostile requests
	other  string   // of somebody who sends normal ones
}

const (
	hostileBudget = "100000000/8760h"
	hostileNear   = 2 << 20 // bytes of the near tier, which fills up
)

func openHostileSite(t *testing.T) *hostileSite {
	t.Helper()
	tiers := servicetest.Tiers{NearBytes: hostileNear}
	cfg, defaults := servicetest.Config(t, servicetest.Community(t, "sqlite"), tiers), config.Default()
	cfg.Environment, cfg.Introspection, cfg.RateLimits = config.Production, "on", "on"
	cfg.RateUser, cfg.RateAddress, cfg.FilesSmallBytes = hostileBudget, hostileBudget, defaults.FilesSmallBytes
	opened, err := app.Open(t.Context(), cfg, app.Options{Log: slog.New(slog.DiscardHandler)})
	testkit.Must(t, err)
	t.Cleanup(func() { _ = opened.Close() })
	servicetest.Watch(t, opened.Site, tiers)
	handler, err := opened.Handler()
	testkit.Must(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	site := apptest.App{App: opened}
	token := func(name string) string { return site.Token(t, servicetest.ID(name)) }
	s := &hostileSite{url: server.URL, tokens: []string{token("ann"), token("bob")}, other: token("cy")}
	var made struct{ Register struct{ Token string } }
	s.ask(t, "", registration, variables{"n": normalUser, "e": normalUser + "@example.org"}, &made)
	return s
}

// normalUser has a password that is hashed as in production, unlike those of the fixtures.
const normalUser = "normal"

const registration = `mutation ($n: String!, $e: String!) { register(input: {username: $n, email: $e, displayName: "N", password: "` + servicetest.Password + `"}) { token } }`

// send sends a request as the holder of the token, or as the one that its headers name.
func (s *hostileSite) send(t *testing.T, a asking, token string) *sink {
	t.Helper()
	w, err := s.sent(t, a, token)
	testkit.Must(t, err)
	return w
}

var uncompressed = &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 8}}

func (s *hostileSite) sent(t *testing.T, a asking, token string) (*sink, error) {
	t.Helper()
	r := a.request(t)
	target, err := url.Parse(s.url)
	if err != nil {
		return nil, err
	}
	r.RequestURI, r.Host, r.URL.Scheme, r.URL.Host = "", "", target.Scheme, target.Host
	if token != "" && r.Header.Get("Authorization") == "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := uncompressed.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	w := &sink{header: answer.Header, status: answer.StatusCode}
	_, err = io.Copy(w, answer.Body)
	return w, err
}

// ask sends an operation that must succeed, and decodes its data.
func (s *hostileSite) ask(t *testing.T, token, query string, vars variables, out any) {
	t.Helper()
	w := s.send(t, asking{body: jsonBody(t, query, vars)}, token)
	var a answer
	testkit.Must(t, json.Unmarshal(w.head, &a))
	if len(a.Errors) > 0 {
		t.Fatalf("%s: %s", query, w.text())
	}
	testkit.Must(t, json.Unmarshal(a.Data, out))
}

// create creates a public document and returns its identifier.
func (s *hostileSite) create(t *testing.T, body string) string {
	t.Helper()
	var out struct {
		CreateDocument struct{ Document struct{ ID string } }
	}
	s.ask(t, s.tokens[0], createPublic, variables{"b": body}, &out)
	_, err := nodeid.Parse(out.CreateDocument.Document.ID)
	testkit.Must(t, err)
	return out.CreateDocument.Document.ID
}

// createPublic creates a public document with the text $b.
const createPublic = `mutation ($b: String) { createDocument(input: {title: "Hostile", body: $b, visibility: PUBLIC}) { document { id } } }`

// left returns how many points the holder of a token and the guests at the address of the test have left together. Asking costs points.
func (s *hostileSite) left(t *testing.T, token string) int {
	t.Helper()
	sum := 0
	for _, who := range []string{token, ""} {
		w := s.send(t, asking{body: `{"query": "{ __typename }"}`}, who)
		_, text, _ := strings.Cut(w.header.Get("RateLimit"), "r=")
		text, _, _ = strings.Cut(text, ";")
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("%d %v: %s", w.status, w.header, w.text())
		}
		sum += n
	}
	return sum
}

// sink is an answer of which the beginning and the end are kept.
type sink struct {
	header     http.Header
	status     int
	bytes      int
	head, tail []byte
}

const sinkKeeps = 8 << 10

// Write takes the next bytes of the answer.
func (s *sink) Write(p []byte) (int, error) {
	s.bytes += len(p)
	if room := sinkKeeps - len(s.head); room > 0 {
		s.head = append(s.head, p[:min(room, len(p))]...)
	}
	s.tail = append(s.tail, p[max(0, len(p)-sinkKeeps):]...)
	s.tail = s.tail[max(0, len(s.tail)-sinkKeeps):]
	return len(p), nil
}

// text returns the whole answer, or its beginning and its end.
func (s *sink) text() string {
	if s.bytes <= sinkKeeps {
		return string(s.head)
	}
	return string(s.head) + string(s.tail)
}

// code returns the code of the first error, empty if there is none.
func (s *sink) code(t *testing.T) string {
	t.Helper()
	if !strings.Contains(s.text(), `"errors"`) {
		return ""
	}
	found := errorCode.FindStringSubmatch(s.text())
	if found == nil {
		t.Fatalf("no code in %.500s", s.text())
	}
	return found[1]
}

var (
	errorCode  = regexp.MustCompile(`"code":"([A-Z_]+)"`)
	actualCost = regexp.MustCompile(`"actual":(\d+)`)
)

// points returns the cost in an answer, 0 if it has none.
func (s *sink) points() int {
	found := actualCost.FindSubmatch(s.tail)
	if found == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(found[1])) // digits
	return n
}

// feedTime returns the CPU time of one execution of the feed with a new text, everything else in the process.
func (s *hostileSite) feedTime(t *testing.T) time.Duration {
	t.Helper()
	const times = 100
	best := time.Hour
	for i := range 3 {
		before := cpuTime(t)
		for n := range times {
			s.send(t, asking{body: jsonBody(t, fmt.Sprintf("%s #%d.%d", feedQuery, i, n), nil)}, s.tokens[0])
		}
		best = min(best, (cpuTime(t)-before)/times)
	}
	return best
}

// use does once what normal clients do: it signs in, publishes a document, reads its HTML, searches and uploads a file.
func (s *hostileSite) use(t *testing.T) {
	t.Helper()
	var in struct{ Login struct{ Token string } }
	s.ask(t, "", `mutation ($p: String!) { login(input: {username: "`+normalUser+`", password: $p}) { token } }`, variables{"p": servicetest.Password}, &in)
	id := s.create(t, strings.Repeat("# 标题 heading\n\nsome **words** of a `document`\n\n", 400))
	read := fmt.Sprintf(`{ document(id: %q) { title body bodyHtml tableOfContents { text } } search(query: "标题 words") { edges { snippets { html } } } }`, id)
	for _, a := range []asking{
		{body: jsonBody(t, read, nil)},
		form(`{"query": "`+uploading+`", "variables": {"f": null}}`, `{"0": ["variables.f"]}`, strings.Repeat("word\n", 20_000)),
	} {
		if w := s.send(t, a, in.Login.Token); w.code(t) != "" {
			t.Fatal(w.text())
		}
	}
}
