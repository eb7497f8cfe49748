package casefile

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"schalter/data/letter"
	"schalter/ui/command"
	"schalter/ui/control"
)

// certifying is the form for a certified copy. What has to stand in it is the rule of package letter; the form
// names what is missing.
type certifying struct {
	p      *papers
	open   bool
	busy   bool
	object *fyne.Container

	fields, verified *fyne.Container // verified: what the verification of a signature has shown

	original, purpose, place, official, remark *control.Entry
	holder, signed, chain                      *control.Entry
	kind, issued, remarks, doubts              *control.Picks
	lacking                                    *control.Label
	base                                       letter.Certificate
}

// The picks.
const (
	pickPaper  = "paper"
	pickFile   = "file"
	pickSigned = "signed"
	pickYes    = "yes"
	pickNo     = "no"
)

func newCertifying(p *papers) *certifying {
	t := p.s.Texts
	f := &certifying{p: p, kind: control.NewPicks(1), issued: control.NewPicks(1), remarks: control.NewPicks(0), doubts: control.NewPicks(0)}
	f.lacking = control.NewParagraph("", control.Waiting)
	var scrolled *fyne.Container
	reveal := func(o fyne.CanvasObject) { control.Reveal(scrolled, o) } // nobody types where she does not see
	for _, p := range []*control.Picks{f.kind, f.issued, f.remarks, f.doubts} {
		p.OnFocus = reveal
	}
	field := func(key string, rows int) *control.Entry {
		e := control.NewEntry()
		if rows > 1 {
			e = control.NewArea(rows)
		}
		e.Label = t.T(key)
		e.OnFocus = func(on bool) {
			if on {
				reveal(e)
			}
		}
		return e
	}
	f.original, f.purpose, f.place = field("certify.original", 2), field("certify.for", 1), field("certify.place", 1)
	f.official, f.remark = field("certify.official", 1), field("certify.remark", 2)
	f.holder, f.signed, f.chain = field("certify.holder", 1), field("certify.signed_at", 1), field("certify.chain", 2)
	f.signed.SetPlaceHolder(t.T("certify.signed_at.hint"))
	labelled := func(e *control.Entry) fyne.CanvasObject {
		return control.Column(4, control.NewLabel(e.Label, control.Caption), e)
	}
	picked := func(key string, p *control.Picks) fyne.CanvasObject {
		return control.Column(4, control.NewParagraph(t.T(key), control.Caption), wrapped(p))
	}
	f.verified = control.Column(14, control.NewParagraph(t.T("certify.signature"), control.Caption), labelled(f.holder), labelled(f.signed), labelled(f.chain))
	f.fields = control.Column(14,
		control.NewParagraph(t.T("paper.certify"), control.H2), control.NewParagraph(t.T("certify.how"), control.Small),
		labelled(f.original), picked("certify.kind", f.kind), f.verified, picked("certify.issued", f.issued), labelled(f.purpose),
		picked("certify.doubts", f.doubts), picked("certify.remarks", f.remarks), labelled(f.remark), labelled(f.place), labelled(f.official))
	f.kind.OnChanged = f.ask
	scrolled = control.Scroll(control.Pad(14, 16, 14, 16, f.fields))
	f.object = control.Column(0, control.Grow(scrolled), control.NewDivider(),
		control.Pad(10, 16, 10, 16, control.Column(8, f.lacking, control.Row(control.GapButtons, control.Spacer(),
			control.NewButton(t.T("casefile.note.later"), command.Plain(fyne.KeyEscape).Label(t), control.Plain, func() { f.close(); p.lay() }),
			control.NewButton(t.T("certify.do"), command.Ctrl(fyne.KeyReturn).Label(t), control.Primary, f.make)))))
	return f
}

// ask asks for what the verification of a signature has shown, where there is one.
func (f *certifying) ask() {
	f.verified.Hidden = !slices.Contains(f.kind.Picked(), pickSigned)
	f.fields.Refresh()
}

// wrapped lets a row of picks break into lines.
func wrapped(p *control.Picks) fyne.CanvasObject {
	row := p.Object()
	if c, ok := row.(*fyne.Container); ok {
		c.Layout = newFlow().Layout
	}
	return row
}

