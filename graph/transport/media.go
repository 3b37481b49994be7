package transport

import (
	"cmp"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The media types of answers.
const (
	mediaResponse = "application/graphql-response+json" // its status depends on the outcome of the request
	mediaJSON     = "application/json"                  // its status is 200 for every request that is GraphQL
	mediaMixed    = "multipart/mixed"                   // an answer in parts, for @defer
	mediaEvents   = "text/event-stream"
	mediaForm     = "multipart/form-data" // of requests
)

// accepted is the media types that a client takes, those that it wants most first.
type accepted []string

// acceptable reads the Accept headers of a request. Without any, and for "anything", the answer is plain JSON, as it was
// before there was a media type for GraphQL.
func acceptable(h http.Header) accepted {
	type choice struct {
		media   string
		quality float64
	}
	if values := h["Accept"]; len(values) == 1 {
		switch values[0] { // of most clients
		case mediaJSON, "*/*":
			return onlyJSON
		case mediaResponse:
			return onlyResponse
		}
	}
	var all []choice
	for _, header := range h.Values("Accept") {
		for part := range strings.SplitSeq(header, ",") {
			media, params, err := mime.ParseMediaType(strings.TrimSpace(part))
			if err != nil {
				continue
			}
			quality := 1.0
			if text, ok := params["q"]; ok {
				if quality, err = strconv.ParseFloat(text, 64); err != nil || quality <= 0 || quality > 1 {
					continue
				}
			}
			if utf8Only(params["charset"]) {
				all = append(all, choice{media, quality})
			}
		}
	}
	if len(h.Values("Accept")) == 0 {
		return onlyJSON
	}
	slices.SortStableFunc(all, func(a, b choice) int { return cmp.Compare(b.quality, a.quality) })
	var list accepted
	for _, c := range all {
		switch c.media {
		case mediaResponse, mediaJSON, mediaMixed, mediaEvents:
			list = append(list, c.media)
		case "*/*", "application/*":
			list = append(list, mediaJSON)
		}
	}
	return list
}

// Accepted by most clients. Do not change them.
var onlyJSON, onlyResponse = accepted{mediaJSON}, accepted{mediaResponse}

func utf8Only(charset string) bool {
	return charset == "" || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}

// takes reports whether the client takes a media type at all.
func (a accepted) takes(media string) bool { return slices.Contains(a, media) }

// prefers reports whether a media type is what the client wants most.
func (a accepted) prefers(media string) bool { return len(a) > 0 && a[0] == media }

// single is the media type of an answer in one piece, empty where the client takes none: one that takes parts takes one part.
func (a accepted) single() string {
	for _, media := range a {
		if media == mediaResponse || media == mediaJSON {
			return media
		}
	}
	if a.takes(mediaMixed) {
		return mediaJSON
	}
	return ""
}
