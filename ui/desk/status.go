package desk

import (
	"strconv"
	"strings"
	"time"

	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
)

// Facts are what the status line and the rail are made from.
type Facts struct {
	Link     record.Link
	Counts   record.Counts
	Identity record.Identity
	User     string
	Admin    bool // forms are looked after at this desk
	Scanners bool // scanners are
	Tray     bool // stacks are sorted
	Checks   bool // scans are checked by a second person
	Reading  record.Recognition
}

// StatusItem is one thing in the status line. Kind colours its dot; the words say it all.
type StatusItem struct {
	Text string
	Kind control.Kind
	Dot  bool
}

// StatusLeft are the things on the left: connection, outbox, last time in step with the centre.
func StatusLeft(t *i18n.Texts, f Facts, now time.Time) []StatusItem {
	return []StatusItem{connection(t, f.Link, now), outboxItem(t, f, now), {Text: lastSync(t, f.Link, now)}}
}

func connection(t *i18n.Texts, l record.Link, now time.Time) StatusItem {
	since := t.When(l.Since, now)
	switch {
	case !l.Configured:
		return StatusItem{Text: t.T("status.no_centre"), Kind: control.KindNone, Dot: true}
	case l.Online && l.Trouble != nil:
		s, _ := t.Error(l.Trouble)
		return StatusItem{Text: s, Kind: control.KindWaiting, Dot: true}
	case l.Online:
		return StatusItem{Text: t.T("status.online"), Kind: control.KindGood, Dot: true}
	case l.Trouble != nil && serious(l.Trouble.Code):
		s, _ := t.Error(l.Trouble)
		return StatusItem{Text: s, Kind: control.KindTrouble, Dot: true}
	case since == "":
		return StatusItem{Text: t.T("status.offline"), Kind: control.KindWaiting, Dot: true}
	}
	return StatusItem{Text: t.T("status.offline_since", "when", since), Kind: control.KindWaiting, Dot: true}
}

// outcast tells that the centre takes nothing any more from this desk until it is enrolled anew.
func outcast(e *record.Error) bool {
	return e != nil && (e.Code == record.CodeForked || e.Code == record.CodeDeskRevoked || e.Code == record.CodeDeskUnknown)
}

// serious tells trouble that does not pass by itself, and so is said in the status line.
func serious(c record.Code) bool {
	switch c {
	case record.CodeOffline, record.CodeCentreBusy, record.CodeCentreTrouble, record.CodeInternal, "":
		return false
	}
	return true
}

func outboxItem(t *i18n.Texts, f Facts, now time.Time) StatusItem {
	n := f.Counts.Waiting
	switch {
	case f.Counts.Rejected > 0:
		return StatusItem{Text: t.N("status.rejected", f.Counts.Rejected), Kind: control.KindTrouble}
	case n == 0:
		return StatusItem{Text: t.T("status.outbox.empty")}
	case f.Link.Sending > 0:
		return StatusItem{Text: t.T("status.outbox.sending", "count", n)}
	case f.Counts.Oldest.IsZero():
		return StatusItem{Text: t.T("status.outbox", "count", n)}
	}
	return StatusItem{Text: t.T("status.outbox.oldest", "count", n, "age", t.Age(now.Sub(f.Counts.Oldest)))}
}

// lastSync says when the desk was last in step with the centre: a time, or how long ago if it was just now.
func lastSync(t *i18n.Texts, l record.Link, now time.Time) string {
	switch {
	case !l.Configured:
		return ""
	case l.LastSync.IsZero():
		return t.T("status.never")
	case now.Sub(l.LastSync) < time.Hour:
		return t.T("status.synced", "when", t.Ago(now.Sub(l.LastSync)))
	}
	return t.T("status.synced", "when", t.When(l.LastSync, now))
}

// StatusRight is who works where: "M. Weber · Platz 1 · Musterstadt".
func StatusRight(t *i18n.Texts, f Facts) string {
	parts := []string{}
	for _, s := range []string{f.User, deskName(t, f.Identity), f.Identity.Authority} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}

func deskName(t *i18n.Texts, id record.Identity) string {
	if id.Desk == 0 {
		return t.T("status.not_enrolled")
	}
	return t.T("status.desk", "number", id.Desk)
}

// The places in the rail.
const (
	placeToday     = "today"
	placeDrafts    = "drafts"
	placeMine      = "mine"
	placeOffice    = "office"
	placeConflicts = "conflicts"
	placeOutbox    = "outbox"
	placeForms     = "forms"
	placeScanners  = "scanners"
)

// railItems lists the places with their counts.
func railItems(t *i18n.Texts, f Facts) []control.RailItem {
	count := func(n int) string {
		if n == 0 {
			return ""
		}
		if n >= 10000 {
			return t.Number(n)
		}
		return strconv.Itoa(n)
	}
	c := f.Counts
	office := t.T("place.office")
	if f.Identity.Office != "" {
		office = t.T("place.office.named", "office", f.Identity.Office)
	}
	items := []control.RailItem{
		{Text: t.T("place.work"), Heading: true},
		{ID: placeToday, Text: t.T("place.today"), Count: count(c.Today)},
		{ID: placeDrafts, Text: t.T("place.drafts"), Count: count(c.Drafts)},
		{ID: placeMine, Text: t.T("place.mine"), Count: count(c.Mine)},
		{ID: placeOffice, Text: office, Count: count(c.Office)},
		{Text: t.T("place.clear"), Heading: true},
		{ID: placeConflicts, Text: t.T("place.conflicts"), Count: count(c.Conflicts)},
		{ID: placeOutbox, Text: t.T("place.outbox"), Count: count(c.Waiting)},
	}
	if f.Tray {
		items = append(items, control.RailItem{ID: placeTray, Text: t.T("place.tray"), Count: count(c.Tray)})
	}
	if f.Checks {
		items = append(items, control.RailItem{ID: placeChecks, Text: t.T("place.checks"), Count: count(c.Checks)})
	}
	if f.Admin || f.Scanners {
		items = append(items, control.RailItem{Text: t.T("place.manage"), Heading: true})
	}
	if f.Admin {
		items = append(items, control.RailItem{ID: placeForms, Text: t.T("place.forms")})
	}
	if f.Scanners {
		items = append(items, control.RailItem{ID: placeScanners, Text: t.T("place.scanners")})
	}
	return items
}
