package page

import "schalter/data/record"

// Reading is what text recognition made of one page: its words, or the reason why there are none. It is kept,
// so that no page is read twice.
type Reading struct {
	Of       record.Hash // of the page's picture
	Language string      // that was looked for, such as "deu" or "deu+eng"
	Engine   string      // name and version of what recognized
	Text     Text        // in pixels of the picture as it is stored
	Fault    record.Code // why it could not be read; empty: it was
	Tries    int         // that failed
}

// Whole reports whether there is nothing more to be done for the page.
func (r Reading) Whole() bool { return r.Engine != "" && (r.Fault == "" || r.Tries >= MaxTries) }

// MaxTries is how often a page is tried before it is left without text.
const MaxTries = 3
