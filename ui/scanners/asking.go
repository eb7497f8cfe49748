package scanners

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/fleet"
	"schalter/data/scan/profile"
	"schalter/ui/control"
	"schalter/ui/look"
)

// question is a layer with one field.
type question struct {
	title, lead, label, yes string
	secret                  bool
	answer                  func(ctx context.Context, typed string) error // off the window's goroutine
	then                    func(typed string)
	more                    fyne.CanvasObject // a button more, or nil
}

// put asks a question.
func (s *Screen) put(q question) (close func()) {
	if s.Keys.Layered() {
		return func() {}
	}
	t := s.Texts
	field := control.NewEntry()
	if q.secret {
		field = control.NewPassword()
	}
	field.Label = t.T(q.label)
	message := control.NewParagraph("", control.Trouble)
	message.Hide()
	var layer *control.Layer
	busy := false
	field.OnSubmitted = func(typed string) {
		if busy {
			return
		}
		busy = true
		s.Run(func(ctx context.Context) func() {
			err := q.answer(ctx, typed)
			return func() {
				busy = false
				if _, compare := s.Office.Certificate(err); err != nil && !compare {
					text, hint := t.Error(err)
					message.SetText(text + " " + hint)
					message.Show()
					layer.Relay()
					return
				}
				layer.Close()
				if err == nil || !s.trust(err, func() { q.then(typed) }) {
					q.then(typed)
				}
			}
		})
	}
	buttons := control.Row(control.GapButtons)
	if q.more != nil {
		buttons.Add(q.more)
	}
	buttons.Add(control.Spacer())
	buttons.Add(control.NewButton(t.T("button.cancel"), t.T("key.Escape"), control.Plain, func() { layer.Close() }))
	buttons.Add(control.NewButton(t.T(q.yes), t.T("key.Return"), control.Primary, func() { field.OnSubmitted(field.Text) }))
	body := control.PadAll(24, control.Column(12, control.NewParagraph(t.T(q.title), control.H1), control.NewParagraph(t.T(q.lead), control.Muted),
		control.Column(5, control.NewLabel(t.T(q.label), control.Caption), field), message, control.Pad(4, 0, 0, 0, buttons)))
	layer = control.ShowLayer(s.Canvas, s.Keys, q.title, 620, body, nil, nil)
	layer.Focus(field)
	return layer.Close
}

// askAddress adds a scanner by its address.
func (s *Screen) askAddress() {
	s.locked(func() {
		s.put(question{
			title: "scanners.address.title", lead: "scanners.address.lead", label: "scanners.address.label", yes: "scanners.add",
			answer: func(ctx context.Context, typed string) error {
				_, err := s.Office.Identify(ctx, typed)
				return err
			},
			then: func(typed string) {
				typed = strings.TrimSpace(typed)
				s.home.added = typed
				s.change(func(b *profile.Book) error {
					if !slices.Contains(b.Addresses, typed) {
						b.Addresses = append(b.Addresses, typed)
					}
					return nil
				}, s.home.look)
			},
		})
	})
}

// askFolder adds a watched folder.
func (s *Screen) askFolder() {
	s.locked(func() {
		var closeIt func()
		name := func(full string) string {
			r := []rune(s.Texts.T("scanners.folder.profile", "name", filepath.Base(full)))
			return string(r[:min(len(r), profile.MaxName)])
		}
		add := func(path string) {
			full := path
			s.change(func(b *profile.Book) error {
				var err error
				if full, err = s.Office.Folder(path); err != nil {
					return err
				}
				if !slices.Contains(b.Folders, full) {
					b.Folders = append(b.Folders, full)
				}
				id := fleet.ID(folders, full)
				if !slices.ContainsFunc(b.Profiles, func(p profile.Profile) bool { return p.Device == id }) {
					b.Profiles = append(b.Profiles, profile.Profile{ID: string(record.NewID()), Name: name(full), Device: id, Called: filepath.Base(full), Settings: profile.Defaults()[1].Settings})
				}
				return nil
			}, func() {
				s.home.added = full
				s.home.look()
			})
		}
		q := question{
			title: "scanners.folder.title", lead: "scanners.folder.lead", label: "scanners.folder.label", yes: "scanners.add",
			answer: func(_ context.Context, typed string) error {
				_, err := s.Office.Folder(typed)
				return err
			},
			then: add,
		}
		if s.Choose != nil {
			q.more = control.NewButton(s.Texts.T("scanners.folder.choose"), "", control.Plain, func() {
				closeIt()
				s.Choose(func(path string, err error) {
					switch {
					case err != nil:
						s.fail(err)
					case path != "":
						add(path)
					}
				})
			})
		}
		closeIt = s.put(q)
	})
}

// locked does something that a lock forbids, after the PIN where there is one.
func (s *Screen) locked(do func()) {
	if s.home.book.Lock == nil || s.pin != "" {
		do()
		return
	}
	s.askPIN(do)
}

// askPIN asks for the administrator's PIN and goes on.
func (s *Screen) askPIN(then func()) {
	lock := s.home.book.Lock
	s.put(question{
		title: "scanners.pin.title", lead: "scanners.pin.lead", label: "scanners.pin", yes: "scanners.pin.open", secret: true,
		answer: func(_ context.Context, typed string) error {
			if !lock.Opens(typed) {
				return record.E(record.CodeProfilePIN, nil)
			}
			return nil
		},
		then: func(typed string) {
			s.pin = typed
			then()
		},
	})
}

