package graph

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// TestParsedTexts keeps the latest texts within the bound of their bytes, however many and however large they are.
func TestParsedTexts(t *testing.T) {
	p, ctx := newParsedTexts(1000), t.Context()
	text := func(c byte, n int) string { return strings.Repeat(string(c), n) }
	docs := map[byte]*ast.QueryDocument{}
	for c := byte('a'); c <= 'j'; c++ {
		docs[c] = &ast.QueryDocument{}
		p.Add(ctx, text(c, 100), docs[c])
	}
	if got, ok := p.Get(ctx, text('a', 100)); !ok || got != docs['a'] {
		t.Fatal("a text within the bound is not known")
	}
	p.Add(ctx, text('k', 150), &ast.QueryDocument{})
	for c, want := range map[byte]bool{'a': true, 'b': false, 'c': false, 'd': true} {
		if _, ok := p.Get(ctx, text(c, 100)); ok != want {
			t.Errorf("%c is known: %t", c, ok)
		}
	}
	p.Add(ctx, text('l', 2000), &ast.QueryDocument{})
	if _, ok := p.Get(ctx, text('l', 2000)); ok || p.bytes != 0 || p.used.Len() != 0 || len(p.by) != 0 {
		t.Errorf("after a text beyond the bound: %d bytes, %d texts", p.bytes, p.used.Len())
	}
	p.Add(ctx, text('m', 1000), &ast.QueryDocument{})
	p.Add(ctx, text('m', 1000), &ast.QueryDocument{})
	if _, ok := p.Get(ctx, text('m', 1000)); !ok || p.bytes != 1000 {
		t.Errorf("a text of the whole size: %d bytes", p.bytes)
	}
}
