package transfer

import (
	"errors"
	"mime"
	"net/http"
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
	head.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	head.Set("ETag", `"`+*f.Sha256+`"`)
	head.Set("Cache-Control", "private, no-cache") // who may see it can change at any moment; the content never does
	if viewer.From(ctx).Guest() {
		head.Set("Vary", "Authorization")
	}
	http.ServeContent(&patient{w, http.NewResponseController(w)}, r, "", f.CreatedAt, content)
}

// patient lets an answer take as long as the client takes bytes, where the server has one bound for all answers.
type patient struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (p *patient) Write(b []byte) (int, error) {
	if err := p.control.SetWriteDeadline(time.Now().Add(silence)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return p.ResponseWriter.Write(b)
}
