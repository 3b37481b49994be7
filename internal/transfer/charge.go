package transfer

import (
	"context"
	"net/http"

	"docsquare/internal/viewer"
)

// The price of a request, in points: those of the mutations that do the same, and a point for each MiB that is sent or received.
const (
	readPoints  = 1
	writePoints = 10
	mebibyte    = 1 << 20
	maxPoints   = 1000 // of the bytes of one request: less than the budget of every client should be
)

// pointsOf returns the price of so many bytes.
func pointsOf(bytes int64) int { return int(min(bytes/mebibyte, maxPoints)) }

// charged refuses requests of clients whose budget is used up, before anything is read.
func (h *server) charged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := h.charge(r.Context(), h.priceOf(r))
		if err == nil && r.Method == http.MethodPost && h.Start != nil {
			err = h.Start(r.Context(), viewer.From(r.Context()))
		}
		if err != nil {
			h.refuse(r.Context(), w, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// charge charges points to the viewer of the context.
func (h *server) charge(ctx context.Context, points int) error {
	if h.Charge == nil || points == 0 {
		return nil
	}
	return h.Charge(ctx, viewer.From(ctx), points)
}

// priceOf returns the price of a request without the bytes of its answer. A body of unknown size costs as much as the largest.
func (h *server) priceOf(r *http.Request) int {
	switch r.Method {
	case http.MethodPost, http.MethodPatch, http.MethodDelete:
	default:
		return readPoints
	}
	size := r.ContentLength
	if size < 0 {
		size = h.Uploads.Limits().File
	}
	return writePoints + pointsOf(size)
}
