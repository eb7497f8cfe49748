package capture

import (
	"maps"
	"slices"
	"strings"
	"time"

	"schalter/data/form"
	"schalter/data/record"
)

// Phase is how far a tab has come.
type Phase int

// The phases.
const (
	Filling Phase = iota
	Submitting
	Done
)

// Tab is one visitor's draft being filled.
//
// What is typed goes into the form's session, which keeps it even where it is wrong or where a rule hides
// the field now; texts is what the fields show of it.
type Tab struct {
	m        *Model
	form     *form.Form
	session  *form.Session
	draft    record.Draft
	saver    *saver
	visit    *visit
	hist     history
	phase    Phase
	begun    bool // there is something to store
	changes  int
	closed   bool
	done     []record.Case // what the draft has become
	missing  [][]string    // by case, the proofs that it asks for and that were not brought
	today    time.Time     // when the form was begun
	deeper   []Finding     // see findDeeper
	spotsOf  *form.Form    // what the diary's pages are made for
	alone    bool          // there is no centre that the case could go to
	answered chan struct{} // closed once the store has answered the last try to submit
	trouble  error         // why the last try to submit failed

	texts   map[string]string
	left    map[string]bool // the cursor was in it and went on
	loud    map[string]bool // its problem was shown before the cursor came back
	in      string          // the field the cursor is in
	checked bool            // F9 or Annehmen: all problems are shown
	walk    int             // where F9 stands in the list of problems

	slot     string
	other    bool      // the slot for other papers was chosen
	lastScan record.ID // what further pages go to
	jobs     []*job
	removed  []removedPaper
	apart    map[record.Hash]error // why a PDF cannot be taken apart; nil: it can
	waiting  func()                // calls off the making of PDFs that is to begin soon
	takings  []taking
	brought  map[string]string             // what the register brought, by field
	notes    map[record.ID][]*record.Error // what was noticed about a document while it came in
}

func newTab(m *Model, d record.Draft, f *form.Form) *Tab {
	t := &Tab{
		m: m, form: f, draft: d, texts: map[string]string{}, left: map[string]bool{}, loud: map[string]bool{},
		notes: map[record.ID][]*record.Error{},
	}
	t.begun = len(d.Values) > 0 || len(d.Documents) > 0
	t.today = m.w.Run.Clock()
	t.session = f.Begin(d.Values, t.today)
	t.session.SetReasons(d.Reasons)
	t.draft.Documents = slices.Clone(d.Documents)
	t.readTexts()
	t.bringAll()
	if t.begun {
		for p := range t.texts {
			t.left[p] = true
		}
	}
	t.saver = newSaver(m.w.Store.SaveDraft, m.w.Run, func(SaveState) {
		m.w.Run.Do(func() {
			if !t.closed {
				m.w.Changed(t, PartSave, nil)
			}
		})
	})
	t.slot = t.Slots()[0].ID
	t.selectSlot()
	return t
}

// readTexts makes the texts of all fields anew out of the session, as after opening or when rows moved.
func (t *Tab) readTexts() {
	clear(t.texts)
	for _, p := range t.session.Places() {
		if p.Item.Field == nil {
			continue
		}
		if s := t.written(p.Path, t.session.State(p.Path)); s != "" {
			t.texts[p.Path] = s
		}
	}
}

// written is how the house writes an answer; what was not understood stays as it was typed.
func (t *Tab) written(path string, st form.FieldState) string {
	f := t.form.Field(path)
	if f == nil || st.Value == "" {
		return st.Typed
	}
	if f.Type == form.TypeSignature || f.Type == form.TypeFile {
		return st.Value
	}
	if s := form.Format(f, st.Value, t.m.w.Lang()); s != "" {
		return s
	}
	return st.Typed
}

// ID is the draft's id, and that of the case it becomes.
func (t *Tab) ID() record.ID { return t.draft.ID }

// Form is the form in the version the draft was begun with.
func (t *Tab) Form() *form.Form { return t.form }

// Session is the form's evaluation; it must only be read.
func (t *Tab) Session() *form.Session { return t.session }

