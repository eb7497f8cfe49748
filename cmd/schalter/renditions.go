package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/letter"
	"schalter/data/pdf/preview"
	"schalter/data/record"
	"schalter/data/rendition"
	"schalter/ui/casefile"
	"schalter/ui/i18n"
	answers "schalter/ui/sheet"
	"schalter/ui/standing"
)

// renditions makes new papers of the documents of cases.
type renditions struct {
	printer
	line  *line
	paper *preview.Renderer
}

// The settings that a certification remembers.
const (
	settingPlace    = "certify.place"
	settingOfficial = "certify.official"
)

func (r renditions) press(ctx context.Context) (*rendition.Press, *i18n.Texts, error) {
	texts, err := i18n.Load(assets.Files, r.lang(ctx))
	if err != nil {
		return nil, nil, err
	}
	id, err := r.house.store.Identity(ctx)
	if err != nil {
		return nil, nil, err
	}
	return &rendition.Press{
		Files: r.read,
		Viewer: func(ctx context.Context, data []byte, mediaType string) (rendition.Paper, error) {
			d, err := r.paper.Open(ctx, data, mediaType, "")
			if err != nil {
				return nil, err
			}
			return d, nil
		},
		Words:     rendition.Words{Lang: texts.Lang(), Say: texts.T},
		Authority: id.Authority, Producer: "Schalter " + version, Made: record.SystemClock(),
	}, texts, nil
}

