// Package outbox shows what has not reached the centre yet, and why.
//
// It promises to say for every entry since when it waits and, where the centre refused it, the reason and
// what to do. It never sends anything itself and changes nothing.
package outbox

import (
	"context"
	"time"

	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/standing"
)

// Store lists what waits.
type Store interface {
	Outbox(ctx context.Context) ([]record.OutboxRow, error)
}

// Line is one entry as it is shown.
type Line struct {
	Case        record.ID // empty: it belongs to none, such as a published form
	Head, What  string    // "MS-1-26-00417-K · Yıldız, Emre", "3 Änderungen"
	Since       string
	Reason, Fix string // of a refusal
	Pill        string
	Kind        control.Kind
}

// Lines makes the shown lines, refused ones first, then the oldest first.
func Lines(t *i18n.Texts, rows []record.OutboxRow, now time.Time) []Line {
	var refused, waiting []Line
	for _, r := range rows {
		l := line(t, r, now)
		if r.Delivery == record.DeliveryRejected {
			refused = append(refused, l)
		} else {
			waiting = append(waiting, l)
		}
	}
	return append(refused, waiting...)
}

func line(t *i18n.Texts, r record.OutboxRow, now time.Time) Line {
	l := Line{Case: r.Case, Head: r.Number}
	if l.Head == "" {
		l.Head = t.T("outbox.no_number")
	}
	if r.Party != "" {
		l.Head += " · " + r.Party
	}
	if r.Form.ID != "" {
		l.Head, l.What = form(t, r)
	} else if r.File != "" {
		l.What = t.T("outbox.file", "title", r.File, "size", t.Size(r.Bytes))
	} else {
		l.What = standing.Title(t, r.Title, "", "")
		n := t.N("outbox.changes", r.Changes)
		if l.What == "" {
			l.What = n
		} else {
			l.What += " · " + n
		}
	}
	l.Since = t.T("outbox.since", "when", t.WhenLong(r.Since, now), "age", t.Age(now.Sub(r.Since)))
	l.Pill, l.Kind = standing.Delivery(t, r.Delivery)
	if r.Delivery == record.DeliveryRejected {
		l.Reason, l.Fix = t.Code(r.Reason, nil)
	}
	return l
}

// form words a row about a published form.
func form(t *i18n.Texts, r record.OutboxRow) (head, what string) {
	title := t.Name(r.Title)
	if title == "" {
		title = r.Form.ID
	}
	head = t.T("outbox.form", "title", title, "version", r.Form.Version)
	if r.File != "" {
		return head, t.T("outbox.form.file", "size", t.Size(r.Bytes))
	}
	return head, t.T("outbox.form.published")
}

// Summary is the sentence above the list.
func Summary(t *i18n.Texts, rows []record.OutboxRow, now time.Time) string {
	if len(rows) == 0 {
		return t.T("outbox.empty")
	}
	changes, files := 0, 0
	var bytes int64
	oldest := rows[0].Since
	for _, r := range rows {
		if r.File != "" {
			files++
			bytes += r.Bytes
		} else {
			changes += r.Changes
		}
		if r.Since.Before(oldest) {
			oldest = r.Since
		}
	}
	s := t.N("outbox.changes", changes)
	if files > 0 {
		s += " · " + t.N("outbox.files", files) + " (" + t.Size(bytes) + ")"
	}
	return s + " · " + t.T("outbox.oldest", "age", t.Age(now.Sub(oldest)))
}
