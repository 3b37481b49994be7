package transfer_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"docsquare/graph"
	"docsquare/graph/quota"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/transfer"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// TestRanges answers up to 16 ranges at one time, and refuses more before anything is read.
func TestRanges(t *testing.T) {
	s := opened(t, "sqlite")
	const size = 4 << 20
	content := bytes.Repeat([]byte("0123456789abcdef"), size/16)
	f, err := s.site.Uploads.Send(t.Context(), viewer.Viewer{UserID: servicetest.ID("bob")}, upload.Announcement{Name: "a.txt", Size: 1 << 20}, bytes.NewReader(content[:1<<20]))
	testkit.Must(t, err)
	path, bob := upload.Path+f.NodeID().String(), servicetest.Token(t, s.site.Accounts, servicetest.ID("bob"))
	ranges := func(n int) string {
		parts := make([]string, n)
		for i := range parts { // backwards, so that each has another place
			parts[i] = fmt.Sprintf("%d-%d", 1<<19-i*16, 1<<19-i*16+3)
		}
		return "bytes=" + strings.Join(parts, ",")
	}
	r, text := s.ask(http.MethodGet, path, bob, "", "Range", ranges(16))
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.StatusCode != http.StatusPartialContent || media != "multipart/byteranges" || err != nil {
		t.Fatalf("16 ranges: %d %v", r.StatusCode, r.Header)
	}
	in := multipart.NewReader(strings.NewReader(text), params["boundary"])
	for i := range 16 {
		part, err := in.NextPart()
		testkit.Must(t, err)
		if got, err := io.ReadAll(part); err != nil || string(got) != "0123" {
			t.Errorf("range %d is %q, %v", i, got, err)
		}
	}
	for _, n := range []int{17, 6000} {
		r, text := s.ask(http.MethodGet, path, bob, "", "Range", ranges(n))
		if r.StatusCode != http.StatusRequestedRangeNotSatisfiable || r.Header.Get("Content-Range") != "bytes */1048576" || len(text) > 200 {
			t.Errorf("%d ranges: %d %v %s", n, r.StatusCode, r.Header, text)
		}
	}
}

// budgeted opens the addresses of files with a budget for each account and address, which does not come back during a test.
func budgeted(t *testing.T, points int) *server {
	t.Helper()
	l := ratelimit.New(ratelimit.Options{})
	t.Cleanup(l.Close)
	rate := ratelimit.Rate{Points: points, Window: 1000 * time.Hour}
	clients := quota.Clients{Limiter: l, Budgets: quota.Budgets{User: rate, Address: rate}}
	start, err := graph.UploadLimit(l)
	testkit.Must(t, err)
	return openedWith(t, "sqlite", transfer.Options{Start: start, Charge: func(ctx context.Context, v viewer.Viewer, points int) error {
		_, err := clients.Take(ctx, v, points, "the transfer")
		return err
	}})
}

// TestBudget charges every request to its account or address, by the mutation that does the same and by its bytes, and refuses it with
// Retry-After once the budget is used up, whatever it asks for.
func TestBudget(t *testing.T) {
	s := budgeted(t, 40)
	bob, ann := servicetest.Token(t, s.site.Accounts, servicetest.ID("bob")), servicetest.Token(t, s.site.Accounts, servicetest.ID("ann"))
	content := strings.Repeat("0123456789abcdef", 3<<16) // 3 MiB
	path := s.announced(bob, len(content), "filename", "a.txt")
	if r, text := s.tus(http.MethodPatch, path, bob, content, "Upload-Offset", "0"); r.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", r.StatusCode, text)
	}
	for _, c := range []struct {
		method, ranges string
		status, left   int // points before it: 40 - 10 - 13 = 17
	}{
		{http.MethodGet, "", 200, 17},
		{http.MethodHead, "", 200, 13},
		{http.MethodGet, "bytes=0-9", 206, 12},
		{http.MethodGet, "bytes=0-2097151", 206, 11},
		{http.MethodGet, "", 200, 8},
		{http.MethodGet, "", 200, 4},
		{http.MethodHead, "", 429, 0},
		{http.MethodGet, "bytes=0-9", 429, 0},
		{http.MethodPatch, "", 429, 0},
		{http.MethodPost, "", 429, 0},
		{http.MethodDelete, "", 429, 0},
		{http.MethodOptions, "", 429, 0},
	} {
		headers := []string{"Upload-Offset", "0", "Upload-Length", "1", "Upload-Metadata", "filename YQ=="}
		if c.ranges != "" {
			headers = append(headers, "Range", c.ranges)
		}
		ask := s.tus
		if c.method == http.MethodGet || c.method == http.MethodHead {
			ask = s.ask
		}
		r, text := ask(c.method, path, bob, "", headers...)
		wait, _ := strconv.Atoi(r.Header.Get("Retry-After"))
		if r.StatusCode != c.status || (c.status == 429) != (wait > 0) {
			t.Errorf("%s %s with %d points: %d, retry after %d, %.100s", c.method, c.ranges, c.left, r.StatusCode, wait, text)
		}
	}
	if r, _ := s.ask(http.MethodHead, path, ann, ""); r.StatusCode != http.StatusNotFound {
		t.Errorf("another account is answered by %d", r.StatusCode)
	}
	statuses := map[int]int{}
	for range 41 {
		r, _ := s.ask(http.MethodGet, path, "", "")
		statuses[r.StatusCode]++
	}
	if statuses[404] != 40 || statuses[429] != 1 {
		t.Errorf("a guest is answered by %v", statuses)
	}
}

// TestBudgetBytes refuses a download whose bytes the budget does not cover before the first of them.
func TestBudgetBytes(t *testing.T) {
	s := budgeted(t, 26)
	bob := servicetest.Token(t, s.site.Accounts, servicetest.ID("bob"))
	content := strings.Repeat("0123456789abcdef", 3<<16)
	path := s.announced(bob, len(content), "filename", "a.txt")
	s.tus(http.MethodPatch, path, bob, content, "Upload-Offset", "0") // leaves 3 points
	r, text := s.ask(http.MethodGet, path, bob, "")
	if r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") == "" || r.Header.Get("Content-Disposition") != "" || !strings.Contains(text, "RATE_LIMITED") {
		t.Errorf("%d %v %.100s", r.StatusCode, r.Header, text)
	}
}

// TestStarts counts uploads that start without GraphQL against the limit of startUpload: 60 a minute, and one for each second that passes.
func TestStarts(t *testing.T) {
	s := budgeted(t, 100_000)
	bob := servicetest.Token(t, s.site.Accounts, servicetest.ID("bob"))
	refused, began := 0, time.Now()
	for range 80 {
		r, text := s.tus(http.MethodPost, upload.Path, bob, "", "Upload-Length", "1", "Upload-Metadata", "filename YQ==")
		switch r.StatusCode {
		case http.StatusTooManyRequests:
			refused++
		case http.StatusCreated:
		default:
			t.Fatalf("%d %s", r.StatusCode, text)
		}
	}
	if more := int(time.Since(began)/time.Second) + 1; refused > 20 || refused < 20-more {
		t.Errorf("%d of 80 are refused", refused)
	}
}
