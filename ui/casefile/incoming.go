package casefile

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/pagetable"
	"schalter/ui/stack"
)

// incoming is paper that is scanned for the case. It goes into the tray, with the case as where it belongs, so that
// every page is durable before the scanner goes on and nothing is lost with the window; on the page table the clerk
// sees the pages come, puts them in order and says which proof they are. What she decides there is noted in the
// tray at once. Only her key files them; pages behind the cover sheet of another case are never among them unless
// she says so.
type incoming struct {
	s       *Screen
	t       tableLayer
	scan    *stack.Scan
	profile int
	banner  *control.Banner // that pages wait, or how the scan goes

	mine    []stack.Item // groups of this case, and what is not looked at yet
	away    []stack.Item // groups of stacks scanned here that belong elsewhere, or nobody knows where
	cannot  map[record.ID]error
	lies    []record.Document // on the table
	opens   bool              // the first page that comes opens the table
	loading bool
	again   bool
	noted   int // decisions so far
	looking bool
	writing bool
	queue   []func(context.Context) error // decisions to be noted
	then    func()                        // once all are
	filing  bool
	undo    []stack.Filed
	said    string // of what was filed
}

func newIncoming(s *Screen) *incoming {
	in := &incoming{s: s, banner: control.NewBanner(), cannot: map[record.ID]error{}}
	return in
}

// offered reports whether anything can be scanned for the case.
func (in *incoming) offered() bool {
	return in.s.Room != nil && in.s.Room.Scanner != nil && in.s.Pictures != nil
}

// ready reports whether a scan can begin now.
func (in *incoming) ready() bool {
	return in.offered() && in.s.loaded && in.s.file.Case.Number != "" && !in.s.file.Case.Deleted && in.scan == nil && !in.filing
}

func (in *incoming) commands() []command.Command {
	list := []command.Command{
		{ID: "casefile.scan", Menu: "file", Keys: []command.Key{scanKey}, Enabled: in.ready, Run: func() { in.start(in.way()) }},
		{ID: "casefile.scan.way", Keys: []command.Key{wayKey}, Enabled: in.offered, Run: in.nextWay},
		{ID: "casefile.scan.undo", Keys: []command.Key{undoKey}, Enabled: in.undoable, Run: in.takeBack},
		{ID: "casefile.scan.waiting", Keys: []command.Key{waitingKey}, Enabled: func() bool { return in.pages() > 0 && !in.t.shown() }, Run: in.look},
	}
	for i := range mostWays {
		list = append(list, command.Command{
			ID: "casefile.scan.with", Hidden: i > 0, Keys: []command.Key{withKey(i)},
			Enabled: func() bool { return in.ready() && i < len(in.ways()) },
			Run: func() {
				in.profile = i
				in.start(in.way())
			},
		})
	}
	return list
}

// mostWays is how many ways to scan have a key of their own.
const mostWays = 9

// withKey scans with a way at once, as in the capture screen.
func withKey(i int) command.Key {
	return command.Key{Name: fyne.KeyName(strconv.Itoa(i + 1)), Mod: fyne.KeyModifierAlt | fyne.KeyModifierShift}
}

func (in *incoming) ways() []stack.Profile { return in.s.Room.Profiles(in.s.Texts.Lang()) }

// way is how is scanned next.
func (in *incoming) way() stack.Profile {
	if all := in.ways(); len(all) > 0 {
		return all[in.profile%len(all)]
	}
	return stack.Profile{}
}

// nextWay chooses the next way to scan, and says which it is.
func (in *incoming) nextWay() {
	in.profile++
	words := in.s.Texts.T("casefile.scan.by", "way", in.way().Label)
	if in.t.shown() {
		in.t.view.Say(words)
		return
	}
	in.s.banner.Say(control.KindInfo, words, "", in.s.closeButton())
	in.s.object.Refresh()
}

// ScanWith scans for the case with a profile, as the scanner's own button does. It reports whether it did.
func (s *Screen) ScanWith(profile string) bool {
	if !s.incoming.ready() {
		return false
	}
	i := slices.IndexFunc(s.incoming.ways(), func(p stack.Profile) bool { return p.ID == profile })
	if i < 0 {
		return false
	}
	s.incoming.profile = i
	s.incoming.start(s.incoming.way())
	return true
}

