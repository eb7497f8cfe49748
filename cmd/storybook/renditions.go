package main

import (
	"context"
	"io"

	"fyne.io/fyne/v2"

	letters "schalter/data/letter"
	"schalter/data/record"
)

// renditions make nothing; the stories only show how they are asked for.
type renditions struct{}

func (renditions) WriteDocument(context.Context, io.Writer, record.Case, record.Document) error {
	return nil
}

func (renditions) WriteCase(context.Context, io.Writer, record.Case, string) error { return nil }

func (renditions) WriteFolder(context.Context, string, record.Case) (string, error) { return "", nil }

func (renditions) PrintDocument(context.Context, record.Case, record.Document) (record.Way, error) {
	return record.WayPrinted, nil
}

func (renditions) PrintCopy(context.Context, record.Case, record.Certified) (record.Way, error) {
	return record.WayPrinted, nil
}

func (renditions) PrintRegister(context.Context) (record.Way, error) { return record.WayPrinted, nil }

func (renditions) Known(context.Context) (letters.Certificate, error) {
	return letters.Certificate{Authority: "Stadt Musterstadt", Place: "Musterstadt", Official: "Weber, Verwaltungsfachangestellte"}, nil
}

func (renditions) Certify(context.Context, record.Case, record.Document, letters.Certificate) (string, record.Way, error) {
	return "B-MS-1-26/00012", record.WayPrinted, nil
}

// marked puts one of every mark on the paper of the case that is shown.
func (s *stage) marked() {
	rows, _, _ := s.store.Cases(context.Background(), record.ViewToday, "", 0, 1)
	c, err := s.store.Case(context.Background(), rows[0].ID)
	if err != nil || len(c.Documents) == 0 {
		return
	}
	var edits []record.Edit
	for _, m := range []record.Mark{
		{Kind: record.MarkStamp, Boxes: []record.Box{{X0: .58, Y0: .03, X1: .95, Y1: .075}}, Text: "Eingegangen am 23.11.2026"},
		{Kind: record.MarkHighlight, Boxes: []record.Box{{X0: .11, Y0: .15, X1: .84, Y1: .168}}},
		{Kind: record.MarkBlack, Boxes: []record.Box{{X0: .11, Y0: .178, X1: .6, Y1: .2}}},
		{Kind: record.MarkNote, Boxes: []record.Box{{X0: .6, Y0: .6, X1: .93, Y1: .7}}, Text: "Frau Yıldız bringt die zweite Seite am Donnerstag."},
	} {
		m.ID = record.NewID()
		edits = append(edits, record.Edit{Case: c.ID, Kind: record.KindMark, User: "M. Weber", Payload: record.DocumentMarked{Document: c.Documents[0].ID, Mark: m}})
	}
	_, _ = s.store.Apply(context.Background(), edits...) // a store of samples takes what it shows
	s.combo(fyne.KeyEscape, 0)
	s.key(fyne.KeyReturn)
}
