package main

import (
	"bytes"
	"context"
	"io"
	"strings"

	"schalter/data/form"
	"schalter/data/letter"
	"schalter/data/print"
	"schalter/data/record"
)

// printer makes confirmations and hands them to the system.
type printer struct {
	house *house
	forms *form.Library
}

// PrintConfirmation prints the confirmations of cases as one paper and notes in their journals what became of it.
func (p printer) PrintConfirmation(ctx context.Context, cases []record.Case, lang string) (record.Way, error) {
	var b bytes.Buffer
	if err := p.WriteConfirmation(ctx, &b, cases, lang); err != nil {
		return "", err
	}
	return p.hand(ctx, b.Bytes(), "confirmation", cases...)
}

// missing gathers the letter that asks for what was not brought.
func (p printer) missing(ctx context.Context, c record.Case, langs []string) (letter.Missing, error) {
	id, err := p.house.store.Identity(ctx)
	if err != nil {
		return letter.Missing{}, err
	}
	f, err := p.forms.Get(c.Form)
	if err != nil {
		return letter.Missing{}, err
	}
	return letter.MissingOf(c, f, id, record.SystemClock(), langs...), nil
}

// PrintMissing prints for each of the cases that lack proofs the letter that asks for them, and notes in the
// journal what became of it.
func (p printer) PrintMissing(ctx context.Context, cases []record.Case, langs []string) (way record.Way, err error) {
	err = p.eachMissing(ctx, cases, langs, func(c record.Case, m letter.Missing) error {
		var b bytes.Buffer
		if err := letter.WriteMissing(&b, m); err != nil {
			return err
		}
		way, err = p.hand(ctx, b.Bytes(), "missing", c)
		return err
	})
	return way, err
}

// MissingText is the same letters for an e-mail.
func (p printer) MissingText(ctx context.Context, cases []record.Case, langs []string) (string, error) {
	var all []string
	err := p.eachMissing(ctx, cases, langs, func(_ record.Case, m letter.Missing) error {
		text, err := m.Text()
		all = append(all, text)
		return err
	})
	return strings.Join(all, "\n\n"), err
}

// eachMissing goes through the letters of the cases that lack proofs; without any there is nothing to say.
func (p printer) eachMissing(ctx context.Context, cases []record.Case, langs []string, f func(record.Case, letter.Missing) error) error {
	none := true
	for _, c := range cases {
		m, err := p.missing(ctx, c, langs)
		if err != nil {
			return err
		}
		if !m.Open() {
			continue
		}
		none = false
		if err := f(c, m); err != nil {
			return err
		}
	}
	if none {
		return letter.ErrNothingMissing
	}
	return nil
}

// Languages are those that letters are written in.
func (p printer) Languages() []string { return letter.Languages() }

// hand gives a paper of cases to the printer, or to a viewer where there is none, and notes which.
func (p printer) hand(ctx context.Context, pdf []byte, what string, cases ...record.Case) (record.Way, error) {
	way, err := p.give(ctx, pdf, cases[0].Number)
	if err != nil {
		return "", err
	}
	edits := make([]record.Edit, len(cases))
	for i, c := range cases {
		edits[i] = record.Edit{
			Case: c.ID, Kind: record.KindEvent, User: p.house.user,
			Payload: record.Event{What: string(way), Args: map[string]string{"what": what}},
		}
	}
	_, err = p.house.store.Apply(ctx, edits...)
	return way, err
}

// give hands a paper to the printer that is remembered, or to a viewer where there is none.
func (p printer) give(ctx context.Context, pdf []byte, title string) (record.Way, error) {
	queue, err := p.house.store.Setting(ctx, "printer")
	if err != nil {
		return "", err
	}
	done, err := print.SubmitOrShow(ctx, pdf, title, queue)
	if err != nil {
		return "", err
	}
	if done == print.Shown {
		return record.WayShown, nil
	}
	return record.WayPrinted, nil
}

// WriteConfirmation writes the confirmations as one PDF, in one language ("de") or with a second beneath the
// first ("de+en"). Each says "vorläufig" until the centre has its case.
func (p printer) WriteConfirmation(ctx context.Context, w io.Writer, cases []record.Case, lang string) error {
	id, err := p.house.store.Identity(ctx)
	if err != nil {
		return err
	}
	all := make([]letter.Content, len(cases))
	for i, c := range cases {
		if all[i], err = p.content(ctx, c, id, lang); err != nil {
			return err
		}
	}
	return letter.Confirmation(w, all...)
}

// content is what the confirmation of a case says.
func (p printer) content(ctx context.Context, c record.Case, id record.Identity, lang string) (letter.Content, error) {
	row, err := p.house.store.Row(ctx, c.ID)
	if err != nil {
		return letter.Content{}, err
	}
	f, err := p.forms.Get(c.Form)
	if err != nil && record.CodeOf(err) != record.CodeFormUnknown {
		return letter.Content{}, err
	}
	first, second, both := strings.Cut(lang, "+")
	now := record.SystemClock()
	content := letter.Of(c, f, id, now, first)
	if both {
		content = letter.Bilingual(content, letter.Of(c, f, id, now, second))
	}
	// Without a centre there is nobody who could make it final.
	content.Provisional = row.Delivery != record.DeliveryCentre && row.Delivery != record.DeliveryHere
	return content, nil
}
