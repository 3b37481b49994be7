package near

// ghost remembers the hashes of keys whose entries were evicted soon after they were inserted. It is a table of sets of
// ghostWays hashes, in which a new hash replaces the oldest one. Its memory is allocated when the first hash is added.
type ghost struct {
	size int64 // about how many hashes it remembers, each in 8 bytes
	sets [][ghostWays]uint64
	next []uint8 // by set: the position of the oldest hash
}

const ghostWays = 8

func (g *ghost) allocate() {
	sets := 1
	for int64(sets)*2*ghostWays <= g.size {
		sets *= 2
	}
	g.sets, g.next = make([][ghostWays]uint64, sets), make([]uint8, sets)
}

// set returns the set of a hash. It uses other bits of the hash than an index.
func (g *ghost) set(hash uint64) uint64 { return hash >> 32 & uint64(len(g.sets)-1) } //nolint:gosec // not negative

func (g *ghost) add(hash uint64) {
	if g.sets == nil {
		g.allocate()
	}
	i := g.set(hash)
	g.sets[i][g.next[i]] = hash
	g.next[i] = (g.next[i] + 1) % ghostWays
}

// take removes a hash and reports whether it was there.
func (g *ghost) take(hash uint64) bool {
	if g.sets == nil {
		return false
	}
	set := &g.sets[g.set(hash)]
	for i, h := range set {
		if h == hash {
			set[i] = 0
			return true
		}
	}
	return false
}