// read reads a stored file; one of another desk that has not come yet is waited for.
func (r renditions) read(ctx context.Context, h record.Hash) ([]byte, error) {
	f, err := fetched(ctx, r.house, r.line, h)
	if err != nil {
		return nil, err
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // only read
	return io.ReadAll(in)
}

// now is a document as it stands now. What the screen shows may be older: it may have been blackened while the
// clerk was asked where to put it.
func (r renditions) now(ctx context.Context, c record.Case, d record.Document) (record.Document, error) {
	c, err := r.house.store.Case(ctx, c.ID)
	if err != nil {
		return record.Document{}, err
	}
	i := slices.IndexFunc(c.Documents, func(o record.Document) bool { return o.ID == d.ID })
	if i < 0 {
		return record.Document{}, record.E(record.CodeNotFound, nil, "id", d.ID)
	}
	return c.Documents[i], nil
}

// WriteDocument writes a document as it stands now with its marks and notes that it was exported.
func (r renditions) WriteDocument(ctx context.Context, w io.Writer, c record.Case, d record.Document) error {
	d, err := r.now(ctx, c, d)
	if err != nil {
		return err
	}
	p, _, err := r.press(ctx)
	if err == nil {
		err = p.Document(ctx, w, d)
	}
	if err != nil {
		return err
	}
	return r.exported(ctx, c, map[string]string{"what": "document", "document": string(d.ID)})
}

func (r renditions) exported(ctx context.Context, c record.Case, args map[string]string) error {
	_, err := r.house.store.Apply(ctx, record.Edit{
		Case: c.ID, Kind: record.KindEvent, User: r.house.user, Payload: record.Event{What: "exported", Args: args},
	})
	return err
}

// PrintDocument prints a document as it stands now with its marks and notes what became of it.
func (r renditions) PrintDocument(ctx context.Context, c record.Case, d record.Document) (record.Way, error) {
	d, err := r.now(ctx, c, d)
	if err != nil {
		return "", err
	}
	p, _, err := r.press(ctx)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := p.Document(ctx, &b, d); err != nil {
		return "", err
	}
	return r.hand(ctx, b.Bytes(), "document", c)
}

// whole is a case as it stands now, with all that is exported of it, and the press that does it.
func (r renditions) whole(ctx context.Context, id record.ID) (whole rendition.Whole, p *rendition.Press, err error) {
	c, err := r.house.store.Case(ctx, id)
	if err != nil {
		return whole, nil, err
	}
	p, texts, err := r.press(ctx)
	if err != nil {
		return whole, nil, err
	}
	whole = rendition.Whole{Case: c, Title: standing.Title(texts, c.Title, c.Service, c.Role(record.RoleSubject))}
	if c.Number != "" {
		var front bytes.Buffer
		if err := r.WriteConfirmation(ctx, &front, []record.Case{c}, texts.Lang()); err != nil {
			return whole, nil, err
		}
		whole.Front = front.Bytes()
	}
	whole.Account, err = r.account(ctx, texts, c)
	return whole, p, err
}

// WriteCase writes a case whole, as it stands now, and notes that it was exported.
func (r renditions) WriteCase(ctx context.Context, w io.Writer, c record.Case, as string) error {
	whole, p, err := r.whole(ctx, c.ID)
	if err != nil {
		return err
	}
	if as == "zip" {
		err = p.Zip(ctx, w, whole)
	} else {
		err = p.Case(ctx, w, whole)
	}
	if err != nil {
		return err
	}
	return r.exported(ctx, c, map[string]string{"what": "case", "as": as})
}

// WriteFolder writes a case whole, as it stands now, as a new folder below parent, and says where it lies. It is
// noted before the folder gets its name: what left the house is known in any case.
func (r renditions) WriteFolder(ctx context.Context, parent string, c record.Case) (string, error) {
	whole, p, err := r.whole(ctx, c.ID)
	if err != nil {
		return "", err
	}
	name := whole.Case.Number
	if name == "" {
		name = string(whole.Case.ID)
	}
	out, err := rendition.NewFolder(parent, name)
	if err != nil {
		return "", err
	}
	if err = p.Folder(ctx, out.Sink, whole); err == nil {
		err = r.exported(ctx, c, map[string]string{"what": "case", "as": "folder"})
	}
	if err != nil {
		return "", errors.Join(err, out.Drop())
	}
	return out.Keep()
}

// account is what is known of a case besides its answers and papers, in words.
func (r renditions) account(ctx context.Context, t *i18n.Texts, c record.Case) ([]letter.AccountPart, error) {
	lines, err := r.house.store.Journal(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	var f *form.Form
	if found, err := r.forms.Get(c.Form); err == nil {
		f = found
	}
	var notes, journal letter.AccountPart
	notes.Title, journal.Title = t.T("casefile.notes"), t.T("casefile.journal")
	for _, n := range c.Notes {
		notes.Rows = append(notes.Rows, letter.AccountRow{Label: t.DateTime(n.Time) + "\n" + n.User, Text: n.Text})
	}
	for _, e := range lines {
		text := standing.Event(t, e, func(g string) string { return answers.GroupName(f, g, t.Lang()) })
		journal.Rows = append(journal.Rows, letter.AccountRow{Label: t.DateTime(e.Time), Text: strings.Trim(text+", "+e.User, ", ")})
	}
	parts := []letter.AccountPart{journal}
	if len(notes.Rows) > 0 {
		parts = []letter.AccountPart{notes, journal}
	}
	for _, d := range c.Documents {
		if d.Transfer == nil || d.Trashed != nil || rendition.Blackened(d) {
			continue
		}
		part := letter.AccountPart{Title: t.T("paper.transfer") + ": " + d.Title}
		for _, l := range casefile.Note(t, *d.Transfer) {
			part.Rows = append(part.Rows, letter.AccountRow{Label: l[0], Text: l[1]})
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// Known is what this desk says in every certification.
func (r renditions) Known(ctx context.Context) (letter.Certificate, error) {
	id, err := r.house.store.Identity(ctx)
	if err != nil {
		return letter.Certificate{}, err
	}
	c := letter.Certificate{Authority: id.Authority}
	if c.Place, err = r.house.store.Setting(ctx, settingPlace); err != nil {
		return c, err
	}
	if c.Official, err = r.house.store.Setting(ctx, settingOfficial+"."+r.house.user); err != nil {
		return c, err
	}
	if c.Official == "" {
		c.Official = r.house.user
	}
	return c, nil
}

// Certify makes a certified copy under the next number of the register, enters it, and prints it. Nothing is
// entered before the whole copy is there, and nothing is printed that is not entered. Where printing fails the
// number comes back with the error. A copy shows the original with all that stands on it, so there is none of a
// document that is blackened: the clerk has to take the blackening away first, and knows then what is handed out.
func (r renditions) Certify(ctx context.Context, c record.Case, d record.Document, v letter.Certificate) (string, record.Way, error) {
	d, err := r.now(ctx, c, d)
	if err != nil {
		return "", "", err
	}
	if rendition.Blackened(d) {
		return "", "", record.E(record.CodeCopyBlack, nil, "title", d.Title)
	}
	p, _, err := r.press(ctx)
	if err != nil {
		return "", "", err
	}
	if v.Number, err = r.house.store.NextCopy(ctx); err != nil {
		return "", "", err
	}
	if len(v.Check()) > 0 {
		return "", "", record.E(record.CodeUncertain, letter.ErrNotCertified)
	}
	var b bytes.Buffer
	sheets, err := p.Copy(ctx, &b, d, v)
	if err != nil {
		return "", "", err
	}
	ref, err := r.house.blobs.Put(ctx, bytes.NewReader(b.Bytes()))
	if err != nil {
		return "", "", err
	}
	entry := record.DocumentCertified{Document: d.ID, Number: v.Number, Of: d.Shown.Hash, Copy: ref, Pages: sheets, Original: v.Original, Purpose: v.For}
	if err := r.house.store.Certify(ctx, c.ID, r.house.user, entry); err != nil {
		return "", "", err
	}
	for name, value := range map[string]string{settingPlace: v.Place, settingOfficial + "." + r.house.user: v.Official} {
		if err := r.house.store.SetSetting(ctx, name, value); err != nil {
			return v.Number, "", err
		}
	}
	way, err := r.give(ctx, b.Bytes(), v.Number)
	return v.Number, way, err
}

// lang is the language the desk speaks.
func (r renditions) lang(ctx context.Context) string {
	if lang, err := r.house.store.Setting(ctx, "ui.lang"); err == nil && lang != "" {
		return lang
	}
	return systemLanguage()
}

// PrintRegister prints this year's certified copies of the desk.
func (r renditions) PrintRegister(ctx context.Context) (record.Way, error) {
	var b bytes.Buffer
	if err := r.register(ctx, &b, record.SystemClock().Year()); err != nil {
		return "", err
	}
	return r.give(ctx, b.Bytes(), "Register")
}

// PrintCopy prints a certified copy once more, as it was entered.
func (r renditions) PrintCopy(ctx context.Context, _ record.Case, copied record.Certified) (record.Way, error) {
	data, err := r.read(ctx, copied.Copy.Hash)
	if err != nil {
		return "", err
	}
	return r.give(ctx, data, copied.Number)
}

// register is the list of a desk's certified copies as a paper.
func (r renditions) register(ctx context.Context, w io.Writer, year int) error {
	p, texts, err := r.press(ctx)
	if err != nil {
		return err
	}
	from := time.Date(year, 1, 1, 0, 0, 0, 0, time.Local)
	all, err := r.house.store.Register(ctx, from, from.AddDate(1, 0, 0))
	if err != nil {
		return err
	}
	part := letter.AccountPart{}
	for _, c := range all {
		what := c.Original
		if what == "" {
			what = c.Title
		}
		pages := texts.N("certify.register.pages", c.Pages)
		if c.Sides > 0 {
			pages = texts.N("pages", c.Sides)
		}
		text := what + "\n" + strings.Trim(c.CaseNumber+" · "+c.Party, " ·") + "\n" + pages + ", " + c.User
		if c.Purpose != "" {
			text += ", " + c.Purpose
		}
		part.Rows = append(part.Rows, letter.AccountRow{Label: c.Number + "\n" + texts.DateTime(c.Time), Text: text})
	}
	return letter.WriteAccount(w, letter.Account{
		Lang: texts.Lang(), Authority: p.Authority, Title: texts.T("certify.register"), Subject: texts.N("certify.register.copies", len(all), "year", year), Made: p.Made, Parts: []letter.AccountPart{part},
	})
}
