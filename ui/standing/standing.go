// Package standing says how a case stands and what happened to it, in the words and colours that all
// screens share.
//
// It promises the same word for the same thing on every screen. It never reads a store.
package standing

import (
	"strings"
	"time"

	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
)

// Of gives the pill of a case. What a clerk has to act on or wait for comes first; once the centre has
// everything, the state of the work is said where there is more to say than "In der Zentrale".
func Of(t *i18n.Texts, d record.Delivery, s record.State) (text string, kind control.Kind) {
	switch d {
	case record.DeliveryConflict, record.DeliveryRejected:
		return t.T("delivery." + string(d)), control.KindTrouble
	case record.DeliveryWaiting:
		return t.T("delivery.waiting"), control.KindWaiting
	case record.DeliverySending:
		return t.T("delivery.sending"), control.KindInfo
	case record.DeliveryHere:
		if s == record.StateSubmitted || s == record.StateOpen {
			return t.T("delivery.here"), control.KindNone
		}
	}
	switch s {
	case record.StateWorking:
		return t.T("state.working"), control.KindInfo
	case record.StateDone:
		return t.T("state.done"), control.KindGood
	case record.StateWithdrawn:
		return t.T("state.withdrawn"), control.KindNone
	}
	return t.T("delivery.centre"), control.KindGood
}

// Delivery gives the pill of the delivery alone.
func Delivery(t *i18n.Texts, d record.Delivery) (text string, kind control.Kind) {
	return Of(t, d, record.StateSubmitted)
}

// Where says in a sentence where the case and its papers lie. The other desk's papers follow its case
// over the line; until they are here nothing is said about them.
func Where(t *i18n.Texts, r record.CaseRow) string {
	if r.Delivery == record.DeliveryCentre && r.Missing > 0 {
		return t.T("delivery.centre.missing")
	}
	return t.T("delivery." + string(r.Delivery) + ".long")
}

// Title is the service and what the case is about: "Fundsache: Schlüsselbund".
func Title(t *i18n.Texts, title map[string]string, service, subject string) string {
	name := t.Name(title)
	if name == "" {
		name = service
	}
	if subject != "" {
		return name + ": " + subject
	}
	return name
}

// Event says what one line of the journal records; groups translates the names of groups of fields and
// may be nil.
func Event(t *i18n.Texts, e record.JournalEntry, groups func(name string) string) string {
	switch e.Kind {
	case record.KindOpen, record.KindResolve, record.KindDelete:
		return t.T("journal." + string(e.Kind))
	case record.KindState:
		return t.T("journal.state." + string(e.State))
	case record.KindDocument, record.KindNote:
		return t.T("journal."+string(e.Kind), "text", e.Text)
	case record.KindEvent:
		if key := "journal.event." + e.Text; t.Has(key) {
			return t.T(key)
		}
		return t.T("journal.event", "text", e.Text)
	case record.KindFields:
		if groups == nil || e.Group == "" {
			return t.T("journal.fields")
		}
		names := strings.Split(e.Group, ", ")
		for i, n := range names {
			names[i] = groups(n)
		}
		return t.T("journal.fields.groups", "groups", strings.Join(names, ", "))
	case record.KindVersion, record.KindMark, record.KindCheck, record.KindTrash:
		if key := "journal." + string(e.Kind) + "." + e.What; e.What != "" && t.Has(key) {
			return t.T(key, "text", e.Text)
		}
		return t.T("journal."+string(e.Kind), "text", e.Text)
	case record.KindCertify:
		return t.T("journal.certify", "number", e.What, "text", e.Text)
	}
	return t.T("journal.other")
}

// Party writes who a case is about, in two lines: name with date of birth, then the address.
func Party(t *i18n.Texts, p record.Party) string {
	name := strings.TrimSpace(p.Given + " " + p.Family)
	switch {
	case name == "":
		name = p.Organisation
	case p.Organisation != "":
		name = p.Organisation + ", " + name
	}
	if p.Birth != "" {
		name += ", " + t.T("party.born", "date", t.DateText(p.Birth))
	}
	return strings.TrimSpace(name + "\n" + p.Address())
}

// Documents writes one line per document: "✓ Schutzvertrag (2 Seiten)".
func Documents(t *i18n.Texts, docs []record.Document) string {
	lines := make([]string, 0, len(docs))
	for _, d := range docs {
		s := control.SignDone + " " + d.Title
		if d.Pages > 0 {
			s += " (" + t.N("pages", d.Pages) + ")"
		}
		lines = append(lines, s)
	}
	return strings.Join(lines, "\n")
}

// ByItself tells whether the program did something without being asked: it read the words on a scan.
func ByItself(e record.JournalEntry) bool {
	return e.Kind == record.KindVersion && e.What == string(record.WhyText)
}

// Line is a line of the journal with its time and author: "10:48 angenommen, M. Weber".
func Line(t *i18n.Texts, e record.JournalEntry, now time.Time, groups func(string) string) string {
	s := t.When(e.Time, now) + " " + Event(t, e, groups)
	if e.User != "" && !ByItself(e) {
		s += ", " + e.User
	}
	return s
}
