package script

// Script is a script that was read.
type Script struct {
	Root    Value    // an object whose items are the statements
	Imports []string // the files that it loads, as it names them
	Broken  bool     // not all of it was understood

	members map[string]bool // names of properties that statements use, as in a.b
}

// Uses reports whether code sets or reads a property of the name other than by writing out an object.
func (s Script) Uses(name string) bool { return s.members[name] }

// maxDepth is how deeply brackets may nest.
const maxDepth = 200

// Parse reads a script.
func Parse(source string) Script {
	all, ok := tokens(source)
	p := parser{tokens: all, broken: !ok, members: map[string]bool{}, constants: map[string]Value{}, changed: map[string]bool{}}
	root := Value{Kind: Object}
	for p.at < len(p.tokens) {
		p.entry(&root)
		if p.peek().closes() {
			p.at, p.broken = p.at+1, true
		}
	}
	r := resolver{p.constants, p.changed, maxResolved}
	return Script{Root: r.resolve(root, 0), Imports: p.imports, Broken: p.broken, members: p.members}
}

type parser struct {
	tokens    []token
	at        int
	depth     int
	broken    bool
	members   map[string]bool
	imports   []string
	constants map[string]Value
	changed   map[string]bool // constants that code may change
}

func (p *parser) peek() token { return p.after(0) }

// after returns a later token, or an earlier one.
func (p *parser) after(n int) token {
	if p.at+n < 0 || p.at+n >= len(p.tokens) {
		return token{kind: mark}
	}
	return p.tokens[p.at+n]
}

// entry reads a property of an object or a statement of a block, and what ends it.
func (p *parser) entry(of *Value) {
	if p.peek().kind == name && p.peek().text == "export" {
		p.at++
	}
	t, next := p.peek(), p.after(1)
	switch {
	case t.is("..."):
		p.at++
		of.Fields = append(of.Fields, Field{spread, p.expression()})
	case t.kind != mark && t.kind != code && next.is(":"):
		p.at += 2
		of.Fields = append(of.Fields, Field{t.text, p.expression()})
	case t.kind == name && (next.is(",") || next.is("}")):
		p.at++
		of.Fields = append(of.Fields, Field{t.text, Value{Text: t.text}})
	case t.is("["):
		of.Fields = append(of.Fields, p.computed(of)...)
	case t.kind == name && (t.text == "const" || t.text == "let" || t.text == "var"):
		p.at++
		of.Items = append(of.Items, p.constant(t.text == "const"))
	default:
		if t.kind == name && next.is("(") || next.kind == name && p.after(2).is("(") && (t.text == "get" || t.text == "async") {
			p.members[t.text], p.members[next.text] = true, true
		}
		of.Items = append(of.Items, p.expression())
	}
	p.separator()
}

// computed reads a property whose name is between brackets, or a statement that begins with a list.
func (p *parser) computed(of *Value) []Field {
	key := p.list()
	if !p.peek().is(":") {
		of.Items = append(of.Items, key, p.expression())
		return nil
	}
	p.at++
	name := ""
	if len(key.Items) == 1 && key.Items[0].Kind == Text {
		name = key.Items[0].Text
	}
	return []Field{{name, p.expression()}}
}

// constant reads the declaration of a variable, and remembers a value that is never replaced.
func (p *parser) constant(fixed bool) Value {
	declared := p.peek()
	if skipped := p.untilValue(); skipped > 0 {
		p.at += skipped
		value := p.expression()
		_, twice := p.constants[declared.text]
		p.changed[declared.text] = p.changed[declared.text] || twice || !fixed
		if declared.kind == name {
			p.constants[declared.text] = value
		}
		return value
	}
	return p.expression()
}

// maxDeclared is how many tokens the name and the type of a variable may have.
const maxDeclared = 200

// untilValue returns how many tokens are before the value of a declaration: its name and type. It returns 0 if it has no value.
func (p *parser) untilValue() int {
	depth := 0
	for i := range min(maxDeclared, len(p.tokens)-p.at) {
		switch t := p.after(i); {
		case t.is("{", "[", "("):
			depth++
		case depth == 0 && t.is("="):
			return i + 1
		case depth == 0 && (t.closes() || t.is(";") || i > 0 && t.newline && t.kind == name):
			return 0
		case t.closes():
			depth--
		}
	}
	return 0
}

// object reads an object or a block.
func (p *parser) object() Value {
	v := Value{Kind: Object}
	p.nest("}", func() { p.entry(&v) })
	return v
}

// list reads a list.
func (p *parser) list() Value {
	v := Value{Kind: List}
	p.nest("]", func() {
		switch t := p.peek(); {
		case t.is("..."):
			p.at++
			v.Items = append(v.Items, Value{Text: spread, Items: []Value{p.expression()}})
		case !t.is(","):
			v.Items = append(v.Items, p.expression())
		}
		p.separator()
	})
	return v
}

// group reads what is between parentheses.
func (p *parser) group() Value {
	v := Value{}
	p.nest(")", func() {
		v.Items = append(v.Items, p.expression())
		p.separator()
	})
	return v
}

// separator skips what ends an item.
func (p *parser) separator() {
	if p.peek().is(",", ";") {
		p.at++
	}
}

func (t token) closes() bool { return t.is("}", "]", ")") }

// nest reads what is between two brackets, one item after the other.
func (p *parser) nest(closing string, read func()) {
	p.at++
	if p.depth++; p.depth > maxDepth {
		p.at, p.broken = len(p.tokens), true
	}
	for p.at < len(p.tokens) && !p.peek().closes() {
		read()
	}
	p.depth--
	p.broken = p.broken || !p.peek().is(closing)
	p.at++
}
