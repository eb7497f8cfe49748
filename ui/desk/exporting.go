package desk

import (
	"context"
	"io"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
)

// The ways in which a case leaves the house.
const (
	asPDF    = "pdf"
	asFolder = "folder"
	asZip    = "zip"
)

// ways are those that are offered, in their order.
func (r renditions) ways() (out []string) {
	if r.svc.Save != nil {
		out = append(out, asPDF)
	}
	if r.svc.Folder != nil {
		out = append(out, asFolder)
	}
	if r.svc.Save != nil {
		out = append(out, asZip)
	}
	return out
}

// ExportCase asks in which way the whole case is to be written, and where to, and writes it.
func (r renditions) ExportCase(c record.Case) {
	d, t, ways := r.d, r.d.texts, r.ways()
	if len(ways) == 0 || d.keys.Layered() {
		return
	}
	var layer *control.Layer
	take := func(i int) {
		if i >= 0 && i < len(ways) {
			layer.Close()
			r.export(c, ways[i])
		}
	}
	list := control.NewList(func() fyne.CanvasObject { return newWayRow() }, func(i int, o fyne.CanvasObject) {
		if i < len(ways) {
			o.(*wayRow).show(strconv.Itoa(i+1), t.T("export.as."+ways[i]), t.T("export.as."+ways[i]+".how"))
		}
	})
	list.RowHeight, list.Name, list.OnOpen = wayHeight, t.T("export.title"), take
	keys := make([]command.Command, len(ways))
	for i, w := range ways {
		keys[i] = command.Command{ID: "export." + w, Keys: []command.Key{command.Plain(fyne.KeyName(strconv.Itoa(i + 1)))}, Run: func() { take(i) }}
	}
	body := control.Column(0,
		control.Pad(16, 18, 4, 18, control.NewLabel(t.T("export.title"), control.H2)),
		control.Pad(0, 18, 12, 18, control.NewParagraph(t.T("export.how"), control.Muted)), control.NewDivider(),
		control.Pad(0, 1, 0, 1, fixedHeight(wayHeight*float32(len(ways)), list)), control.NewDivider(), d.layerFoot(t.T("export.choose")))
	layer = control.ShowLayer(d.win.Canvas(), d.keys, "command.paper.export", 620, body, keys, nil)
	list.SetLength(len(ways))
	list.Select(0)
	d.layer = layer.Focus(list)
}

func (r renditions) export(c record.Case, as string) {
	name := c.Number
	if name == "" {
		name = string(c.ID)
	}
	if as != asFolder {
		r.save(name+"."+as, name, func(ctx context.Context, w io.Writer) error { return r.svc.Renditions.WriteCase(ctx, w, c, as) })
		return
	}
	r.svc.Folder(r.d.host(), func(dir string, err error) {
		if err != nil {
			r.d.trouble(err)
		}
		if dir == "" || err != nil {
			return
		}
		r.d.say(control.KindInfo, r.d.texts.T("export.running", "title", name), "")
		r.d.Run(func(ctx context.Context) func() {
			at, err := r.svc.Renditions.WriteFolder(ctx, dir, c)
			return func() { r.tell("export.done", err, "title", name, "path", at) }
		})
	})
}

// finish ends what was written: it is kept only if all of it is there.
func finish(w io.WriteCloser, err error) error {
	if err == nil {
		return w.Close()
	}
	if d, ok := w.(interface{ Drop() error }); ok {
		_ = d.Drop() // what went wrong first is what counts
		return err
	}
	_ = w.Close() // the same
	return err
}

// wayHeight is the height of a row, at 100 %.
const wayHeight = 64

// wayRow is a way to choose: its key, its name, and what one gets.
type wayRow struct {
	widget.BaseWidget
	body       *fyne.Container
	head, what *control.Label
	key        *fyne.Container
}

func newWayRow() *wayRow {
	r := &wayRow{head: control.NewShort("", control.Strong), what: control.NewShort("", control.Small), key: control.Row(0)}
	r.body = control.Pad(0, 18, 0, 18, control.Upright(control.Row(14, r.key, control.Grow(control.Column(2, r.head, r.what)))))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *wayRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *wayRow) show(key, head, what string) {
	r.key.Objects = []fyne.CanvasObject{control.NewKeyCap(key)}
	r.head.SetText(head)
	r.what.SetText(what)
	r.body.Refresh()
}
