package transfer

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"docsquare/ent/file"
	"docsquare/internal/errs"
	"docsquare/internal/viewer"
)

// download answers with the content of a file, or a range of it. A browser saves it and never shows or runs it here.
func (h *server) download(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	id, ok := fileID(r.URL.Path)
	if !ok {
		h.refuse(ctx, w, errs.Missing("file"))
		return
	}
	files, err := h.Uploads.ByIDs(ctx, []uuid.UUID{id.UUID})
	f := files[id.UUID]
	if err == nil && (f == nil || f.Status != file.StatusStored) {
		err = errs.Missing("file")
	}
	if err == nil {
		var seen bool
		if seen, err = h.sees(ctx, f); err == nil && !seen {
			err = errs.Missing("file")
		}
	}
	if err != nil {
		h.refuse(ctx, w, err)
		return
	}
	if tooManyRanges(r) {
		w.Header().Set("Content-Range", "bytes */"+strconv.FormatInt(f.Size, 10))
		h.refuseAs(w, http.StatusRequestedRangeNotSatisfiable, *errs.New(errs.BadUserInput, "up to %d ranges are answered at one time: ask for fewer", maxRanges))
		return
	}
	content, err := h.Uploads.Open(ctx, f)
	if err != nil {
		h.refuse(ctx, w, err)
		return
	}
	defer func() { _ = content.Close() }() // it was only read
	head := w.Header()
	head.Set("Content-Type", f.ContentType)
	if strings.HasPrefix(f.ContentType, "text/") {
		head.Set("Content-Type", f.ContentType+"; charset=utf-8")
	}
	head.Set("Content-Disposition", disposition("attachment", f.Name))
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	head.Set("ETag", `"`+*f.Sha256+`"`)
	head.Set("Cache-Control", "private, no-cache") // who may see it can change at any moment; the content never does
	if viewer.From(ctx).Guest() {
		head.Set("Vary", "Authorization")
	}
	http.ServeContent(&answer{ResponseWriter: w, control: http.NewResponseController(w), server: h, request: r}, r, "", f.CreatedAt, content)
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
var ofContent = []string{"Accept-Ranges", "Content-Disposition", "Content-Length", "Content-Range", "ETag", "Last-Modified"}

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
