package capture

import (
	"context"
	"maps"
	"slices"
	"time"

	"schalter/data/form"
	"schalter/data/party"
	"schalter/data/record"
)

// Parties is the register of persons on this desk, and what it knows of cases that are alike. It holds what
// this desk may see anyway.
type Parties interface {
	Parties(ctx context.Context, typed string, limit int) ([]record.PartyHit, error)
	Alike(ctx context.Context, p record.Party, identity string, except record.ID, limit int) ([]record.Likeness, error)
}

// Subject is who and what the draft is about, as far as it was typed correctly.
func (t *Tab) Subject() party.Subject {
	s := party.Subject{Party: t.Party()}
	if path := t.form.Roles[record.RoleIdentity]; path != "" {
		s.Identity = t.session.State(path).Value
	}
	return s
}

// HasParty reports whether the form asks for a person or an organisation.
func (t *Tab) HasParty() bool {
	return t.form.Roles[record.RoleFamily] != "" || t.form.Roles[record.RoleOrg] != ""
}

// Has reports whether the form asks for what has the role.
func (t *Tab) Has(r record.Role) bool { return t.form.Roles[r] != "" }

// Taking is what is taken over from the register, and what for.
type Taking struct {
	Hit     record.PartyHit
	Account bool   // the bank account too
	Purpose string // in the clerk's words; noted in the case's history
}

// taking remembers what a taking has changed.
type taking struct {
	before, after map[string]string // texts of the fields
	taken         []record.Taken
	brought       map[string]string
}

// takenRoles are what a person brings along, in the order in which forms ask for it.
var takenRoles = []record.Role{
	record.RoleOrg, record.RoleFamily, record.RoleGiven, record.RoleBirth, record.RoleStreet, record.RoleHouse, record.RolePostcode,
	record.RoleTown, record.RolePhone, record.RoleEmail, record.RoleIBAN,
}

// Take fills the fields of the party with a person from the register and notes what for. What the register
// does not know stays as it was typed, unless it is still what was taken from somebody else before. It returns how many
// fields are filled now; [Tab.Untake] takes all of it back at once.
func (t *Tab) Take(k Taking) int {
	if t.phase != Filling {
		return 0
	}
	step := taking{before: map[string]string{}, after: map[string]string{}, taken: slices.Clone(t.draft.Taken), brought: t.brought}
	earlier := t.taken()
	var paths []string
	for _, r := range takenRoles {
		path := t.form.Roles[r]
		if path == "" || r == record.RoleIBAN && !k.Account || t.session.State(path).ReadOnly {
			continue
		}
		v := k.Hit.Party.Of(r)
		if v == "" && !names(earlier, path) {
			continue
		}
		step.before[path] = t.texts[path]
		t.put(path, t.say(path, v))
		step.after[path] = t.texts[path]
		if v != "" {
			paths = append(paths, path)
		}
	}
	// What an earlier taking brought and this one has replaced is not from there any more.
	t.draft.Taken = without(earlier, func(p string) bool { _, replaced := step.after[p]; return replaced })
	t.brought = maps.Clone(t.brought)
	if len(paths) > 0 {
		t.draft.Taken = append(t.draft.Taken, record.Taken{Paths: paths, Case: k.Hit.Case, Number: k.Hit.Number, Purpose: k.Purpose})
		t.bring(paths)
	}
	t.takings = append(t.takings, step)
	t.touch(true)
	t.m.w.Changed(t, PartFields|PartChecks|PartTabs|PartPapers, nil)
	return len(paths)
}

// Untake takes the last taking back; a field that was typed over since stays. False where there is none.
func (t *Tab) Untake() bool {
	if len(t.takings) == 0 || t.phase != Filling {
		return false
	}
	step := t.takings[len(t.takings)-1]
	t.takings = t.takings[:len(t.takings)-1]
	for _, r := range takenRoles {
		path := t.form.Roles[r]
		if now, ok := step.after[path]; ok && t.texts[path] == now {
			t.put(path, step.before[path])
		}
	}
	t.draft.Taken, t.brought = step.taken, step.brought
	t.touch(true)
	t.m.w.Changed(t, PartFields|PartChecks|PartTabs|PartPapers, nil)
	return true
}

// put changes a field from outside of it. It is no step of the field's own undo that typing joins.
func (t *Tab) put(path, text string) {
	if text == t.texts[path] {
		return
	}
	t.hist.Close(path)
	t.hist.Changed(path, t.texts[path], t.m.w.Run.Clock())
	t.hist.Close(path)
	t.set(path, text)
	t.left[path] = true
}

// say writes a canonical answer as the house does in the field it is for.
func (t *Tab) say(path, canonical string) string {
	f := t.form.Field(path)
	if f == nil || canonical == "" {
		return canonical
	}
	if s := form.Format(f, canonical, t.m.w.Lang()); s != "" {
		return s
	}
	return canonical
}

