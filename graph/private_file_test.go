package graph_test

import (
	"strings"
	"testing"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// show stores a file of ann's for the document.
func (h hidden) show(t *testing.T, app *apptest.App) string {
	t.Helper()
	const content = "in the file"
	f, err := app.Uploads.Send(t.Context(), viewer.Viewer{UserID: servicetest.ID("ann")}, upload.Announcement{Name: "qzxshown.txt", Size: int64(len(content))}, strings.NewReader(content))
	testkit.Must(t, err)
	return f.NodeID().String()
}
