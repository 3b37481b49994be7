package textfile

import (
	"slices"
	"strings"
	"time"

	"docsquare/ent/document"
	"docsquare/internal/text/frontmatter"
)

// unpublished are the states of documents that are not public, as WordPress and others name them.
var unpublished = []string{"draft", "private", "pending", "future", "auto-draft", "trash"}

// shownAs are the visibilities of documents that others see, as this site and Ghost name them.
var shownAs = []string{"public", "unlisted"}

// Hide makes the document private, for a reason.
func (d *Document) Hide(reason string) {
	d.Visibility, d.Reason = document.VisibilityPrivate, reason
}

// isAfter reports whether a value is a date after now.
func isAfter(v frontmatter.Value, now time.Time) bool {
	at, err := frontmatter.Time(v.Text)
	return v.Text != "" && err == nil && at.After(now)
}

// isBefore reports whether a value is a date before now.
func isBefore(v frontmatter.Value, now time.Time) bool {
	at, err := frontmatter.Time(v.Text)
	return v.Text != "" && err == nil && at.Before(now)
}

// hide sets the visibility of what is not meant to be public. What is not understood is hidden.
func (d *Document) hide(values frontmatter.Value, name string, now time.Time) {
	switch {
	case isTruth(values, "draft", true), isTruth(values, "private", true), isTruth(values, "publish", false),
		isTruth(values, "published", false) && !isDate(values.Get("published").Text):
		d.Hide("its front matter keeps it back")
	case slices.Contains(unpublished, strings.ToLower(values.Get("status").Text)):
		d.Hide("its status is " + strings.ToLower(values.Get("status").Text))
	case values.Get("visibility").Text != "" && !slices.Contains(shownAs, strings.ToLower(values.Get("visibility").Text)):
		d.Hide("its visibility is " + strings.ToLower(values.Get("visibility").Text))
	case slices.Contains(folders(name), "_drafts"):
		d.Hide("it is in the folder _drafts")
	case d.At.After(now), isAfter(values.Get("publishdate", "pubdate"), now):
		d.Hide("its date is in the future")
	case isBefore(values.Get("expirydate", "unpublishdate"), now):
		d.Hide("its date of expiry is over")
	case isTruth(values, "unlisted", true), isTruth(values, "hidden", true), strings.EqualFold(values.Get("visibility").Text, "unlisted"):
		d.Visibility, d.Reason = document.VisibilityUnlisted, "its front matter does not list it"
	}
}

// isTruth reports whether a key has a truth value, or something else than a truth value.
func isTruth(values frontmatter.Value, key string, want bool) bool {
	v := values.Get(key)
	is, ok := v.Bool()
	return v.Text != "" && (is == want || !ok)
}

func isDate(text string) bool {
	_, err := frontmatter.Time(text)
	return err == nil
}
