package capture

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/standing"
)

// registerLayer is the type-ahead over the register of persons. Enter takes the selected one, for the
// purpose that stands below; the bank account comes along only where it was ticked.
type registerLayer struct {
	s     *Screen
	t     *Tab
	hits  []record.PartyHit
	err   error
	asked string // what the hits are the answer to
	query latest[string, []record.PartyHit]

	entry, purpose *control.Entry
	account        *control.Tick
	along          *fyne.Container // the account with its key, where there is one
	list           *control.List
	note           *control.Label
	layer          *control.Layer
}

const (
	registerRow   = 62
	registerRows  = 5
	registerLimit = 20
)

func showRegister(c fyne.Canvas, s *Screen, t *Tab) *registerLayer {
	r := &registerLayer{s: s, t: t}
	r.query = latest[string, []record.PartyHit]{
		rt: s.d.Run, ctx: s.m.ctx, show: r.show,
		ask: func(ctx context.Context, typed string) ([]record.PartyHit, error) {
			return s.d.Parties.Parties(ctx, typed, registerLimit)
		},
	}
	r.layer = control.ShowLayer(c, s.d.Keys, "register.title", 760, r.build(), []command.Command{
		{ID: "register.account", Keys: []command.Key{accountKey}, Enabled: r.along.Visible, Run: r.account.Toggle},
	}, nil)
	r.layer.Focus(r.entry)
	p := t.Party()
	r.entry.SetText(join(" ", p.Organisation, p.Family, p.Given))
	r.entry.CursorColumn = len([]rune(r.entry.Text))
	r.typed(r.entry.Text)
	return r
}

// accountKey ticks the bank account while the cursor is in the field.
var accountKey = command.Alt(fyne.KeyK)

func (r *registerLayer) build() fyne.CanvasObject {
	texts := r.s.texts
	r.entry = control.NewEntry()
	r.entry.Label = texts.T("register.title")
	r.entry.SetPlaceHolder(texts.T("register.placeholder"))
	r.entry.OnChanged = r.typed
	r.entry.OnSubmitted = func(string) { r.take(max(r.list.Selected(), 0)) }
	r.entry.OnKey = func(k *fyne.KeyEvent) bool { return r.move(k) }
	r.purpose = control.NewEntry()
	r.purpose.Label = texts.T("register.purpose")
	r.purpose.SetText(r.t.form.Title.In(texts.Lang()))
	r.purpose.OnSubmitted = r.entry.OnSubmitted
	r.purpose.OnKey = r.entry.OnKey
	r.purpose.OnChanged = func(s string) { r.purpose.SetState(wants(s)) }
	r.account = control.NewTick(texts.T("register.account"), nil)
	r.note = control.NewParagraph(texts.T("register.start"), control.Muted)
	r.list = control.NewList(func() fyne.CanvasObject { return newPersonRow() }, func(i int, o fyne.CanvasObject) {
		if i < len(r.hits) {
			o.(*personRow).show(texts, r.hits[i])
		}
	})
	r.list.RowHeight, r.list.Name = registerRow, texts.T("register.title")
	r.list.OnOpen = r.take
	r.list.OnSelect = func(int) { r.offerAccount() }
	r.along = control.Row(6, r.account, control.NewKeyCap(accountKey.Label(texts)))
	r.along.Hide()
	purpose := control.Row(10, control.NewLabel(texts.T("register.purpose"), control.Caption), control.Grow(r.purpose), r.along)
	return control.Column(0,
		control.PadAll(14, r.entry), control.NewDivider(),
		&fyne.Container{Layout: registerHigh{}, Objects: []fyne.CanvasObject{control.Pad(1, 1, 1, 1, r.list), control.PadAll(18, r.note)}},
		control.NewDivider(), control.Pad(10, 14, 10, 14, purpose), control.NewDivider(),
		control.Pad(8, 14, 8, 14, control.Row(14, control.Spacer(),
			control.NewKeyCap("↑ ↓"), control.NewLabel(texts.T("find.choose"), control.Small),
			control.NewKeyCap(texts.T("key.Return")), control.NewLabel(texts.T("register.take"), control.Small),
			control.NewKeyCap(texts.T("key.Escape")), control.NewLabel(texts.T("find.close"), control.Small))))
}

// wants marks a purpose that is empty.
func wants(purpose string) control.FieldState {
	if strings.TrimSpace(purpose) == "" {
		return control.FieldTrouble
	}
	return control.FieldPlain
}

// move lets the arrows move among the persons while the cursor stays in a field.
func (r *registerLayer) move(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
		r.list.TypedKey(k)
		return true
	}
	return false
}

