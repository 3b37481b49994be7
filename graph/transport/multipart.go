package transport

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"docsquare/graph/request"
)

const (
	filesInMemory = 1 << 20  // bytes of the files of a request; what is more waits in a temporary file
	partHeader    = 16 << 10 // bytes of the header of a part, with what is read ahead
	maxPlaces     = 100      // how many variables the files of one request may fill
	maxParts      = maxPlaces + 2
)

// The parts of a form that are not files.
const (
	partOperations = "operations"
	partMap        = "map"
)

const formWords = "the form cannot be read: its parts must be operations, map, and then the files"

// withFiles reads a request with files (https://github.com/jaydenseric/graphql-multipart-request-spec). Its operations and its map
// together have the limit of a request in JSON. Call done once the request is answered: it closes the files.
func withFiles(r *http.Request, limit int64) (p *graphql.RawParams, done func(), no *refusal) {
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil, func() {}, refused(http.StatusBadRequest, formWords)
	}
	body := &allowance{from: r.Body}
	f := &form{body: body, parts: multipart.NewReader(body, params["boundary"]), text: limit, files: map[string]file{}, spool: spool{memory: filesInMemory}}
	no = f.read()
	x := request.Of(r.Context())
	x.Received, x.Files = int(limit-f.text), int(f.spool.bytes)
	if no != nil {
		return nil, f.spool.close, no
	}
	return f.params, f.spool.close, f.fill()
}

// form is a form that is being read, part by part.
type form struct {
	body  *allowance
	parts *multipart.Reader
	text  int64 // bytes that operations and map may have from now on
	spool spool

	params *graphql.RawParams  // the operations; nil: not read yet
	places map[string][]string // the map: which variables each file fills
	files  map[string]file
}

// read reads all parts. Nothing is kept of a file that the map does not name.
func (f *form) read() *refusal {
	for n := 0; ; n++ {
		f.body.left = partHeader
		part, err := f.parts.NextPart()
		if errors.Is(err, io.EOF) && n > 0 {
			return nil
		}
		if err != nil {
			return unreadable(err, formWords)
		}
		if n == maxParts {
			return refused(http.StatusBadRequest, "the form has too many parts")
		}
		if no := f.take(part); no != nil {
			return no
		}
	}
}

// take reads one part.
func (f *form) take(part *multipart.Part) *refusal {
	name := part.FormName()
	if name == partOperations || name == partMap {
		return f.takeText(name, part)
	}
	if f.params == nil || f.places == nil {
		return refused(http.StatusBadRequest, formWords)
	}
	f.body.left = unlimited
	_, wanted := f.places[name]
	if _, known := f.files[name]; known || !wanted {
		_, err := io.Copy(io.Discard, part)
		return unreadable(err, formWords)
	}
	content, err := f.spool.keep(part)
	if full, ok := errors.AsType[*spoolError](err); ok {
		return refused(http.StatusServiceUnavailable, full.Error())
	}
	content.name, content.media = part.FileName(), part.Header.Get("Content-Type")
	f.files[name] = content
	return unreadable(err, formWords)
}

// takeText reads operations or map.
func (f *form) takeText(name string, part io.Reader) (no *refusal) {
	f.body.left = f.text + partHeader
	text := &allowance{from: part, left: f.text + 1}
	var err error
	if name == partOperations {
		f.params, no, err = decoded(text)
	} else {
		var wrong error
		if wrong, err = decode(text, &f.places); wrong != nil || f.places == nil {
			no = noJSON(wrong, badMap)
		}
	}
	if f.text = text.left - 1; f.text < 0 {
		return tooLarge()
	}
	if err != nil {
		return unreadable(err, formWords)
	}
	return no
}

const badMap = `the part "map" must be a JSON object of lists of paths, such as {"0": ["variables.input.file"]}`

// unreadable distinguishes a body that is too large from a malformed one. It returns nil for no error.
func unreadable(err error, words string) *refusal {
	if err == nil {
		return nil
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large || errors.Is(err, errAllowance) {
		return tooLarge()
	}
	return refused(http.StatusBadRequest, words)
}

func tooLarge() *refusal { return refused(http.StatusRequestEntityTooLarge, "the body is too large") }

// fill puts the files of a form into the variables that its map names.
func (f *form) fill() *refusal {
	if f.params == nil {
		return refused(http.StatusBadRequest, formWords)
	}
	if f.places == nil {
		return refused(http.StatusBadRequest, badMap)
	}
	filled := 0
	for name, paths := range f.places {
		content, ok := f.files[name]
		if !ok {
			return refused(http.StatusBadRequest, `the part "map" names a file that is not in the form`)
		}
		for _, path := range paths {
			if filled++; filled > maxPlaces {
				return refused(http.StatusBadRequest, "the files fill too many variables")
			}
			if !put(f.params.Variables, path, content.upload()) {
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
