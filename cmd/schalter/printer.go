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

// PrintConfirmation prints the confirmation of a case and notes in the journal what became of it.
func (p printer) PrintConfirmation(ctx context.Context, c record.Case, lang string) (record.Way, error) {
	var b bytes.Buffer
	if err := p.WriteConfirmation(ctx, &b, c, lang); err != nil {
		return "", err
	}
	return p.hand(ctx, c, b.Bytes(), "confirmation")
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

// PrintMissing prints the letter that asks for missing proofs and notes in the journal what became of it.
func (p printer) PrintMissing(ctx context.Context, c record.Case, langs []string) (record.Way, error) {
	m, err := p.missing(ctx, c, langs)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := letter.WriteMissing(&b, m); err != nil {
		return "", err
	}
	return p.hand(ctx, c, b.Bytes(), "missing")
}

// MissingText is the same letter for an e-mail.
func (p printer) MissingText(ctx context.Context, c record.Case, langs []string) (string, error) {
	m, err := p.missing(ctx, c, langs)
	if err != nil {
		return "", err
	}
	return m.Text()
}

// Languages are those that letters are written in.
func (p printer) Languages() []string { return letter.Languages() }

// hand gives a paper of a case to the printer, or to a viewer where there is none, and notes which.
func (p printer) hand(ctx context.Context, c record.Case, pdf []byte, what string) (record.Way, error) {
	queue, err := p.house.store.Setting(ctx, "printer")
	if err != nil {
		return "", err
	}
	done, err := print.SubmitOrShow(ctx, pdf, c.Number, queue)
	if err != nil {
		return "", err
	}
	way := record.WayPrinted
	if done == print.Shown {
		way = record.WayShown
	}
	_, err = p.house.store.Apply(ctx, record.Edit{
		Case: c.ID, Kind: record.KindEvent, User: p.house.user,
		Payload: record.Event{What: string(way), Args: map[string]string{"what": what}},
	})
	return way, err
}

// WriteConfirmation writes the confirmation as PDF, in one language ("de") or with a second beneath the
// first ("de+en"). It says "vorläufig" until the centre has the case.
func (p printer) WriteConfirmation(ctx context.Context, w io.Writer, c record.Case, lang string) error {
	id, err := p.house.store.Identity(ctx)
	if err != nil {
		return err
	}
	row, err := p.house.store.Row(ctx, c.ID)
	if err != nil {
		return err
	}
	f, err := p.forms.Get(c.Form)
	if err != nil && record.CodeOf(err) != record.CodeFormUnknown {
		return err
	}
	first, second, both := strings.Cut(lang, "+")
	now := record.SystemClock()
	content := letter.Of(c, f, id, now, first)
	if both {
		content = letter.Bilingual(content, letter.Of(c, f, id, now, second))
	}
	// Without a centre there is nobody who could make it final.
	content.Provisional = row.Delivery != record.DeliveryCentre && row.Delivery != record.DeliveryHere
	return letter.Confirmation(w, content)
}
