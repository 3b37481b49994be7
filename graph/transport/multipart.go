package transport

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

const (
	filesInMemory = 1 << 20 // bytes of the files of a request; what is more waits in temporary files
	maxPlaces     = 100     // how many variables the files of one request may fill
)

// withFiles reads a request with files, as https://github.com/jaydenseric/graphql-multipart-request-spec says. Call done once
// it is answered.
func withFiles(r *http.Request) (p *graphql.RawParams, done func(), no *refusal) {
	done = func() {
		if r.MultipartForm != nil {
			_ = r.MultipartForm.RemoveAll() // what is gone already is no matter
		}
	}
	if err := r.ParseMultipartForm(filesInMemory); err != nil { //nolint:gosec // the body is bounded before it comes here
		return nil, done, unreadable(err, "the form cannot be read: its parts must be operations, map, and then the files")
	}
	if p, no = parsed(r.FormValue("operations")); no != nil {
		return nil, done, no
	}
	return p, done, fill(p, r)
}

// unreadable tells a body that is too large from one that is broken.
func unreadable(err error, words string) *refusal {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return refused(http.StatusRequestEntityTooLarge, "the body is too large")
	}
	return refused(http.StatusBadRequest, words)
}

// fill puts the files of a form into the variables that its map names.
func fill(p *graphql.RawParams, r *http.Request) *refusal {
	var places map[string][]string
	if json.Unmarshal([]byte(r.FormValue("map")), &places) != nil {
		return refused(http.StatusBadRequest, `the part "map" must be a JSON object of lists of paths, such as {"0": ["variables.input.file"]}`)
	}
	filled := 0
	for name, paths := range places {
		file, header, err := r.FormFile(name)
		if err != nil {
			return refused(http.StatusBadRequest, `the part "map" names a file that is not in the form`)
		}
		for _, path := range paths {
			if filled++; filled > maxPlaces {
				return refused(http.StatusBadRequest, "the files fill too many variables")
			}
			upload := graphql.Upload{File: file, Filename: header.Filename, Size: header.Size, ContentType: header.Header.Get("Content-Type")}
			if !put(p.Variables, path, upload) {
				return refused(http.StatusBadRequest, `a path in the part "map" leads to no variable that is null`)
			}
		}
	}
	return nil
}

// put sets the null at a path such as variables.input.files.0 to a file. It returns false if there is no such null.
func put(variables map[string]any, path string, upload graphql.Upload) bool {
	steps := strings.Split(path, ".")
	if steps[0] != "variables" || len(steps) < 2 {
		return false
	}
	var at any = variables
	for i, step := range steps[1:] {
		last := i == len(steps)-2
		switch node := at.(type) {
		case map[string]any:
			value, ok := node[step]
			if last && ok && value == nil {
				node[step] = upload
				return true
			}
			at = value
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n < 0 || n >= len(node) {
				return false
			}
			if last && node[n] == nil {
				node[n] = upload
				return true
			}
			at = node[n]
		default:
			return false
		}
	}
	return false
}