// Phase tells how far the tab is.
func (t *Tab) Phase() Phase { return t.phase }

// Cases are the cases that were made, in the order of the form's parts; only in phase Done.
func (t *Tab) Cases() []record.Case { return t.done }

// Lacking lists for each of the cases the proofs that it asks for and that were not brought, with a reason or
// without; only in phase Done.
func (t *Tab) Lacking() [][]string { return t.missing }

// Alone reports whether no centre is set up that the case goes to; only in phase Done.
func (t *Tab) Alone() bool { return t.alone }

// Trouble is why the last try to submit failed, nil otherwise.
func (t *Tab) Trouble() error { return t.trouble }

// Saved tells how saving stands.
func (t *Tab) Saved() SaveState { return t.saver.State() }

// Begun reports whether there is anything to store.
func (t *Tab) Begun() bool { return t.begun }

// Party is the person or organisation the draft is about.
func (t *Tab) Party() record.Party {
	return record.PartyOf(func(r record.Role) string {
		if p := t.form.Roles[r]; p != "" {
			return t.session.State(p).Value
		}
		return ""
	})
}

// Title is the name of the party, "" as long as nobody was named.
func (t *Tab) Title() string { return t.Party().Name() }

// Name is the title, or the service as long as nobody was named.
func (t *Tab) Name() string {
	if s := t.Title(); s != "" {
		return s
	}
	return t.form.Title.In(t.m.w.Lang())
}

// Focus is the field the cursor was in last, "" before the first.
func (t *Tab) Focus() string { return t.draft.Focus }

// Text is what stands in a field.
func (t *Tab) Text(path string) string { return t.texts[path] }

// Type puts what the clerk has typed into a field.
func (t *Tab) Type(path, text string) {
	before := t.texts[path]
	if text == before || t.phase != Filling {
		return
	}
	t.hist.Changed(path, before, t.m.w.Run.Clock())
	t.set(path, text)
}

func (t *Tab) set(path, text string) {
	t.keep(path, text)
	title := t.draft.Title
	effect := t.session.Set(path, text)
	if t.loud[path] && len(t.session.State(path).Problems) == 0 {
		delete(t.loud, path)
	}
	t.touch(false)
	t.tell(effect, title, path)
}

func (t *Tab) keep(path, text string) {
	if text == "" {
		delete(t.texts, path)
	} else {
		t.texts[path] = text
	}
}

// tell passes on what a change did; paths are fields that changed besides.
func (t *Tab) tell(effect form.Effect, title string, paths ...string) {
	t.deeper = nil
	parts := PartFields | PartChecks
	changed := slices.Clone(effect.Changed)
	for _, p := range effect.Changed {
		if strings.HasPrefix(p, "proof:") {
			parts |= PartPapers
		}
		if f := t.form.Field(p); f != nil && f.Calculated() {
			t.keep(p, t.written(p, t.session.State(p)))
		}
	}
	for _, p := range paths {
		if !slices.Contains(changed, p) {
			changed = append(changed, p)
		}
	}
	if parts&PartPapers != 0 {
		t.selectSlot()
	}
	if t.draft.Title != title {
		parts |= PartTabs
	}
	if effect.Rows {
		changed = nil
	}
	t.m.w.Changed(t, parts, changed)
}

// touch gives the draft to the saver; now is for what must not wait a second.
func (t *Tab) touch(now bool) {
	t.begun = true
	t.changes++
	t.draft.Live = true
	t.draft.Updated = t.m.w.Run.Clock()
	t.draft.Title = t.Title()
	if now {
		t.saver.Now(t.snapshot())
	} else {
		t.saver.Typed(t.snapshot())
	}
}

// unchanged tells later whether the draft still is as it is now.
func (t *Tab) unchanged() func() bool {
	at := t.changes
	return func() bool { return t.changes == at }
}

// snapshot is a copy that nobody changes any more.
func (t *Tab) snapshot() record.Draft {
	d := t.draft
	d.Values = t.session.Draft()
	d.Reasons = t.session.Reasons()
	d.Documents = slices.Clone(d.Documents)
	d.Taken = t.taken()
	return d
}

