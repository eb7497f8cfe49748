package letter

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"schalter/data/form"
)

// BlankOptions say what an empty form on paper has besides its questions. The zero value is a good one.
type BlankOptions struct {
	Authority string    // "Stadt Musterstadt"; "" leaves a line to write it on
	Contact   []string  // where to bring it, one line each
	Rows      int       // how often what repeats is printed, 3 where it is 0; never less than the form demands
	Made      time.Time // noted in the PDF, so the same day gives the same bytes
}

// Blank writes the empty form as PDF on DIN A4, to be printed and filled by hand where nothing else works:
// every question with a box, a comb or ticks, the proofs as a checklist, a line for the signature, and on
// each page a code with the form, its version and the beginning of its hash, so that whoever keys it in
// takes the same version. What the program calculates is left out.
func Blank(w io.Writer, f *form.Form, lang string, o BlankOptions) error {
	t, err := textsFor(lang)
	if err != nil {
		return err
	}
	s, err := newSheet(paper{title: f.Title.In(lang) + " " + f.Version, author: o.Authority, subject: t.say("blank.subject"), made: o.Made}, t)
	if err != nil {
		return err
	}
	b := &blank{sheet: s, f: f, lang: lang, o: o, sometimes: map[string]bool{}}
	for _, r := range f.Rules {
		if r.Kind == form.RuleShow || r.Kind == form.RuleHide {
			for _, path := range r.On {
				b.sometimes[path] = true
			}
		}
	}
	b.later = b.laterHead
	b.head()
	for _, g := range f.Groups {
		b.group(g, 0)
	}
	b.proofs()
	b.sign()
	if err := b.foot(); err != nil {
		return err
	}
	return b.write(w)
}

// blank is an empty form being written.
type blank struct {
	*sheet
	f         *form.Form
	lang      string
	o         BlankOptions
	sometimes map[string]bool // asked only in some cases
	signed    bool            // the form has a field for the signature
}

// BlankCode is what the code on a page of an empty form says: form, version, the first twelve digits of the
// hash and the page.
func BlankCode(f *form.Form, page int) string {
	return "schalter-form:" + f.ID + ":" + f.Version + ":" + string(f.Hash)[:12] + ":" + strconv.Itoa(page)
}

func (b *blank) head() {
	b.style(11, "B", ink)
	y := 13.0
	if b.o.Authority != "" {
		b.lines(left, y, b.wrap(b.o.Authority, 100))
	} else {
		b.rule(left, y+6, 80, 0.2, second)
	}
	b.style(8, "", second)
	cy := y
	for _, l := range b.o.Contact {
		cy = b.rightLine(left+width, cy, l)
	}
	y = max(y+8, cy) + 2
	b.rule(left, y, width, 0.6, accent)
	b.style(17, "B", ink)
	y = b.lines(left, y+5, b.wrap(b.f.Title.In(b.lang), width))
	b.style(9, "", second)
	for _, text := range []string{b.f.Help.In(b.lang), b.legal()} {
		if text != "" {
			y = b.lines(left, y+0.5, b.wrap(text, width))
		}
	}
	y += 3
	how := b.wrap(b.t.say("blank.how"), width-10)
	h := float64(len(how))*b.leading() + 14
	b.box(left, y, width, h, 2, tint, line)
	b.style(9, "", ink)
	y = b.lines(left+5, y+2.5, how) + 6.5
	b.style(7.5, "", second)
	x := left + 5.0
	for _, key := range []string{"blank.received", "blank.clerk", "blank.number"} {
		part := (width - 10) / 3
		b.rule(x, y, part-4, 0.2, second)
		b.lines(x, y, []string{b.t.say(key)})
		x += part
	}
	b.pdf.SetY(y + 8)
}

func (b *blank) legal() string {
	if len(b.f.Legal) == 0 {
		return ""
	}
	return b.t.say("blank.legal", "legal", b.f.Legal.String())
}

// laterHead is the head of the pages after the first.
func (b *blank) laterHead() {
	b.style(8.5, "", second)
	b.lines(left, 13, b.wrap(b.f.Title.In(b.lang), width)[:1])
	b.rule(left, 19, width, 0.2, line)
	b.pdf.SetY(topLater - 3)
}

// rowsOf is how often something that repeats is printed.
func (b *blank) rowsOf(r *form.Repeat) int {
	n := b.o.Rows
	if n <= 0 {
		n = 3
	}
	if r.Max > 0 {
		n = min(n, r.Max)
	}
	return max(n, r.Min)
}

func (b *blank) group(g *form.Group, depth int) {
	title := g.Label.In(b.lang)
	if b.sometimes[g.Path] {
		title += " " + b.t.say("blank.sometimes")
	}
	b.room(30)
	b.title(title, depth)
	if help := brief(g.Help.In(b.lang), 220); help != "" {
		b.style(8, "", second)
		b.pdf.SetY(b.lines(left, b.pdf.GetY()-0.5, b.wrap(help, width)) + 1)
	}
	before := b.again
	b.again = func() { b.title(title+" "+b.t.say("continued"), depth) }
	switch {
	case g.Repeat == nil:
		b.items(g, depth)
	case b.tabular(g):
		b.lined(g)
		b.further(g.Repeat)
	default:
		for n := range b.rowsOf(g.Repeat) {
			b.room(25)
			b.style(9.5, "B", ink)
			b.pdf.SetY(b.lines(left, b.pdf.GetY()+1.5, b.wrap(g.Label.In(b.lang)+" "+strconv.Itoa(n+1), width)) + 0.5)
			b.items(g, depth)
		}
		b.further(g.Repeat)
	}
	b.again = before
	b.pdf.SetY(b.pdf.GetY() + 1.5)
}

