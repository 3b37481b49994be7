package tracing

import "strings"

// before is the word before the table that a statement is about, by its verb.
var before = map[string]string{"SELECT": "FROM", "INSERT": "INTO", "UPDATE": "UPDATE", "DELETE": "FROM"}

// glance is the verb of a statement, and the first table that it is about; each is empty where it cannot be told at a
// glance. What is in parentheses does not count, so that a statement is named after what it does in the end.
func glance(text string) (verb, table string) {
	for depth, next := 0, false; text != ""; {
		var word string
		word, text = token(text)
		if next {
			return verb, name(word)
		}
		switch word {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth > 0 {
			continue
		}
		word = strings.ToUpper(word)
		if verb == "" && before[word] != "" {
			verb = word
		}
		next = verb != "" && word == before[verb]
	}
	return verb, ""
}

// token cuts the first word, quoted text or other sign off a statement. It is empty at its end.
func token(text string) (first, rest string) {
	text = strings.TrimLeft(text, " \t\r\n")
	if text == "" {
		return "", ""
	}
	end := strings.IndexFunc(text, func(r rune) bool { return !isWord(r) })
	switch quote := strings.IndexByte("'\"`", text[0]); {
	case quote >= 0:
		end = strings.IndexByte(text[1:], text[0]) + 2
		if end == 1 { // it is never closed
			end = len(text)
		}
	case end == 0:
		end = 1
	case end < 0:
		end = len(text)
	}
	return text[:end], text[end:]
}

// name is a table's, without its quotes; empty where the token is none.
func name(token string) string {
	bare := strings.Trim(token, "\"`")
	if strings.ContainsFunc(bare, func(r rune) bool { return !isWord(r) }) {
		return ""
	}
	return bare
}

func isWord(r rune) bool {
	return r == '_' || r == '.' || r == '$' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}
