package document

// OnAnalysis has a function called for each text that is analysed for the index.
func (s *Service) OnAnalysis(f func()) { s.index = s.index.Watched(f) }
