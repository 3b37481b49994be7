package graph

import (
	linked "container/list" // list is a function of this package
	"context"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
)

// parsedTexts are the parsed and validated texts of operations, the least recently used of which are forgotten. Their size is bounded, not
// only their number: a parsed text takes up to a hundred times its bytes. It is safe for concurrent use.
type parsedTexts struct {
	most int // bytes of all texts

	mu    sync.Mutex
	bytes int
	used  linked.List // of parsedText, the latest first
	by    map[string]*linked.Element
}

type parsedText struct {
	text   string
	parsed *ast.QueryDocument
}

func newParsedTexts(bytes int) *parsedTexts {
	return &parsedTexts{most: bytes, by: map[string]*linked.Element{}}
}

// Get returns a text that was added, and whether it is known.
func (p *parsedTexts) Get(_ context.Context, text string) (*ast.QueryDocument, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.by[text]
	if !ok {
		return nil, false
	}
	p.used.MoveToFront(at)
	return at.Value.(parsedText).parsed, true //nolint:forcetypeassert // nothing else is in the list
}

// Add keeps a text.
func (p *parsedTexts) Add(_ context.Context, text string, parsed *ast.QueryDocument) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.by[text]; known {
		return
	}
	p.by[text] = p.used.PushFront(parsedText{text, parsed})
	for p.bytes += len(text); p.bytes > p.most; {
		last := p.used.Back()
		old := p.used.Remove(last).(parsedText) //nolint:forcetypeassert // nothing else is in the list
		delete(p.by, old.text)
		p.bytes -= len(old.text)
	}
}
