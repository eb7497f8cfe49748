package casefile

import "schalter/data/record"

// Reading is the document that lies on the right, for whoever has its words recognized.
func (s *Screen) Reading() (record.Document, bool) {
	if !s.loaded {
		return record.Document{}, false
	}
	return s.papers.current()
}