// title draws the name of a group.
func (b *blank) title(text string, depth int) {
	if text == "" {
		return
	}
	if depth == 0 {
		b.style(11, "B", accent)
		b.pdf.SetY(b.lines(left, b.pdf.GetY()+1.5, b.wrap(text, width)) + 0.6)
		b.rule(left, b.pdf.GetY(), width, 0.3, accent)
		b.pdf.SetY(b.pdf.GetY() + 1.5)
		return
	}
	b.style(9.5, "B", ink)
	b.pdf.SetY(b.lines(left, b.pdf.GetY()+0.8, b.wrap(text, width)) + 1)
}

// further says what to do when there is more than the paper has room for.
func (b *blank) further(r *form.Repeat) {
	if r.Max > 0 && b.rowsOf(r) >= r.Max {
		return
	}
	b.style(8, "", second)
	b.room(b.leading() + 1)
	b.pdf.SetY(b.lines(left, b.pdf.GetY(), b.wrap(b.t.say("blank.more"), width)) + 1)
}

// items draws what is in a group: fields side by side as on the screen, groups beneath each other.
func (b *blank) items(g *form.Group, depth int) {
	var row []answerBox
	used := 0
	flush := func() {
		b.boxes(row)
		row, used = nil, 0
	}
	for _, it := range g.Items {
		if it.Group != nil {
			flush()
			b.group(it.Group, depth+1)
			continue
		}
		if it.Field.Type == form.TypeNote {
			flush()
			b.note(it.Field)
			continue
		}
		for _, a := range b.answerBoxes(it.Field) {
			if used+a.span > 12 {
				flush()
			}
			row = append(row, a)
			used += a.span
		}
	}
	flush()
}

// shortWords have a point that ends no sentence.
var shortWords = []string{"bzw", "ggf", "usw", "Nr", "Abs", "Art", "ca", "inkl", "vgl", "evtl", "sog", "Str", "Dr", "max", "mind", "e.g", "no"}

// brief is the beginning of a help, up to the end of a sentence, else of a word.
func brief(s string, letters int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= letters {
		return s
	}
	s = string([]rune(s)[:letters])
	for at := len(s); ; {
		at = strings.LastIndex(s[:at], ". ")
		if at < letters/3 {
			break
		}
		word := s[strings.LastIndexByte(s[:at], ' ')+1 : at]
		if next, _ := utf8.DecodeRuneInString(s[at+2:]); !slices.Contains(shortWords, word) && !strings.Contains(word, ".") && unicode.IsUpper(next) {
			return s[:at+1]
		}
	}
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		s = s[:i]
	}
	return strings.TrimRight(s, ",;:") + " …"
}

// proofs draws the checklist of what has to be handed in.
func (b *blank) proofs() {
	if len(b.f.Proofs) == 0 {
		return
	}
	b.room(30)
	b.title(b.t.say("blank.proofs"), 0)
	for _, p := range b.f.Proofs {
		label := p.Label.In(b.lang)
		switch {
		case p.Required && !b.sometimes["proof:"+p.ID]:
			label += " *"
		default:
			label += " " + b.t.say("blank.sometimes")
		}
		b.style(9.5, "", ink)
		lead := b.leading()
		text := b.wrap(label, width-8)
		b.style(8, "", second)
		var help []string
		if h := brief(p.Help.In(b.lang), 200); h != "" {
			help = b.wrap(h, width-8)
		}
		b.room(float64(len(text)+len(help))*lead + 2)
		y := b.pdf.GetY()
		b.tick(left, y+lead/2-1.7, ProofMissing, ink)
		b.style(9.5, "", ink)
		y = b.lines(left+7, y, text)
		b.style(8, "", second)
		b.pdf.SetY(b.lines(left+7, y, help) + 1.5)
	}
	b.pdf.SetY(b.pdf.GetY() + 2)
}

// sign draws the line for place, day and signature, unless the form asks for a signature itself.
func (b *blank) sign() {
	if b.signed {
		return
	}
	const h = 24.0
	b.room(h + 2)
	y := b.pdf.GetY() + h - 8
	b.rule(left, y, 70, 0.3, ink)
	b.rule(left+80, y, width-80, 0.3, ink)
	b.style(8, "", second)
	b.lines(left, y+0.5, []string{b.t.say("blank.place")})
	b.lines(left+80, y+0.5, []string{b.t.say("blank.signature")})
	b.pdf.SetY(y + 6)
}

// foot draws form, version, page and code on every page, now that their number is known.
func (b *blank) foot() error {
	const side = 20.0
	total := b.pdf.PageCount()
	for page := 1; page <= total; page++ {
		b.pdf.SetPage(page)
		y := pageHeight - bottom + 1
		b.rule(left, y, width-side-2, 0.2, line)
		b.style(8, "", second)
		ty := b.lines(left, y+2, b.wrap(b.f.Title.In(b.lang), width-side-10)[:1])
		b.lines(left, ty, []string{
			b.clean(b.f.ID + " · " + b.t.say("blank.version", "version", b.f.Version) + " · " + string(b.f.Hash)[:12]),
			b.t.say("page", "page", strconv.Itoa(page), "pages", strconv.Itoa(total)),
		})
		if err := b.code(BlankCode(b.f, page), left+width-side+2, y, side); err != nil {
			return err
		}
	}
	return nil
}
