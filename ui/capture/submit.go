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
	if t.Busy() {
		t.m.w.Say(Message{Key: "capture.submit.busy"})
		return Finding{}, false
	}
	if t.in != "" {
		t.Leave(t.in)
	}
	if open := t.open(); len(open) > 0 {
		t.checked, t.walk = true, 0
		t.m.w.Changed(t, PartFields|PartChecks, nil)
		return open[0], true
	}
	t.phase, t.trouble = Submitting, nil
	t.m.w.Changed(t, PartPhase, nil)
	edits := t.edits()
	t.answered = make(chan struct{})
	t.m.w.Run.Go(func() {
		ctx := context.Background()
		err := t.saver.Stop(ctx)
		var c record.Case
		if err == nil {
			c, err = t.m.w.Store.Submit(ctx, t.draft.ID, edits)
		}
		// Only for what is said about it: an identity that cannot be read is no reason to doubt the centre.
		id, unknown := t.m.w.Store.Identity(ctx)
		t.m.w.Run.Do(func() {
			t.alone = unknown == nil && id.Centre == ""
			t.submitted(c, err)
		})
	})
	return Finding{}, false
}

func (t *Tab) submitted(c record.Case, err error) {
	close(t.answered)
	if err != nil {
		t.phase, t.trouble = Filling, err
		t.saver.Resume(t.snapshot())
		t.m.w.Changed(t, PartPhase|PartSave, nil)
		return
	}
	t.phase, t.done = Done, c
	t.m.last.Keep(t.form.ID, t.texts)
	t.m.w.Changed(t, PartPhase|PartTabs|PartSave|PartChecks, nil)
	if t.m.w.Submitted != nil {
		t.m.w.Submitted(c)
	}
}

// edits is what the draft becomes: the case is opened as it came, its groups are set, its documents filed,
// and noted is what was taken over from other cases, what the clerk remarked, and the reasons for going on
// in spite of warnings. The case has the draft's id, so that submitting twice
// cannot make two.
func (t *Tab) edits() []record.Edit {
	user := t.m.w.User()
	edit := func(k record.Kind, payload any) record.Edit {
		return record.Edit{Case: t.draft.ID, Kind: k, User: user, Payload: payload}
	}
	channel, meeting, note := t.visit.meeting()
	out := []record.Edit{edit(record.KindOpen, record.Opened{
		Service: t.draft.Service, Form: t.draft.Form, Title: t.form.Title, Roles: t.form.Roles,
		Office: t.m.w.Office(), Channel: channel, Meeting: meeting,
	})}
	if groups := t.groups(); len(groups) > 0 {
		out = append(out, edit(record.KindFields, record.Fields{Groups: groups}))
	}
	for _, d := range t.draft.Documents {
		out = append(out, edit(record.KindDocument, record.DocumentAdded{Document: d}))
	}
	for _, x := range t.draft.Taken {
		out = append(out, edit(record.KindEvent, taken(x)))
	}
	if note != "" {
		out = append(out, edit(record.KindNote, record.Note{Text: note}))
	}
	for _, f := range t.Findings() {
		if f.Reason != "" && !f.Open() {
			text := f.Text
			if f.Kind == FindingProof {
				text = f.Label
			}
			out = append(out, edit(record.KindNote, record.Note{Text: t.m.w.Reason(text, f.Reason)}))
		}
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
func (t *Tab) groups() []record.GroupEdit {
	by := map[string]record.Values{}
	for path, s := range t.session.Values() {
		g := record.GroupOf(path)
		if by[g] == nil {
			by[g] = record.Values{}
		}
		by[g][path] = s
	}
	var out []record.GroupEdit
	for _, p := range t.session.Places() {
		g := record.GroupOf(p.Path)
		if v := by[g]; v != nil {
			out = append(out, record.GroupEdit{Group: g, Values: v})
			delete(by, g)
		}
	}
	return out
}
