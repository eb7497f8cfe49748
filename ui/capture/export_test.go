package capture

import "schalter/data/record"

// PaperPage is which page of which paper lies on the right, and whether words are to be marked on it still.
func (s *Screen) PaperPage() (doc record.ID, page int, waiting bool) {
	page, _ = s.papers.view.Page()
	return s.papers.shows, page, s.papers.wanted.doc != ""
}
