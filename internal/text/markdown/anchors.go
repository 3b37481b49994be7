package markdown

import "context"

// Anchors are the headings and other elements of a text that links can name.
type Anchors struct{ ids identifiers }

// FindAnchors returns the anchors of a text; none if the text exceeds a limit.
func FindAnchors(ctx context.Context, source string) (Anchors, error) {
	o, limit, err := parse(&meter{ctx: ctx}, source, style{}, Files{})
	if err != nil || limit != "" {
		return Anchors{newIdentifiers(idPrefix, "")}, err
	}
	return Anchors{o.ids}, nil
}

// Fragment returns what leads from another document to the anchor that a link means by a fragment, without #. Links within a text
// are looked up in the same way. It returns false if there is no such anchor.
func (a Anchors) Fragment(fragment string) (string, bool) {
	id, ok := a.ids.find(fragment)
	return escapeURL(a.ids.prefix + id), ok
}
