package extract

// Loaded returns a channel that is closed once the sandbox is loaded, or has failed to load.
func (x *Extractor) Loaded() <-chan struct{} { return x.ready }
