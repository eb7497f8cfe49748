//go:build linux

package journey

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"schalter/data/form"
	"schalter/data/record"
)

// answer is what a clerk types into one field: text into a line, the first letter of a choice, j or n.
type answer struct {
	path  string
	typed string
	means string // what the form understands by it, where that is not what is typed
	wrong string // typed first; why tells what the form says about it beside the field
	why   string
}

// clerk fills one form in a window. A session of the same form, fed with the same answers, tells which field
// the cursor comes to next, and in the end what must have been stored.
type clerk struct {
	t       *testing.T
	form    *form.Form
	session *form.Session
	answers map[string]answer
	at      string // where the cursor is
}

// newClerk refuses answers that would not make a complete application, before any window is open. Proofs are
// the citizen's.
func newClerk(t *testing.T, f *form.Form, answers []answer) *clerk {
	t.Helper()
	c := &clerk{t: t, form: f, answers: map[string]answer{}}
	for _, a := range answers {
		c.answers[a.path] = a
	}
	c.begin()
	for range 1000 {
		if !c.next(func(...string) {}) {
			break
		}
	}
	if p := c.session.Problems(); len(p) > 0 {
		t.Fatalf("%s: these answers leave %s open at %s: %s", f.ID, p[0].Key, p[0].Path, p[0].Text("de"))
	}
	used := c.session.Draft()
	for _, a := range answers {
		if used[a.path] == "" {
			t.Errorf("%s: no field asks for %s", f.ID, a.path)
		}
	}
	c.begin()
	return c
}

// begin opens the form anew, with the cursor in its first empty field.
func (c *clerk) begin() {
	c.session = c.form.Begin(nil, record.SystemClock())
	c.at = ""
	for c.at = c.following(); c.at != "" && c.session.State(c.at).Typed != ""; {
		c.at = c.following()
	}
}

// following is the field after the one where the cursor is, "" behind the last one.
func (c *clerk) following() string {
	passed := c.at == ""
	for _, p := range c.session.Places() {
		switch f := p.Item.Field; {
		case p.Path == c.at:
			passed = true
		case passed && f != nil && (f.Repeat == nil || p.Row > 0) && c.typable(f, p.Path):
			return p.Path
		}
	}
	return ""
}

func (c *clerk) typable(f *form.Field, path string) bool {
	st := c.session.State(path)
	return st.Visible && !st.ReadOnly && f.Type != form.TypeNote
}

// next answers the field under the cursor and goes to the one after it; press sends keys. It is false when
// the form has no further field.
func (c *clerk) next(press func(keys ...string)) bool {
	if a, ok := c.answers[c.at]; ok {
		c.session.Set(c.at, meaning(a))
	}
	if row, add := c.wantsRow(); add {
		if strings.HasSuffix(row, "[1]") { // the button that adds the first one comes after the field
			press("Tab", "Return")
		} else {
			press("alt+Insert")
		}
		c.session.AddRow(row[:strings.LastIndexByte(row, '[')])
		c.at = c.firstOf(row)
		return true
	}
	if f := c.field(); f.Type == form.TypeMultiline {
		press("Tab") // a line may end here
	} else {
		press("Return")
	}
	to := c.following()
	if to != "" {
		c.at = to
	}
	return to != ""
}

func (c *clerk) field() *form.Field {
	for _, p := range c.session.Places() {
		if p.Path == c.at && p.Item.Field != nil {
			return p.Item.Field
		}
	}
	c.t.Fatalf("%s has no field %q", c.form.ID, c.at)
	return nil
}

// wantsRow tells whether there are answers for a row that is not there yet and that is added from here: the
// one after the row the cursor ends, or the first one of what comes next.
func (c *clerk) wantsRow() (row string, add bool) {
	to := c.following()
	passed := false
	for _, p := range c.session.Places() {
		if p.Path == c.at {
			passed = true
		}
		if passed && p.Path == to {
			break
		}
		if passed && p.Row == 0 && p.Item.Group != nil && p.Item.Group.Repeat != nil && c.session.Rows(p.Path) == 0 && c.session.Group(p.Path).Visible {
			if row = p.Path + "[1]"; c.has(row) {
				return row, true
			}
		}
	}
	if i := strings.LastIndexByte(c.at, '['); i >= 0 && !strings.HasPrefix(to, c.at[:strings.IndexByte(c.at[i:], ']')+i+1]) {
		whole := c.at[:i]
		row = fmt.Sprintf("%s[%d]", whole, c.session.Rows(whole)+1)
		return row, c.has(row)
	}
	return "", false
}

func (c *clerk) has(row string) bool {
	for path := range c.answers {
		if strings.HasPrefix(path, row) {
			return true
		}
	}
	return false
}

func (c *clerk) firstOf(row string) string {
	for _, p := range c.session.Places() {
		if p.Item.Field != nil && strings.HasPrefix(p.Path, row) {
			return p.Path
		}
	}
	c.t.Fatalf("%s: no row %s", c.form.ID, row)
	return ""
}

func meaning(a answer) string {
	if a.means != "" {
		return a.means
	}
	return a.typed
}

// fill types the answers up to a field and leaves the cursor behind what it typed there; "" is to the end.
// After each wrong answer that is explained beside its field, said is called.
func (c *clerk) fill(w *window, until string, said func(path string)) {
	w.t.Helper()
	for {
		a := c.answers[c.at]
		if a.wrong != "" {
			w.write(a.wrong)
			w.press("Return")
			w.see(a.why)
			said(c.at)
			w.press("shift+Tab")
		}
		if a.typed != "" {
			w.write(a.typed)
		}
		if c.at == until {
			return
		}
		if !c.next(w.press) {
			return
		}
	}
}

// goOn leaves the field where fill has stopped.
func (c *clerk) goOn(w *window) {
	w.t.Helper()
	c.next(w.press)
}

// readForm reads a form in the native format.
func readForm(t *testing.T, path string) *form.Form {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := form.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
