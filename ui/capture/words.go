package capture

import "schalter/data/record"

// Recognized gives a document of an open draft the words that were found on what is shown of it. What the
// clerk has changed meanwhile stays as it is: its words come later. False: the draft is not open.
func (m *Model) Recognized(draft record.ID, of record.Hash, heard record.Document) bool {
	for _, t := range m.tabs {
		if t.draft.ID != draft {
			continue
		}
		d, ok := t.Paper(heard.ID)
		if ok && t.phase == Filling && !t.filling(heard.ID) && d.Shown.Hash == of && (d.Unheard() || d.Language != heard.Language) {
			t.change(heard.ID, func(d *record.Document) {
				d.Shown, d.Text, d.Language, d.Unread = heard.Shown, heard.Text, heard.Language, heard.Unread
			})
		}
		return true
	}
	return false
}