// Enter notes that the cursor is in a field now.
func (t *Tab) Enter(path string) {
	if path == t.in {
		return
	}
	t.Leave(t.in)
	t.in, t.draft.Focus = path, path
	if t.left[path] && len(t.session.State(path).Problems) > 0 {
		t.loud[path] = true
	}
}

// Leave notes that the cursor has left a field: its text is brought into the house's form where it is
// valid, its problems are shown from now on, and the draft is stored at once.
func (t *Tab) Leave(path string) {
	if path == "" || path != t.in {
		return
	}
	t.in = ""
	if t.phase != Filling {
		return
	}
	t.hist.Close(path)
	t.left[path] = true
	t.tidy(path)
	if t.saver.State().Dirty {
		t.saver.Now(t.snapshot())
	}
	t.m.w.Changed(t, PartFields|PartChecks, t.seen(path))
}

// seen are the fields whose words may be shown differently once a field was left: itself, and those that a
// rule ties to it and that were left before.
func (t *Tab) seen(path string) []string {
	out := []string{path}
	for _, p := range t.session.Problems() {
		if p.Path != path && t.left[p.Path] {
			out = append(out, p.Path)
		}
	}
	return out
}

// tidy writes a valid answer as the house writes it: dates with points, IBAN in blocks. The form reads that
// as the same answer ([form.Format]).
func (t *Tab) tidy(path string) {
	if st := t.session.State(path); st.Value != "" {
		t.keep(path, t.written(path, st))
	}
}

// Undo takes back the last step in a field; ok is false where there is none.
func (t *Tab) Undo(path string) bool { return t.back(path, t.hist.Undo) }

// Redo takes the last undo in a field back.
func (t *Tab) Redo(path string) bool { return t.back(path, t.hist.Redo) }

func (t *Tab) back(path string, step func(path, now string) (string, bool)) bool {
	if t.phase != Filling {
		return false
	}
	s, ok := step(path, t.texts[path])
	if ok {
		t.set(path, s)
	}
	return ok
}

// Override gives the reason why a warning does not apply; "" takes it back.
func (t *Tab) Override(rule, reason string) {
	if t.phase != Filling {
		return
	}
	if isOwnRule(rule) {
		t.overrideOwn(rule, reason)
		return
	}
	title := t.draft.Title
	effect := t.session.Override(rule, strings.TrimSpace(reason))
	t.touch(true)
	t.tell(effect, title)
}

// proofRule stands before a proof's id where the reason why it is missing is kept.
const proofRule = "proof:"

// isOwnRule tells that a reason is for something that is no rule of the form.
func isOwnRule(rule string) bool {
	return strings.HasPrefix(rule, proofRule) || strings.HasPrefix(rule, partRule) || strings.HasPrefix(rule, bookingRule)
}

// overrideOwn keeps the reason for something that is no rule of the form beside those of its rules.
func (t *Tab) overrideOwn(rule, reason string) {
	r := maps.Clone(t.session.Reasons())
	if reason = strings.TrimSpace(reason); reason == "" {
		delete(r, rule)
	} else {
		r[rule] = reason
	}
	t.session.SetReasons(r)
	t.touch(true)
	t.m.w.Changed(t, PartChecks|PartPapers|PartFields, t.anchors())
}

// FirstEmpty is the first field that can be filled and is not, else the first field.
func (t *Tab) FirstEmpty() string {
	first := ""
	for _, p := range t.session.Places() {
		if p.Item.Field == nil || !t.typable(p) {
			continue
		}
		st := t.session.State(p.Path)
		if !st.Visible || st.ReadOnly {
			continue
		}
		if first == "" {
			first = p.Path
		}
		if t.texts[p.Path] == "" {
			return p.Path
		}
	}
	return first
}

func (t *Tab) typable(p form.Place) bool {
	switch p.Item.Field.Type {
	case form.TypeNote:
		return false
	case form.TypeFile:
		if len(t.draft.Documents) == 0 {
			return false
		}
	}
	return p.Item.Field.Repeat == nil || p.Row > 0
}
