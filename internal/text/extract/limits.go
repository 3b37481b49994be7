package extract

import "time"

// Limits bound what one file may cost.
type Limits struct {
	Text      int           // bytes of text that are kept; the rest is left out
	Unpacked  int64         // bytes that a DOCX may unpack to, before it is refused as a bomb
	Entries   int           // files inside of a DOCX, before it is refused as a bomb
	Depth     int           // elements of a DOCX inside of each other, before it is refused as a bomb
	Pages     int           // pages of a PDF that are read; the rest is left out
	Memory    int64         // bytes of memory that a PDF may take, in steps of 64 KiB, before it is refused as a bomb
	Sandboxes int           // PDFs that are read at the same time; others wait
	Time      time.Duration // for one file, without the wait for its turn, before it is refused as too slow
}

// Default is enough for a long book: two PDFs at a time may take half a gigabyte.
var Default = Limits{
	Text:      480 << 10,
	Unpacked:  64 << 20,
	Entries:   10_000,
	Depth:     256,
	Pages:     5_000,
	Memory:    256 << 20,
	Sandboxes: 2,
	Time:      10 * time.Second,
}

func (l Limits) orDefault() Limits {
	return Limits{
		Text:      or(l.Text, Default.Text),
		Unpacked:  or(l.Unpacked, Default.Unpacked),
		Entries:   or(l.Entries, Default.Entries),
		Depth:     or(l.Depth, Default.Depth),
		Pages:     or(l.Pages, Default.Pages),
		Memory:    or(l.Memory, Default.Memory),
		Sandboxes: or(l.Sandboxes, Default.Sandboxes),
		Time:      or(l.Time, Default.Time),
	}
}

func or[T int | int64 | time.Duration](n, otherwise T) T {
	if n <= 0 {
		return otherwise
	}
	return n
}
