package transfer

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/file"
	"docsquare/internal/errs"
	"docsquare/internal/text/fileurl"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// download answers with the content of a file, or a range of it. Pictures are shown by browsers; everything else is saved, and nothing is
// run.
func (h *server) download(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	w.Header().Set("Cache-Control", "no-store") // of an error
	if !viewer.From(ctx).Guest() {
		w.Header().Set("Vary", "Authorization")
	}
	a, ok := fileurl.Parse(r.URL.Path)
	if !ok || !a.Local() {
		h.refuse(ctx, w, errs.Missing("file"))
		return
	}
	f, everybody, err := h.visible(ctx, a.File)
	if err != nil {
		h.refuse(ctx, w, err)
		return
	}
	if tooManyRanges(r) {
		w.Header().Set("Content-Range", "bytes */"+strconv.FormatInt(f.Size, 10))
		h.refuseAs(w, http.StatusRequestedRangeNotSatisfiable, *errs.New(errs.BadUserInput, "up to %d ranges are answered at one time: ask for fewer", maxRanges))
		return
	}
	c, err := h.Uploads.Picture(ctx, f, a.Width, viewer.From(ctx).Rules().Is(f.UserID))
	if err != nil {
		h.refuse(ctx, w, err)
		return
	}
	defer func() { _ = c.Close() }() // it was only read
	describe(w.Header(), f, c, everybody)
	http.ServeContent(&answer{ResponseWriter: w, control: http.NewResponseController(w), server: h, request: r}, r, "", f.CreatedAt, c)
}

// visible returns a stored file that the viewer sees, and whether everybody sees it. It returns NOT_FOUND for any other.
func (h *server) visible(ctx context.Context, id uuid.UUID) (f *ent.File, everybody bool, err error) {
	files, err := h.Uploads.ByIDs(ctx, []uuid.UUID{id})
	if err != nil {
		return nil, false, err
	}
	if f = files[id]; f == nil || f.Status != file.StatusStored {
		return nil, false, errs.Missing("file")
	}
	shown, err := h.Uploads.Documents(ctx, []uuid.UUID{f.ID})
	if err != nil {
		return nil, false, err
	}
	documents, err := h.Documents.ByIDs(ctx, shown[f.ID])
	if err != nil {
		return nil, false, err
	}
	if !viewer.From(ctx).Rules().SeesFile(f, maps.Values(documents)) {
		return nil, false, errs.Missing("file")
	}
	return f, viewer.Viewer{}.Rules().SeesFile(f, maps.Values(documents)), nil
}

// The time that a browser may show a file without asking. What an address leads to never changes, but who sees it does: see docs/uploads.md.
const (
	forEverybody = "private, max-age=86400, immutable"
	forSome      = "private, no-cache"
)

// describe sets the headers of a content.
func describe(head http.Header, f *ent.File, c *upload.Picture, everybody bool) {
	head.Set("Content-Type", c.ContentType)
	if strings.HasPrefix(c.ContentType, "text/") {
		head.Set("Content-Type", c.ContentType+"; charset=utf-8")
	}
	kind := "attachment"
	if fileurl.IsPicture(c.ContentType) {
		kind = "inline"
		head.Set("Cross-Origin-Resource-Policy", "cross-origin") // pages of other origins show it
	}
	head.Set("Content-Disposition", disposition(kind, f.Name))
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	head.Set("ETag", `"`+c.Tag+`"`)
	head.Set("Cache-Control", forSome)
	if everybody {
		head.Set("Cache-Control", forEverybody)
	}
	head.Set("Vary", "Authorization")
}

// maxRanges is how many ranges of a file are answered at one time. More are refused with 416, which is meant for an excessive request of
// small or overlapping ranges (RFC 9110, section 15.5.17).
const maxRanges = 16

func tooManyRanges(r *http.Request) bool {
	return strings.Count(r.Header.Get("Range"), ",") >= maxRanges
}

// answer is the answer to a download. It may take as long as the client takes bytes, where the server has one bound for all answers, and it
// charges those bytes before the first of them is sent.
type answer struct {
	http.ResponseWriter
	control *http.ResponseController
	server  *server
	request *http.Request
	refused bool
}

// ofContent is the headers of a file, which a refusal does not have.
var ofContent = []string{"Accept-Ranges", "Content-Disposition", "Content-Length", "Content-Range", "Cross-Origin-Resource-Policy", "ETag", "Last-Modified"}

var errRefused = errors.New("transfer: the client's budget is used up")

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	size, err := strconv.ParseInt(a.Header().Get("Content-Length"), 10, 64)
	if err == nil && status < http.StatusMultipleChoices && a.request.Method == http.MethodGet {
		if err := a.server.charge(a.request.Context(), pointsOf(size)); err != nil {
			a.refused = true
			for _, name := range ofContent {
				a.Header().Del(name)
			}
			a.Header().Set("Cache-Control", "no-store")
			a.server.refuse(a.request.Context(), a.ResponseWriter, err)
			return
		}
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	if a.refused {
		return 0, errRefused
	}
	if err := a.control.SetWriteDeadline(time.Now().Add(silence)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return a.ResponseWriter.Write(b)
}
