package capture

import (
	"context"
	"strings"

	"schalter/data/record"
)

// Submit makes a case of the draft. While something is open it shows what, and returns where to go; the
// answer of the store comes through Changed: phase Done with the case, or Filling again with Trouble.
func (t *Tab) Submit() (Finding, bool) {
	if t.phase != Filling {
		return Finding{}, false
	}
	t.bindNow()
	if t.Busy() {
		t.m.w.Say(Message{Key: "capture.submit.busy"})
		return Finding{}, false
	}
	if t.in != "" {
		t.Leave(t.in)
	}
	open, err := t.check()
	if len(open) > 0 {
		t.checked, t.walk = true, 0
		t.m.w.Changed(t, PartFields|PartChecks, nil)
		return open[0], true
	}
	var all []matter
	if err == nil {
		all, err = t.matters()
	}
	if err != nil {
		t.trouble = err
		t.m.w.Changed(t, PartPhase|PartSave, nil)
		return Finding{}, false
	}
	t.phase, t.trouble = Submitting, nil
	t.m.w.Changed(t, PartPhase, nil)
	t.send(all)
	return Finding{}, false
}

// send gives the cases to the store, away from the window, once the draft itself is stored, and unless somebody
// else has booked what the draft wants meanwhile.
func (t *Tab) send(all []matter) {
	edits, lacking := t.edits(all), t.lacking(all)
	wishes, reasons := t.wishes(), t.session.Reasons()
	t.answered = make(chan struct{})
	t.m.w.Run.Go(func() {
		ctx := context.Background()
		err := t.saver.Stop(ctx)
		if err == nil && t.m.diary.taken(ctx, wishes, reasons) {
			t.m.w.Run.Do(t.held)
			return
		}
		var made []record.Case
		if err == nil {
			made, err = t.m.w.Store.SubmitAll(ctx, t.draft.ID, edits)
		}
		// Only for what is said about it: an identity that cannot be read is no reason to doubt the centre.
		id, unknown := t.m.w.Store.Identity(ctx)
		t.m.w.Run.Do(func() {
			t.alone = unknown == nil && id.Centre == ""
			t.missing = lacking
			t.submitted(made, err)
		})
	})
}

// held goes back to the form, because of a booking that came in the last moment.
func (t *Tab) held() {
	close(t.answered)
	t.phase, t.checked = Filling, true
	t.saver.Resume(t.snapshot())
	t.m.diary.again()
	t.m.w.Changed(t, PartPhase|PartSave|PartChecks, nil)
	t.m.w.Say(Message{Key: "calendar.late"})
}

func (t *Tab) submitted(made []record.Case, err error) {
	close(t.answered)
	if err != nil {
		t.phase, t.trouble = Filling, err
		t.saver.Resume(t.snapshot())
		t.m.w.Changed(t, PartPhase|PartSave, nil)
		return
	}
	t.phase, t.done = Done, made
	t.m.last.Keep(t.form, t.texts)
	t.m.w.Changed(t, PartPhase|PartTabs|PartSave|PartChecks, nil)
	if t.m.w.Submitted != nil {
		for _, c := range made {
			t.m.w.Submitted(c)
		}
	}
}

// edits is what the draft becomes, case by case.
func (t *Tab) edits(all []matter) []record.Edit {
	remarks := t.remarks(all)
	var out []record.Edit
	for i, m := range all {
		out = append(out, t.editsOf(m, remarks[i])...)
	}
	return out
}

// editsOf is what becomes one case: it is opened as it came, its groups are set, its documents filed, and noted
// is what was taken over from other cases and what the clerk remarked.
func (t *Tab) editsOf(m matter, remarks []string) []record.Edit {
	user := t.m.w.User()
	edit := func(k record.Kind, payload any) record.Edit {
		return record.Edit{Case: m.id, Kind: k, User: user, Payload: payload}
	}
	channel, meeting, note := t.visit.meeting()
	if m.part != nil {
		meeting.Bundle = t.draft.ID
	}
	out := []record.Edit{edit(record.KindOpen, record.Opened{
		Service: m.form.ID, Form: m.form.Ref(), Title: m.form.Title, Roles: m.form.Roles,
		Office: t.m.w.Office(), Channel: channel, Meeting: meeting,
	})}
	if groups := m.groups(); len(groups) > 0 {
		out = append(out, edit(record.KindFields, record.Fields{Groups: groups}))
	}
	for _, d := range m.documents {
		out = append(out, edit(record.KindDocument, record.DocumentAdded{Document: d}))
	}
	for _, x := range t.taken() {
		var paths []string
		for _, p := range x.Paths {
			paths = append(paths, m.own(p)...)
		}
		if len(paths) > 0 {
			x.Paths = paths
			out = append(out, edit(record.KindEvent, taken(x)))
		}
	}
	if note != "" {
		out = append(out, edit(record.KindNote, record.Note{Text: note}))
	}
	for _, r := range remarks {
		out = append(out, edit(record.KindNote, record.Note{Text: r}))
	}
	return out
}

// remarks are, case by case, the reasons for going on in spite of warnings and without proofs.
func (t *Tab) remarks(all []matter) [][]string {
	out := make([][]string, len(all))
	for _, f := range t.Findings() {
		if f.Reason == "" || f.Open() {
			continue
		}
		text := f.Text
		if f.Kind == FindingProof {
			text = f.Label
		}
		for _, i := range concerned(all, f) {
			out[i] = append(out[i], t.m.w.Reason(text, f.Reason))
		}
	}
	return out
}

// lacking are, case by case, the proofs that are asked for and were not brought.
func (t *Tab) lacking(all []matter) [][]string {
	out := make([][]string, len(all))
	for i, m := range all {
		out[i] = m.lacks(t.m.w.Lang())
	}
	return out
}

// taken tells in the journal where answers came from and what they were taken over for.
func taken(x record.Taken) record.Event {
	return record.Event{What: "taken", Args: map[string]string{
		"case": string(x.Case), "number": x.Number, "purpose": x.Purpose, "paths": strings.Join(x.Paths, "\n"),
	}}
}

// groups are the answers that count, by the unit that merges, in the form's order.
func (m matter) groups() []record.GroupEdit {
	by := map[string]record.Values{}
	for path, s := range m.values {
		g := record.GroupOf(path)
		if by[g] == nil {
			by[g] = record.Values{}
		}
		by[g][path] = s
	}
	var out []record.GroupEdit
	for _, p := range m.session.Places() {
		g := record.GroupOf(p.Path)
		if v := by[g]; v != nil {
			out = append(out, record.GroupEdit{Group: g, Values: v})
			delete(by, g)
		}
	}
	return out
}
