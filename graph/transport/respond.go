package transport

import (
	"bytes"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/internal/errs"
	"docsquare/internal/httpserver"
	"docsquare/internal/limit/admission"
)

// answerer writes the one answer to a request.
type answerer struct {
	w     http.ResponseWriter
	media string
	turn  *admission.Turn // which ends with the answer; may be nil
}

// depends is the header Vary: the headers of a request on which its answer depends, with those that the layers before have added, for
// CORS and compression. Its value is shared: do not change it.
var depends = []string{httpserver.Vary + ", Accept, Authorization"}

// refuse answers what is no operation.
func (a answerer) refuse(no *refusal) {
	if no.status == http.StatusMethodNotAllowed && a.w.Header().Get("Allow") == "" {
		a.w.Header().Set("Allow", allowedMethods)
	}
	e := gqlerror.Errorf("%s", no.words)
	e.Extensions = map[string]any{"code": errs.BadUserInput}
	a.write(no.status, encodedAnswer(&graphql.Response{Errors: gqlerror.List{e}}))
}

// send answers with what became of an operation.
func (a answerer) send(r *graphql.Response) {
	if wait := retryAfter(r.Errors); wait > 0 {
		a.w.Header().Set("Retry-After", strconv.Itoa(wait))
	}
	out, _ := buffers.Get().(*bytes.Buffer)
	defer recycle(out)
	out.Reset()
	if len(r.Data) <= maxBuffer {
		encodeAnswer(out, r)
		a.write(a.status(r), out.Bytes())
		return
	}
	rest := *r // large data is not copied
	rest.Data = json.RawMessage(dataMark)
	encodeAnswer(out, &rest)
	head, tail, _ := bytes.Cut(out.Bytes(), []byte(dataMark))
	a.begin(a.status(r), []string{strconv.Itoa(len(head) + len(r.Data) + len(tail))})
	for _, piece := range [][]byte{head, r.Data, tail} {
		_, _ = a.w.Write(piece) //nolint:gosec // as in writeAs
	}
}

// dataMark takes the place of large data. No error, path or extension has it: in JSON a control character is escaped.
const dataMark = "\x00"

// buffers are for requests that are read and answers that are sent.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxBuffer bounds the memory of a buffer that is used again, in bytes.
const maxBuffer = 1 << 20

func recycle(b *bytes.Buffer) {
	if b.Cap() <= maxBuffer {
		buffers.Put(b)
	}
}

// write sends an answer in one piece.
func (a answerer) write(status int, body []byte) {
	a.writeAs(status, body, []string{strconv.Itoa(len(body))})
}

// writeAs is write with the header Content-Length. A middleware that changes the body removes it.
func (a answerer) writeAs(status int, body []byte, length []string) {
	a.begin(status, length)
	_, _ = a.w.Write(body) //nolint:gosec // JSON, and never shown as HTML; the client may be gone
}

// begin sends the headers of an answer.
func (a answerer) begin(status int, length []string) {
	a.turn.Waits()
	h := a.w.Header()
	h["Vary"] = depends // before the others: a map of eight headers grows when one of them is set again
	h["Content-Type"], h["Content-Length"] = contentType(a.media), length
	a.w.WriteHeader(status)
}

// contentType returns the header of a media type. Its value is shared: do not change it.
func contentType(media string) []string {
	switch media {
	case mediaJSON:
		return jsonType
	case mediaResponse:
		return responseType
	}
	return []string{media + charset}
}

const charset = "; charset=utf-8"

var jsonType, responseType = []string{mediaJSON + charset}, []string{mediaResponse + charset}

// status is the HTTP status of an answer. Everything that was executed is 200; the rest depends on the media type:
// plain JSON has 200 for every readable request, as older clients read the errors only then.
func (a answerer) status(r *graphql.Response) int {
	if len(r.Data) > 0 || len(r.Errors) == 0 {
		return http.StatusOK
	}
	switch code := codeOf(r.Errors[0]); {
	case code == errs.RateLimited, code == errs.Internal, code == errs.Unauthenticated && a.media != mediaJSON:
		return httpserver.Status(code)
	case a.media == mediaJSON:
		return http.StatusOK
	}
	return http.StatusBadRequest
}

// maxErrors is the number of errors that the answer to a request shows that was not executed: one text can have thousands.
const maxErrors = 10

func few(list gqlerror.List) gqlerror.List { return list[:min(len(list), maxErrors)] }

func codeOf(e *gqlerror.Error) errs.Code {
	switch code := e.Extensions["code"].(type) {
	case errs.Code:
		return code
	case string:
		return errs.Code(code)
	}
	return ""
}

// retryAfter is the seconds after which the client may try again, 0 if no error has them.
func retryAfter(list gqlerror.List) (seconds int) {
	for _, e := range list {
		if n, ok := e.Extensions["retryAfter"].(int); ok {
			seconds = max(seconds, min(n, math.MaxInt32))
		}
	}
	return seconds
}

// encodedAnswer is an answer as JSON. A request that was never executed has no data, not even null; what was executed is
// encoded already, and is not read again.
func encodedAnswer(r *graphql.Response) []byte {
	var out bytes.Buffer
	encodeAnswer(&out, r)
	return out.Bytes()
}

func encodeAnswer(out *bytes.Buffer, r *graphql.Response) {
	out.Grow(len(r.Data) + 64)
	out.WriteByte('{')
	field := func(name string, value []byte) {
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		out.WriteString(`"` + name + `":`)
		out.Write(value)
	}
	if len(r.Errors) > 0 {
		field("errors", encoded(r.Errors))
	}
	if len(r.Data) > 0 {
		field("data", r.Data)
	}
	if len(r.Path) > 0 {
		field("path", encoded(r.Path))
	}
	if r.Label != "" {
		field("label", encoded(r.Label))
	}
	if r.HasNext != nil {
		field("hasNext", encoded(r.HasNext))
	}
	if len(r.Extensions) > 0 {
		field("extensions", encoded(r.Extensions))
	}
	out.WriteByte('}')
}

func encoded(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		raw, _ = json.Marshal(map[string]any{"errors": []map[string]string{{"message": "the answer cannot be written"}}}) // plain strings always can
	}
	return raw
}

// Refuse answers a request that does not become an operation because of who asks.
func Refuse(w http.ResponseWriter, r *http.Request, status int, e *gqlerror.Error) {
	a := answerer{w: w, media: acceptable(r.Header).single()}
	if a.media == "" {
		a.media = mediaJSON
	}
	a.write(status, encodedAnswer(&graphql.Response{Errors: gqlerror.List{e}}))
}
