package markdown

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
)

// The limits of one parse. Real documents of 512 KiB stay far below each of them: see docs/rendering.md.
const (
	maxWork    = 1 << 25   // steps of the parser whose number is not linear in the length of the text
	maxNodes   = 100_000   // elements of the parsed text
	maxNesting = 100       // open quotes and lists: a deeper marker is text
	maxOpen    = 200       // open elements of the HTML: tags of deeper ones are dropped
	outputBase = 64 << 10  // bytes of HTML that any text may become
	outputRate = 16        // bytes of HTML for each byte of text
	maxOutput  = 4 << 20   // bytes of HTML at most
	references = 100 << 10 // bytes that link references may add to a text that is shorter

	maxHighlighted      = 128 << 10              // bytes of code of one document that are highlighted; the rest is shown plain
	maxHighlightedBlock = 32 << 10               // bytes of one code block
	maxHighlightTime    = 500 * time.Millisecond // of one document

	blockSteps  = 64      // steps for an open block in each line: goldmark keeps a record of it
	ctxInterval = 1 << 14 // steps between two looks at the context
)

// outputLimit returns how many bytes of HTML a text of n bytes may become.
func outputLimit(n int) int { return min(outputBase+outputRate*n, maxOutput) }

// limitError ends a parse that exceeds a limit. It passes through goldmark as a panic, because goldmark knows no other way to
// stop.
type limitError struct{ reason string }

func (e *limitError) Error() string { return e.reason }

func exceeded(format string, args ...any) *limitError {
	return &limitError{fmt.Sprintf(format, args...)}
}

// stopped is the panic of a parse whose context has ended.
type stopped struct{ err error }

// meter counts the work of one parse, and stops it with a panic if that exceeds a limit or if the context ends.
type meter struct {
	ctx   context.Context //nolint:containedctx // the parser passes none
	max   int             // steps; 0 for maxWork
	work  int
	nodes int
	next  int // the work at which the context is looked at

	block      ast.Node // whose inline elements are being parsed
	inlines    int      // nodes in it
	delimiters int      // runs of * _ ~ in it
	footnotes  int      // definitions of footnotes in the document
	cells      int      // of its tables
}

var meterKey = parser.NewContextKey()

func meterOf(pc parser.Context) *meter { return pc.Get(meterKey).(*meter) }

// charge adds steps.
func (m *meter) charge(steps int) {
	m.work += steps
	if most := cmp.Or(m.max, maxWork); m.work > most {
		panic(exceeded("its structure takes more than %d steps to parse", most))
	}
	if m.work >= m.next {
		m.next = m.work + ctxInterval
		if err := m.ctx.Err(); err != nil {
			panic(stopped{err})
		}
	}
}

// add counts n elements.
func (m *meter) add(n int) {
	m.charge(n)
	if m.nodes += n; m.nodes > maxNodes {
		panic(exceeded("it has more than %d elements", maxNodes))
	}
}

// addCells counts n cells of tables in a text of size bytes. Cells whose tags alone exceed the limit of the HTML are not built.
func (m *meter) addCells(n, size int) {
	m.add(n)
	m.cells += n
	if most := outputLimit(size) / len("<td></td>\n"); m.cells > most {
		panic(exceeded("its tables have more than %d cells", most))
	}
}

// enter begins the inline elements of a block.
func (m *meter) enter(block ast.Node) {
	if m.block != block {
		m.block, m.inlines, m.delimiters = block, 0, 0
	}
}

// bounded calls f and returns the limit that ended it, or the error of the context. A panic of any other origin counts as a
// limit too: a text that a library cannot render must not take the server down.
func bounded(f func()) (limit string, err error) {
	defer func() {
		switch x := recover().(type) {
		case nil:
		case *limitError:
			limit = x.reason
		case stopped:
			err = x.err
		case error:
			limit = "the renderer failed: " + x.Error()
		default:
			limit = fmt.Sprintf("the renderer failed: %v", x)
		}
	}()
	f()
	return "", nil
}

// output is a buffer of limited size.
type output struct {
	data []byte
	max  int
}

var errOutput = errors.New("output limit")

func (o *output) Write(p []byte) (int, error) {
	if len(o.data)+len(p) > o.max {
		return 0, errOutput
	}
	o.data = append(o.data, p...)
	return len(p), nil
}