// start scans: into the stack that waits here already, or a new one for the first proof that is missing.
func (in *incoming) start(p stack.Profile) {
	o := stack.Observer{
		Changed: in.tell, Came: in.load,
		Say:   in.trouble,
		Ended: in.ended,
	}
	in.opens = true
	var err error
	var s *stack.Scan
	if st, ok := in.stack(); ok {
		s, err = in.s.Room.More(p, st, o)
	} else {
		goes := sorting.Goes{Number: in.s.file.Case.Number}
		if all := in.s.slots(); len(all) > 1 && !in.s.file.has(all[0].ID) {
			goes.Proof = all[0].ID
		}
		s, err = in.s.Room.Scan(p, &goes, o)
	}
	if err != nil {
		in.trouble(err)
		return
	}
	if in.s.Room.Running() == s.Stack() { // else it is over already
		in.scan = s
	}
	in.tell()
}

// stack is the stack that waits here.
func (in *incoming) stack() (sorting.Stack, bool) {
	if len(in.mine) == 0 {
		return sorting.Stack{}, false
	}
	return in.mine[len(in.mine)-1].Stack, true
}

func (in *incoming) ended(err error) {
	in.scan = nil
	if in.t.shown() {
		in.t.view.Say("") // that a page is being scanned
	}
	if err != nil {
		in.trouble(err)
	}
	in.load()
}

// trouble says what went wrong, where the clerk looks.
func (in *incoming) trouble(err error) {
	text, hint := in.s.Texts.Error(err)
	in.s.banner.Say(control.KindTrouble, text, hint, in.s.closeButton())
	in.s.object.Refresh()
	if in.t.shown() {
		in.t.view.Say(text + " " + hint)
	}
}

// leave stops looking: the scan goes on into the tray.
func (in *incoming) leave() {
	if in.scan != nil {
		in.scan.Leave()
	}
}

// load reads what was scanned for the case.
func (in *incoming) load() {
	if in.s.Room == nil || !in.s.loaded {
		return
	}
	if in.loading {
		in.again = true
		return
	}
	in.loading, in.again = true, false
	noted := in.noted
	in.s.Run(func(ctx context.Context) func() {
		all, err := in.s.Room.Items(ctx, in.s.Texts)
		return func() { in.took(all, err, noted) }
	})
}

// took is told what is in the tray. What was read before the last decision is older than the table, and read again.
func (in *incoming) took(all []stack.Item, err error, noted int) {
	in.loading = false
	switch {
	case err != nil:
		in.trouble(err)
	case in.writing: // it is read again then
	case noted != in.noted:
		in.again = true
	default:
		in.keep(all)
		in.lay()
	}
	in.lookNext()
	in.tell()
	if in.again {
		in.load()
	}
}

// keep sorts out which groups are of this case.
func (in *incoming) keep(all []stack.Item) {
	in.mine, in.away = nil, nil
	for _, i := range all {
		switch g := i.Stack.Goes; {
		case g == nil || g.Number != in.s.file.Case.Number || i.Reason == sorting.ReasonAside:
		case i.Sorted() && i.Known.ID == in.s.id, i.Reason == sorting.ReasonUnread:
			in.mine = append(in.mine, i)
		default:
			in.away = append(in.away, i)
		}
	}
}

// lookNext looks at the next page for cover sheets, one at a time.
func (in *incoming) lookNext() {
	if in.looking || in.s.Room.Reader == nil {
		return
	}
	for _, i := range in.mine {
		for _, l := range i.Leaves {
			if l.Page.Read || in.cannot[l.Page.ID] != nil {
				continue
			}
			in.looking = true
			in.s.Run(func(ctx context.Context) func() {
				err := in.s.Room.Look(ctx, l.Page)
				return func() {
					in.looking = false
					if err != nil && record.CodeOf(err) != record.CodeTrayGone {
						in.cannot[l.Page.ID] = err
					}
					in.load()
				}
			})
			return
		}
	}
}