// lock locks the settings, or takes the lock away.
func (s *Screen) lock() {
	if s.home.book.Lock != nil {
		s.locked(func() {
			s.ask(s.Texts.T("scanners.unlock.title"), []string{s.Texts.T("scanners.unlock.text")}, s.Texts.T("scanners.unlock.yes"), func() {
				s.change(func(b *profile.Book) error { b.Lock = nil; return nil }, func() {
					s.pin = ""
					s.home.say(control.KindInfo, s.Texts.T("scanners.unlocked"), "")
				})
			})
		})
		return
	}
	s.put(question{
		title: "scanners.lock.title", lead: "scanners.lock.lead", label: "scanners.pin.new", yes: "scanners.lock.yes", secret: true,
		answer: func(_ context.Context, typed string) error {
			_, err := profile.NewLock(typed)
			return err
		},
		then: func(typed string) {
			s.change(func(b *profile.Book) (err error) {
				b.Lock, err = profile.NewLock(typed)
				return err
			}, func() {
				s.home.say(control.KindGood, s.Texts.T("scanners.lock.done"), s.Texts.T("scanners.lock.done.hint"))
			})
		},
	})
}

// ask asks about what cannot be undone. The safe answer has the keys.
func (s *Screen) ask(title string, paragraphs []string, yes string, do func()) {
	if s.Keys.Layered() {
		return
	}
	t := s.Texts
	text := control.Column(12, control.NewParagraph(title, control.H2))
	for _, p := range paragraphs {
		text.Add(control.NewParagraph(p, control.Body))
	}
	var layer *control.Layer
	keep := control.NewButton(t.T("button.cancel"), t.T("key.Escape"), control.Plain, func() { layer.Close() })
	act := control.NewButton(yes, "", control.Danger, func() {
		layer.Close()
		do()
	})
	text.Add(control.Pad(8, 0, 0, 0, control.Row(control.GapButtons, control.Spacer(), act, keep)))
	layer = control.ShowLayer(s.Canvas, s.Keys, "ask.title", 540, control.PadAll(24, text), nil, nil)
	layer.Focus(keep)
}

// askCertificate has somebody compare what a device of the network shows of itself.
func (s *Screen) askCertificate(c Certificate, then func()) {
	t := s.Texts
	text := []string{t.T("scanners.certificate.text"), Pairs(c.Fingerprint)}
	if c.Known != "" {
		text = []string{t.T("scanners.certificate.changed"), Pairs(c.Fingerprint), t.T("scanners.certificate.before"), Pairs(c.Known)}
	}
	s.ask(t.T("scanners.certificate.title", "host", c.Host), text, t.T("scanners.certificate.yes"), func() {
		s.change(func(b *profile.Book) error { b.Certificates[c.Device] = c.Fingerprint; return nil }, func() {
			s.home.side.forget()
			then()
		})
	})
}

// showPage shows the page of a try.
func (s *Screen) showPage(d Device, p *scan.Page) {
	if s.Keys.Layered() {
		return
	}
	t := s.Texts
	img, err := scan.Decode(p.Data)
	if err != nil {
		s.fail(record.E(record.CodeScanBadData, err, "page", 1))
		return
	}
	picture := canvas.NewImageFromImage(img)
	picture.FillMode = canvas.ImageFillContain
	picture.ScaleMode = canvas.ImageScaleSmooth
	picture.SetMinSize(fyne.NewSize(look.Px(340), look.Px(400)))
	var layer *control.Layer
	done := control.NewButton(t.T("button.close"), t.T("key.Escape"), control.Primary, func() { layer.Close() })
	words := t.T("scanners.try.page", "width", t.Number(p.Width), "height", t.Number(p.Height), "dpi", p.DPI, "size", t.Size(int64(len(p.Data))))
	body := control.PadAll(24, control.Column(12, control.NewParagraph(d.Name(), control.H1), picture,
		control.NewParagraph(words, control.Muted), control.NewParagraph(t.T("scanners.try.kept"), control.Muted), control.Row(control.GapButtons, control.Spacer(), done)))
	layer = control.ShowLayer(s.Canvas, s.Keys, "scanners.try.title", 620, body, nil, nil)
	layer.Focus(done)
}

// keep puts a profile into the book; trouble is said on its page, which stays.
func (s *Screen) keep(x profile.Profile, page *profilePage) {
	page.saving = true
	pin := s.pin
	s.Run(func(ctx context.Context) func() {
		err := s.Office.Change(ctx, pin, func(b *profile.Book) error {
			if i := slices.IndexFunc(b.Profiles, func(y profile.Profile) bool { return y.ID == x.ID }); i >= 0 {
				b.Profiles[i] = x
			} else {
				b.Profiles = append(b.Profiles, x)
			}
			return nil
		})
		return func() {
			page.saving = false
			switch {
			case record.CodeOf(err) == record.CodeProfileLocked:
				s.askPIN(func() { s.keep(x, page) })
			case err != nil:
				text, hint := s.Texts.Error(err)
				page.say(text + " " + hint)
			default:
				s.back()
			}
		}
	})
}
