package tray

import (
	"strings"
	"time"

	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/stack"
)

// line is a group as the list shows it.
type line struct {
	head, what, pill string
	kind             control.Kind
}

func (m *model) line(i Item, now time.Time) line {
	t := m.n.Texts
	pages := join(" · ", t.N("tray.pages", i.Shown()), blank(t, i))
	if !i.Sorted() {
		what := []string{t.N("tray.pages", len(i.Leaves)), blank(t, i), t.T("tray.scanned", "when", t.When(i.Stack.Made, now))}
		if i.Number != "" {
			what = append([]string{i.Number}, what...)
		}
		l := line{t.T("tray.reason." + string(i.Reason)), join(" · ", what...), t.T("tray.pill.unsorted"), control.KindTrouble}
		switch i.Reason {
		case sorting.ReasonUnread:
			l.pill, l.kind = t.T("tray.pill.reading"), control.KindInfo
		case sorting.ReasonAside, sorting.ReasonEmpty:
			l.pill, l.kind = t.T("tray.pill.aside"), control.KindNone
		}
		return l
	}
	what := join(" · ", i.Case.Service, i.ProofLabel(), pages)
	party := i.Case.Party
	if party == "" {
		party = t.T("party.none")
	}
	l := line{join(" · ", i.Number, party), what, t.T("tray.pill.sure"), control.KindGood}
	switch {
	case i.Scanning:
		l.pill, l.kind = t.T("tray.pill.scanning"), control.KindInfo
	case !i.Sure():
		l.pill, l.kind = t.T("tray.pill.look"), control.KindWaiting
	}
	return l
}

func join(by string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, by)
}

// blank says how many of the pages that are shown are probably empty, "" for none.
func blank(t *i18n.Texts, i Item) string {
	n := 0
	for _, l := range i.Leaves {
		if l.Page.Blank && !l.Out() {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return t.N("tray.empty_pages", n)
}

// why says in sentences why a group has no case, or what is doubtful about it.
func why(t *i18n.Texts, i Item) string {
	if !i.Sorted() {
		return t.T("tray.reason."+string(i.Reason)+".long", "number", i.Number)
	}
	var out []string
	for _, d := range i.Doubts {
		out = append(out, t.T("tray.doubt."+string(d)))
	}
	return strings.Join(out, " ")
}

// leafWords are what stands beside a page: its number, and what it is if it is not shown.
func leafWords(t *i18n.Texts, l sorting.Leaf, n int, marked bool, cannot error) (head, what string) {
	head = t.T("tray.page", "page", n+1)
	if marked {
		head = "✓ " + head
	}
	switch {
	case l.Out():
		what = t.T("tray.role." + string(l.Role))
	case cannot != nil:
		what = t.T("tray.cannot")
	case !l.Page.Read:
		what = t.T("tray.unread")
	case l.Page.Blank:
		what = t.T("tray.blank")
	}
	return head, what
}

// summary is the sentence beside the title.
func (m *model) summary() string {
	t := m.n.Texts
	switch {
	case m.filing > 0:
		return t.T("tray.filing", "left", m.filing)
	case m.scan != nil && m.scan.Wait == stack.Turn:
		return t.T("tray.scan.turn")
	case m.scan != nil && m.scan.Wait == stack.Wait:
		return t.T("tray.scan.wait")
	case m.scan != nil:
		return t.T("tray.scan.page", "page", m.scan.Page)
	case !m.loaded:
		return ""
	case len(m.items) == 0:
		return t.T("tray.empty")
	}
	out := t.N("tray.pages", m.pages())
	if n := len(m.sure()); n > 0 {
		out += " · " + t.N("tray.sure", n)
	}
	return out
}

// hitWords is a case as it is offered while one types.
func hitWords(t *i18n.Texts, r record.CaseRow) (head, what string) {
	party := r.Party
	if party == "" {
		party = t.T("party.none")
	}
	return join(" · ", r.Number, party), join(" · ", t.Name(r.Title), r.Subject)
}