// unread counts the pages that are still to be looked at.
func (in *incoming) unread() (n int) {
	for _, i := range in.mine {
		for _, l := range i.Leaves {
			if !l.Page.Read && in.cannot[l.Page.ID] == nil {
				n++
			}
		}
	}
	return n
}

// pages counts those that wait to be filed here.
func (in *incoming) pages() int { return count(in.mine) }

func count(all []stack.Item) (n int) {
	for _, i := range all {
		n += len(i.Leaves)
	}
	return n
}

// tell says how the scan goes, or that pages wait.
func (in *incoming) tell() {
	t := in.s.Texts
	switch words := in.progress(); {
	case words != "":
		in.banner.Say(control.KindInfo, words, "", control.NewButton(t.T("casefile.scan.stop"), command.Plain(fyne.KeyEscape).Label(t), control.Plain, in.scan.Stop))
		if in.t.shown() {
			in.t.view.Say(words)
		}
	case in.pages() > 0 && !in.t.shown():
		in.banner.Say(control.KindWaiting, t.N("casefile.scan.waits", in.pages()), t.T("casefile.scan.waits.hint"),
			control.NewButton(t.T("casefile.scan.look"), waitingKey.Label(t), control.Plain, in.look))
	default:
		in.banner.Clear()
	}
	in.s.object.Refresh()
}

// progress is how the scan goes, "" while there is none.
func (in *incoming) progress() string {
	t := in.s.Texts
	switch {
	case in.scan == nil:
		return ""
	case in.scan.Wait == stack.Turn:
		return t.T("tray.scan.turn")
	case in.scan.Wait == stack.Wait:
		return t.T("tray.scan.wait")
	}
	return t.T("tray.scan.page", "page", in.scan.Page)
}

// lay brings the table to what is in the tray; the first page opens it.
func (in *incoming) lay() {
	in.lies = in.documents()
	switch {
	case in.t.shown() && len(in.lies) == 0:
		in.t.close()
	case in.t.shown():
		in.t.table.Sync(in.lies)
		in.t.view.Update()
		in.warn()
	case in.opens && len(in.lies) > 0:
		in.look()
	}
}

// look lays what waits on the table.
func (in *incoming) look() {
	if in.lies = in.documents(); len(in.lies) == 0 || in.t.shown() {
		return
	}
	in.opens = false
	if in.t.view == nil {
		t := in.s.Texts
		in.t.s = in.s
		in.t.left = in.tell
		in.t.view = pagetable.NewView(pagetable.Options{
			Texts: t, Pictures: in.s.Pictures, Go: in.s.background, Do: in.s.Do, Slots: in.s.slots, Changed: in.changed, Vouch: in.vouch,
			Keep: in.ask, KeepWords: t.T("casefile.scan.file"), Close: func() { in.t.close() }, CloseWords: t.T("casefile.scan.later"),
		})
	}
	in.t.view.SetTitle(in.s.Texts.T("casefile.scan.title", "number", in.s.file.Case.Number))
	in.t.show(pagetable.New(in.lies, record.NewID), in.lies[len(in.lies)-1].ID, []command.Command{
		{ID: "casefile.scan", Keys: []command.Key{scanKey}, Enabled: in.ready, Run: func() { in.start(in.way()) }},
		{ID: "casefile.scan.way", Keys: []command.Key{wayKey}, Run: in.nextWay},
		{ID: "casefile.scan.stop", Keys: []command.Key{command.Plain(fyne.KeyEscape)}, Enabled: func() bool { return in.scan != nil && !in.t.view.Large() }, Run: func() { in.scan.Stop() }},
	})
	in.tell()
	in.warn()
}

// warn says on the table that a part of the stack belongs elsewhere.
func (in *incoming) warn() {
	if in.scan == nil && len(in.away) > 0 {
		in.t.view.Say(in.s.Texts.N("casefile.scan.away", count(in.away), "where", in.where()))
	}
}

// where names the cases that cover sheets in the stack name, in words.
func (in *incoming) where() string {
	var names []string
	for _, i := range in.away {
		name := i.Number
		if i.Case.Party != "" {
			name += " (" + i.Case.Party + ")"
		}
		if name == "" {
			name = in.s.Texts.T("tray.reason." + string(i.Reason))
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
