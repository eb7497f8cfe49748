package capture

import "time"

// A pause of this length ends a run of typing: the next key begins a new step to undo.
const undoPause = 2 * time.Second

// maxSteps bounds what is remembered per field.
const maxSteps = 200

// history remembers what each field said before, so that Ctrl+Z takes back the last step in the field the
// cursor is in and never touches another one.
type history struct {
	fields map[string]*fieldHistory
}

type fieldHistory struct {
	undo, redo []string
	last       time.Time
	open       bool // typing now would still belong to the last step
}

// Changed notes that a field said before and says something else now. Runs of typing become one step.
func (h *history) Changed(path, before string, now time.Time) {
	f := h.field(path)
	if f.open && len(f.undo) > 0 && now.Sub(f.last) < undoPause {
		f.last = now
		f.redo = nil
		return
	}
	f.undo = append(f.undo, before)
	if len(f.undo) > maxSteps {
		f.undo = f.undo[1:]
	}
	f.redo = nil
	f.last, f.open = now, true
}

// Close ends the run of typing in a field, as leaving it does.
func (h *history) Close(path string) {
	if f := h.fields[path]; f != nil {
		f.open = false
	}
}

// Undo gives what the field said before the last step, now being what it says.
func (h *history) Undo(path, now string) (string, bool) {
	f := h.fields[path]
	if f == nil || len(f.undo) == 0 {
		return "", false
	}
	s := f.undo[len(f.undo)-1]
	f.undo = f.undo[:len(f.undo)-1]
	f.redo = append(f.redo, now)
	f.open = false
	return s, true
}

// Redo takes the last undo back.
func (h *history) Redo(path, now string) (string, bool) {
	f := h.fields[path]
	if f == nil || len(f.redo) == 0 {
		return "", false
	}
	s := f.redo[len(f.redo)-1]
	f.redo = f.redo[:len(f.redo)-1]
	f.undo = append(f.undo, now)
	f.open = false
	return s, true
}

func (h *history) field(path string) *fieldHistory {
	if h.fields == nil {
		h.fields = map[string]*fieldHistory{}
	}
	f := h.fields[path]
	if f == nil {
		f = &fieldHistory{}
		h.fields[path] = f
	}
	return f
}
