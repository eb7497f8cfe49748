package capture

import (
	"slices"
	"strconv"

	"schalter/data/form"
	"schalter/data/record"
)

// namesPapers reports whether the form has fields that name papers of the draft.
func (t *Tab) namesPapers() bool {
	return slices.ContainsFunc(t.form.Fields(), func(f *form.Field) bool { return f.Type == form.TypeFile })
}

// AddRow adds a row to a repeated group or field.
func (t *Tab) AddRow(path string) {
	if t.phase != Filling {
		return
	}
	title := t.draft.Title
	effect := t.session.AddRow(path)
	if !effect.Rows {
		t.m.w.Say(Message{Key: "capture.row.limit"})
		return
	}
	t.readTexts()
	t.touch(true)
	t.tell(effect, title)
}

// MoveRow puts a row in the place of another one.
func (t *Tab) MoveRow(path string, from, to int) {
	if t.phase != Filling {
		return
	}
	title := t.draft.Title
	effect := t.session.MoveRow(path, from, to)
	if !effect.Rows {
		return
	}
	t.hist = history{}
	t.readTexts()
	t.touch(true)
	t.tell(effect, title)
}

// RemoveRow takes a row out with everything typed in it; the message about it brings it back.
func (t *Tab) RemoveRow(path string, row int) {
	if t.phase != Filling {
		return
	}
	before := t.session.Draft()
	title := t.draft.Title
	effect := t.session.RemoveRow(path, row)
	if !effect.Rows {
		return
	}
	t.hist = history{}
	t.readTexts()
	t.touch(true)
	t.tell(effect, title)
	t.m.w.Say(Message{
		Key: "capture.row.removed", Args: []any{"row", strconv.Itoa(row)}, While: t.unchanged(), Undo: func() { t.restore(before) },
	})
}

// restore brings back everything typed at an earlier moment.
func (t *Tab) restore(v record.Values) {
	if t.closed || t.phase != Filling {
		return
	}
	reasons := t.session.Reasons()
	t.session = t.form.Begin(v, t.m.w.Run.Clock())
	t.session.SetReasons(reasons)
	t.readTexts()
	t.touch(true)
	t.m.w.Changed(t, PartFields|PartChecks|PartPapers|PartTabs, nil)
}