func (r *registerLayer) typed(text string) {
	r.query.Want(strings.TrimSpace(text))
	r.say()
}

// show takes the answer to what stands in the field.
func (r *registerLayer) show(hits []record.PartyHit, err error) {
	if !r.layer.Open() {
		return
	}
	r.hits, r.err, r.asked = hits, err, r.query.shown
	r.list.SetLength(len(hits))
	if len(hits) > 0 {
		r.list.ScrollTo(0)
		r.list.Select(0)
	}
	r.offerAccount()
	r.say()
}

func (r *registerLayer) say() {
	texts := r.s.texts
	r.note.Hidden = len(r.hits) > 0
	switch {
	case r.err != nil:
		text, hint := texts.Error(r.err)
		r.note.SetText(text + " " + hint)
	case strings.TrimSpace(r.entry.Text) == "":
		r.note.SetText(texts.T("register.start"))
	case r.query.Waiting():
		r.note.SetText(texts.T("find.searching"))
	default:
		r.note.SetText(texts.T("register.nothing", "query", r.asked))
	}
	r.note.Refresh()
}

// offerAccount offers the account of the selected person, never ticked by itself.
func (r *registerLayer) offerAccount() {
	i := r.list.Selected()
	if i < 0 || i >= len(r.hits) || r.hits[i].Party.IBAN == "" || !r.t.Has(record.RoleIBAN) {
		r.along.Hide()
		r.account.Set("", false)
	} else {
		r.account.Set(r.s.texts.T("register.account", "account", accountEnds(r.hits[i].Party.IBAN)), false)
		r.along.Show()
	}
	r.layer.Relay()
}

// accountEnds is what of an account tells it from others: whoever looks over the counter sees no more.
func accountEnds(iban string) string {
	if len(iban) < 8 {
		return iban
	}
	return iban[:4] + " … " + iban[len(iban)-4:]
}

// take fills the draft with a person and closes the layer.
func (r *registerLayer) take(i int) {
	if i < 0 || i >= len(r.hits) || r.asked != strings.TrimSpace(r.entry.Text) {
		return
	}
	purpose := strings.TrimSpace(r.purpose.Text)
	if purpose == "" {
		r.purpose.SetState(control.FieldTrouble)
		control.Focus(r.purpose)
		return
	}
	hit, account := r.hits[i], r.account.On()
	r.layer.Close()
	r.t.Take(Taking{Hit: hit, Account: account, Purpose: purpose})
	r.s.say(Message{Key: "register.taken", Args: []any{"name", hit.Party.Name(), "number", hit.Number, "purpose", purpose}, Undo: func() { r.t.Untake() }})
	if v := r.s.forms[r.t]; v != nil {
		v.Focus(r.t.FirstEmpty())
	}
}

// registerHigh keeps room for some persons, so that the panel does not jump while one types.
type registerHigh struct{}

func (registerHigh) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(300), look.Px(registerRow*registerRows))
}

func (registerHigh) Layout(o []fyne.CanvasObject, s fyne.Size) {
	for _, x := range o {
		x.Move(fyne.Position{})
	}
	o[0].Resize(s)
	o[1].Resize(fyne.NewSize(s.Width, o[1].MinSize().Height))
}

// personRow is one person: name and date of birth above, address and the last case below.
type personRow struct {
	widget.BaseWidget
	body                      *fyne.Container
	name, born, address, last *control.Label
}

func newPersonRow() *personRow {
	r := &personRow{
		name: control.NewLabel("", control.Strong), born: control.NewShort("", control.Body),
		address: control.NewShort("", control.Muted), last: control.NewLabel("", control.Small),
	}
	r.body = control.Pad(0, 16, 0, 16, control.Upright(control.Column(3,
		control.Row(12, r.name, control.Grow(r.born)), control.Row(12, control.Grow(r.address), r.last))))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *personRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *personRow) show(t *i18n.Texts, h record.PartyHit) {
	r.name.SetText(h.Party.Name())
	birth := ""
	if h.Party.Birth != "" {
		birth = t.T("party.born", "date", t.DateText(h.Party.Birth))
	}
	r.born.SetText(join(" · ", birth, h.Party.Phone))
	r.address.SetText(h.Party.Address())
	r.last.SetText(join(" · ", t.N("register.cases", h.Cases), t.T("register.last", "number", caseNumber(t, h.Number),
		"title", standing.Title(t, h.Title, h.Service, ""), "date", t.Date(h.Since))))
	r.body.Refresh()
}
