package script

// expression reads an expression up to the comma, semicolon or bracket after it, or to the line that begins the next statement.
func (p *parser) expression() Value {
	var parts []Value
	for p.at < len(p.tokens) {
		t := p.peek()
		if t.is(",", ";") || t.closes() || len(parts) > 0 && t.newline && p.after(-1).endsOperand() && t.beginsStatement() {
			break
		}
		parts = append(parts, p.part(t, len(parts) > 0))
	}
	return joined(parts)
}

func (t token) endsOperand() bool { return t.kind != mark || t.closes() }

// beginsStatement reports whether a token begins a statement if an operand is before it.
func (t token) beginsStatement() bool {
	switch t.text {
	case "as", "satisfies", "in", "of", "instanceof":
		return t.kind != name
	}
	return t.kind != mark || t.is("{", "...", "++", "--")
}

// part reads a token of an expression, or what is between brackets.
func (p *parser) part(t token, follows bool) Value {
	switch {
	case t.is("{"):
		return p.object()
	case t.is("["):
		return p.brackets(follows && p.after(-1).endsOperand())
	case t.is("("):
		return p.group()
	}
	p.at++
	switch t.kind {
	case text:
		p.noteImport(t.text)
		return Value{Kind: Text, Text: t.text, Quoted: true}
	case number:
		return Value{Kind: Text, Text: t.text}
	case name:
		return p.named(t.text)
	case mark:
		return Value{Text: t.text}
	}
	return Value{}
}

// brackets reads a list, or the member of an object that is between brackets.
func (p *parser) brackets(isMember bool) Value {
	v := p.list()
	if isMember {
		for _, item := range v.Items {
			if item.Kind == Text {
				p.members[item.Text] = true
			}
		}
		v.Kind = Computed
	}
	return v
}

// noteImport notes a file that the token before the next one names.
func (p *parser) noteImport(file string) {
	before := p.after(-2)
	if before.is("(") {
		before = p.after(-3)
	}
	if before.kind == name && (before.text == "from" || before.text == "import" || before.text == "require") {
		p.imports = append(p.imports, file)
	}
}

// named returns the value of the name before the next token.
func (p *parser) named(text string) Value {
	switch text {
	case "true", "false", "null", "undefined":
		return Value{Kind: Text, Text: text}
	}
	if p.after(-2).is(".", "?.") {
		p.members[text] = p.members[text] || !p.peek().is("(") // a method is no setting
	} else if p.peek().is(".", "?.", "[", "=", "++", "--") {
		p.changed[text] = true
	}
	return Value{Text: text}
}

// joined returns the value of an expression with some parts. That of more than one part is computed, unless all but the first are a type.
func joined(parts []Value) Value {
	switch {
	case len(parts) == 0:
		return Value{}
	case len(parts) > 1 && parts[0].Kind != Computed && parts[1].Kind == Computed && (parts[1].Text == "as" || parts[1].Text == "satisfies"):
		return parts[0]
	case len(parts) > 1:
		return Value{Items: parts}
	}
	if v := parts[0]; v.Kind == Computed && len(v.Items) == 1 && v.Text == "" { // parentheses around one value
		return v.Items[0]
	}
	return parts[0]
}
