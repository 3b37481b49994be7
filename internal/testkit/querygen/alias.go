package querygen

// responseName returns the name of the field or an alias, so that the field can be merged with the others of the scope.
func (b *builder) responseName(at place, u use) string {
	if b.chance(80) && at.scope.fits(u.field.Name, u) {
		return u.field.Name
	}
	if aliases := b.usedNames(at, u); len(aliases) > 0 && b.chance(50) {
		return pick(b.r, aliases)
	}
	if alias := pick(b.r, b.commonNames(at)); b.chance(50) && at.scope.fits(alias, u) {
		return alias
	}
	for {
		if alias := b.newName("f"); at.scope.fits(alias, u) {
			return alias
		}
	}
}

// usedNames returns the names in the scope that the field may share: those of the same field, and those of fields that other
// object types have.
func (b *builder) usedNames(at place, u use) []string {
	var names []string
	for _, e := range at.scope.entries {
		if e.fits(u) {
			names = append(names, e.name)
		}
	}
	return names
}

// commonNames returns aliases that are likely to meet other fields.
func (b *builder) commonNames(at place) []string {
	names := []string{"a", "b", "id", "node", "data"}
	for _, field := range b.g.types[at.parent.Name].leaves {
		names = append(names, field.Name)
	}
	return names
}