// bring remembers that what is in the fields now was taken from the register.
func (t *Tab) bring(paths []string) {
	for _, p := range paths {
		t.brought[p] = t.answer(p)
	}
}

// bringAll does so for a draft that comes out of the store, which names only fields that were not typed over.
func (t *Tab) bringAll() {
	t.brought = map[string]string{}
	for _, k := range t.draft.Taken {
		t.bring(k.Paths)
	}
}

// answer is what a field says, however it is written.
func (t *Tab) answer(path string) string {
	if s := t.session.State(path).Value; s != "" {
		return s
	}
	return t.texts[path]
}

// taken is what was taken over and was not typed over since.
func (t *Tab) taken() []record.Taken {
	return without(t.draft.Taken, func(p string) bool { s := t.answer(p); return s == "" || s != t.brought[p] })
}

func names(taken []record.Taken, path string) bool {
	return slices.ContainsFunc(taken, func(k record.Taken) bool { return slices.Contains(k.Paths, path) })
}

// without leaves out paths, and takings that are empty then.
func without(taken []record.Taken, path func(string) bool) (out []record.Taken) {
	for _, k := range taken {
		k.Paths = slices.DeleteFunc(slices.Clone(k.Paths), path)
		if len(k.Paths) > 0 {
			out = append(out, k)
		}
	}
	return out
}

const (
	// alikeDelay is how long typing has to rest before duplicates are looked for.
	alikeDelay = 300 * time.Millisecond
	// alikeLimit is how many cases are shown at most.
	alikeLimit = 6
)

// lookout watches the drafts and finds out which cases on this desk may be about the same. It never changes
// anything.
type lookout struct {
	m       *Model
	parties Parties
	changed func(t *Tab)
	by      map[*Tab]*watch
}

// watch is what is known about one draft.
type watch struct {
	latest[party.Subject, []record.Likeness]
	found []record.Likeness
	stop  func() // of the timer
	round int    // counts the timers: one that was stopped may fire all the same
	not   map[record.ID]bool
}

func newLookout(m *Model, p Parties, changed func(t *Tab)) *lookout {
	return &lookout{m: m, parties: p, changed: changed, by: map[*Tab]*watch{}}
}

// Look notes that a draft may have changed.
func (l *lookout) Look(t *Tab) {
	if l.parties == nil || t == nil || t.phase != Filling {
		return
	}
	w := l.by[t]
	if w == nil {
		w = l.watch(t)
		l.by[t] = w
	}
	s := t.Subject()
	s.Phone, s.Email = "", "" // nobody is alike because of them
	if s == w.want {
		return
	}
	w.want = s
	if w.stop != nil {
		w.stop()
	}
	w.round++
	round := w.round
	w.stop = l.m.w.Run.After(alikeDelay, func() {
		l.m.w.Run.Do(func() {
			if round == w.round && !t.closed {
				w.stop = nil
				w.Want(w.want)
			}
		})
	})
}

func (l *lookout) watch(t *Tab) *watch {
	w := &watch{not: map[record.ID]bool{}}
	w.rt, w.ctx = l.m.w.Run, l.m.ctx
	w.ask = func(ctx context.Context, s party.Subject) ([]record.Likeness, error) {
		if len(s.Keys()) == 0 {
			return nil, nil
		}
		return l.parties.Alike(ctx, s.Party, s.Identity, t.draft.ID, alikeLimit)
	}
	w.show = func(found []record.Likeness, err error) {
		// A store that cannot be read says so where something is lost by it; a warning is only missing.
		if err != nil {
			found = nil
		}
		w.found = found
		l.changed(t)
	}
	return w
}

// Found are the cases that may be about the same as a draft, the surest first.
func (l *lookout) Found(t *Tab) (out []record.Likeness) {
	w := l.by[t]
	if w == nil || t.phase != Filling {
		return nil
	}
	for _, f := range w.found {
		if !w.not[f.Case.ID] && t.mayDouble(f) {
			out = append(out, f)
		}
	}
	return out
}

// mayDouble tells whether a likeness is news. Who was taken from the register was here before: then only the
// same thing, or the same service once more, is worth a word.
func (t *Tab) mayDouble(l record.Likeness) bool {
	return len(t.taken()) == 0 || l.Reasons[0] == record.ReasonIdentity || l.Case.Service == t.draft.Service
}

// Not notes that a case is another matter than the draft.
func (l *lookout) Not(t *Tab, id record.ID) {
	if w := l.by[t]; w != nil {
		w.not[id] = true
		l.changed(t)
	}
}

// forget drops what is known about tabs that are closed.
func (l *lookout) forget() {
	for t, w := range l.by {
		if t.closed {
			if w.stop != nil {
				w.stop()
			}
			delete(l.by, t)
		}
	}
}
