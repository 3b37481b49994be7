package extract

import (
	"encoding/xml"
	"strings"
)

// wordReader writes the text of a part. It goes by the local names alone, for drawings and formulas have text
// and paragraphs in namespaces of their own, and strict documents have other namespaces altogether.
type wordReader struct {
	out    *collector
	around []string // the names of the elements around here
	inText int      // elements of text around here
	hidden int      // elements that are left out around here
	run    int      // how many elements are around the run of hidden text here; 0: there is none
}

func (w *wordReader) start(e xml.StartElement) {
	name := e.Name.Local
	w.around = append(w.around, name)
	if n := len(w.around); w.run == 0 && n > 3 && name == "vanish" && w.around[n-2] == "rPr" && w.around[n-3] == "r" && isOn(e) {
		w.run = n - 3
	}
	if w.hidden > 0 || leftOut(name) {
		w.hidden++
		return
	}
	switch name {
	case "t":
		w.inText++
	case "tab", "ptab":
		w.write("\t")
	case "br", "cr":
		w.write("\n")
	case "noBreakHyphen":
		w.write("-")
	case "p":
		// A text box is inside a paragraph: its first word must not be joined to the words around it.
		w.out.separate(w.between())
	}
}

func (w *wordReader) end(name string) {
	if w.around = w.around[:len(w.around)-1]; len(w.around) <= w.run {
		w.run = 0
	}
	if w.hidden > 0 {
		w.hidden--
		return
	}
	switch name {
	case "t":
		w.inText--
	case "p", "tr":
		w.out.separate('\n')
	case "tc":
		w.out.separate('\t')
	}
}

// between is the separator that is due already, or a new line.
func (w *wordReader) between() byte {
	if w.out.separator != 0 {
		return w.out.separator
	}
	return '\n'
}

func (w *wordReader) text(text string) {
	if w.inText > 0 && w.hidden == 0 {
		w.write(text)
	}
}

func (w *wordReader) write(text string) {
	if w.run == 0 {
		w.out.write(text)
	}
}

func (w *wordReader) done() bool { return w.out.full }

// isOn reports the value of a property, which is true without one.
func isOn(e xml.StartElement) bool {
	for _, a := range e.Attr {
		if a.Name.Local == "val" {
			return a.Value != "0" && a.Value != "false" && a.Value != "off"
		}
	}
	return true
}

// leftOut are the elements without text for a reader: properties, where "tab" is the place of a tab; the second form of
// what older programs cannot show; what was moved away; and the reading above a character, which would cut its word.
func leftOut(name string) bool {
	switch name {
	case "Fallback", "moveFrom", "rt":
		return true
	}
	return strings.HasSuffix(name, "Pr")
}

// titleReader writes the title of the core properties.
type titleReader struct {
	out    *collector
	inside bool
	over   bool
}

func (t *titleReader) start(e xml.StartElement) { t.inside = e.Name.Local == "title" }

func (t *titleReader) end(name string) {
	t.inside = false
	t.over = t.over || name == "title"
}

func (t *titleReader) text(text string) {
	if t.inside {
		t.out.write(text)
	}
}

func (t *titleReader) done() bool { return t.over || t.out.full }