// begin empties the form and asks what the desk knows already.
func (f *certifying) begin() {
	t := f.p.s.Texts
	f.open, f.busy = true, false
	for _, e := range []*control.Entry{f.original, f.purpose, f.remark, f.holder, f.signed, f.chain} {
		e.SetText("")
	}
	offer := func(p *control.Picks, prefix string, ids ...string) {
		var all []control.Pick
		for _, id := range ids {
			all = append(all, control.Pick{ID: id, Text: t.T(prefix + id)})
		}
		p.Offer(all)
		p.Clear()
	}
	offer(f.kind, "certify.kind.", pickPaper, pickFile, pickSigned)
	offer(f.issued, "certify.issued.", pickYes, pickNo)
	offer(f.remarks, "certify.remark.", texts(letter.Remarks())...)
	offer(f.doubts, "certify.doubt.", texts(letter.Doubts())...)
	if d, ok := f.p.current(); ok && d.Title != "" {
		f.original.SetText(d.Title)
	}
	f.p.s.Renditions.Blank(func(known letter.Certificate) {
		f.base = known
		f.place.SetText(known.Place)
		f.official.SetText(known.Official)
	})
	f.tell(nil)
	f.ask()
}

// tell names what is missing.
func (f *certifying) tell(lacks []string) {
	f.lacking.Hidden = len(lacks) == 0
	f.lacking.SetText(strings.Join(lacks, "\n"))
	f.object.Refresh()
	f.p.s.right.Refresh()
}

func texts[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}

func (f *certifying) close() { f.open = false }

// filled is what the form says.
func (f *certifying) filled() letter.Certificate {
	c := f.base
	d, _ := f.p.current()
	c.Day, c.Case, c.Pages = f.p.s.Clock(), f.p.s.file.Case.Number, max(1, d.Pages)
	c.Original, c.For, c.Place, c.Official, c.Remark = f.original.Text, f.purpose.Text, f.place.Text, f.official.Text, f.remark.Text
	kind := f.kind.Picked()
	c.File = slices.Contains(kind, pickFile) || slices.Contains(kind, pickSigned)
	c.Issued = slices.Contains(f.issued.Picked(), pickYes)
	c.Signature = nil
	if slices.Contains(kind, pickSigned) {
		at, _ := time.ParseInLocation("02.01.2006 15:04", strings.TrimSpace(f.signed.Text), c.Day.Location()) // not readable: none, which is asked for
		c.Signature = &letter.Signature{Holder: f.holder.Text, Time: at, Certificates: f.chain.Text}
	}
	for _, r := range f.remarks.Picked() {
		c.Remarks = append(c.Remarks, letter.Remark(r))
	}
	for _, x := range f.doubts.Picked() {
		c.Doubts = append(c.Doubts, letter.Doubt(x))
	}
	return c
}

// first is the field, from the top, in which something is missing.
func (f *certifying) first(lacks []letter.Lack) fyne.Focusable {
	signature := []*control.Entry{f.holder, f.signed, f.chain}
	empty := slices.IndexFunc(signature, func(e *control.Entry) bool { return strings.TrimSpace(e.Text) == "" })
	for _, at := range []struct {
		lacks bool
		field fyne.Focusable
	}{
		{slices.Contains(lacks, letter.LackOriginal), f.original},
		{len(f.kind.Picked()) == 0, button(f.kind)},
		{slices.Contains(lacks, letter.LackSignature), signature[max(empty, 0)]},
		{slices.Contains(lacks, letter.LackFor), f.purpose},
		{slices.Contains(lacks, letter.LackTrust), button(f.doubts)},
		{slices.Contains(lacks, letter.LackPlace), f.place},
		{slices.Contains(lacks, letter.LackOfficial), f.official},
	} {
		if at.lacks && at.field != nil {
			return at.field
		}
	}
	return f.original
}

// button is the first of a row of picks.
func button(p *control.Picks) fyne.Focusable {
	if c, ok := p.Object().(*fyne.Container); ok && len(c.Objects) > 0 {
		if b, ok := c.Objects[0].(fyne.Focusable); ok {
			return b
		}
	}
	return nil
}

// make makes the copy, or names what is missing and gives the keys to the first field of it.
func (f *certifying) make() {
	if f.busy {
		return
	}
	t := f.p.s.Texts
	c := f.filled()
	lacks := c.Check()
	var words []string
	for _, l := range lacks {
		words = append(words, t.T("certify.lack."+string(l)))
	}
	if len(f.kind.Picked()) == 0 {
		words = append(words, t.T("certify.lack.kind"))
	}
	f.tell(words)
	if len(words) > 0 {
		control.Focus(f.first(lacks))
		return
	}
	d, ok := f.p.current()
	if !ok {
		return
	}
	f.busy = true
	f.p.s.Renditions.Certify(f.p.s.file.Case, d, c, func(done bool) {
		f.busy = false
		if done {
			f.close()
			f.p.s.Changed()
			f.p.lay()
		}
	})
}
