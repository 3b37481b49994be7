//go:build !linux

package doctor

// disk is not known.
func disk(string) (free int64, network string, ok bool) { return 0, "", false }

// mayWrite is not known.
func mayWrite(string) error { return nil }
