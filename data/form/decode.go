package form

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"schalter/data/record"
)

// object reads the members of a JSON object and afterwards complains about those nobody asked for. The
// first error stays; reads after it return zero values.
type object struct {
	n    *node
	used []bool
	err  error
}

func (n *node) object() *object {
	o := &object{n: n}
	if n.kind != 'o' {
		o.err = invalid(n.at, "expected an object {…}")
		return o
	}
	o.used = make([]bool, len(n.keys))
	return o
}

func (o *object) failf(at, format string, args ...any) {
	if o.err == nil {
		o.err = invalid(at, format, args...)
	}
}

// get returns the member or nil.
func (o *object) get(key string) *node {
	if o.err != nil {
		return nil
	}
	for i, k := range o.n.keys {
		if k == key {
			o.used[i] = true
			return o.n.nodes[i]
		}
	}
	return nil
}

// need returns the member, which must be there.
func (o *object) need(key string) *node {
	m := o.get(key)
	if m == nil {
		o.failf(o.n.at, "the key %q is missing", key)
	}
	return m
}

func (o *object) text(key string) string {
	m := o.get(key)
	if m == nil {
		return ""
	}
	return o.str(m)
}

func (o *object) str(m *node) string {
	if m.kind != 's' {
		o.failf(m.at, "expected text")
		return ""
	}
	return m.str
}

func (o *object) flag(key string) bool {
	m := o.get(key)
	if m == nil {
		return false
	}
	if m.kind != 'b' {
		o.failf(m.at, "expected true or false")
	}
	return m.yes
}

// number returns a whole number between lo and hi, or or if the key is absent.
func (o *object) number(key string, lo, hi, or int) int {
	m := o.get(key)
	if m == nil {
		return or
	}
	v := 0
	ok := m.kind == 'n' && len(m.str) < 9 && m.str != ""
	for _, c := range m.str {
		if c < '0' || c > '9' {
			ok = false
			break
		}
		v = v*10 + int(c-'0')
	}
	if !ok || v < lo || v > hi {
		o.failf(m.at, "expected a whole number from %d to %d", lo, hi)
		return or
	}
	return v
}

func (o *object) array(key string) []*node {
	m := o.get(key)
	if m == nil {
		return nil
	}
	if m.kind != 'a' {
		o.failf(m.at, "expected a list […]")
		return nil
	}
	return m.nodes
}

func (o *object) texts(key string) []string {
	var out []string
	for _, m := range o.array(key) {
		out = append(out, o.str(m))
	}
	return out
}

// done reports the first error, else a member that the format does not know.
func (o *object) done() error {
	if o.err != nil {
		return o.err
	}
	for i, u := range o.used {
		if !u {
			return invalid(o.n.nodes[i].at, "unknown key %q", o.n.keys[i])
		}
	}
	return nil
}

// Names are parts of paths and ids: they stand in file names, tables and rules.
var (
	nameForm    = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$`)
	versionForm = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,9}){0,3}$`)
	langForm    = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

const format = "schalter-form/1"

type decoder struct {
	form  *Form
	lists map[string]*list
	rules map[string]bool
}

// translated reads a text by language. A plain string is German only where German alone is asked for.
func (d *decoder) translated(o *object, key string, must bool) Text {
	m := o.get(key)
	if m == nil {
		if must {
			o.failf(o.n.at, "the key %q is missing", key)
		}
		return nil
	}
	return d.textOf(o, m)
}

func (d *decoder) textOf(o *object, m *node) Text {
	if m.kind != 'o' {
		o.failf(m.at, `expected the text by language, such as {"de": "…", "en": "…"}`)
		return nil
	}
	t := Text{}
	for i, lang := range m.keys {
		if !slices.Contains(d.form.Languages, lang) {
			o.failf(m.nodes[i].at, "the form does not name the language %q under languages", lang)
			return nil
		}
		t[lang] = strings.TrimSpace(o.str(m.nodes[i]))
	}
	for _, lang := range d.form.Languages {
		if t[lang] == "" {
			o.failf(m.at, "the text is missing in the language %q", lang)
		}
	}
	return t
}

func (d *decoder) name(o *object, key string) string {
	m := o.need(key)
	if m == nil {
		return ""
	}
	s := o.str(m)
	if !nameForm.MatchString(s) {
		o.failf(m.at, "%q is not a name: at most 64 letters a-z, digits, dashes, dots and underscores", s)
	}
	return s
}

func (d *decoder) decode(root *node) error {
	f := d.form
	o := root.object()
	if m := o.need("format"); m != nil && o.str(m) != format {
		o.failf(m.at, "this program reads the format %q", format)
	}
	f.ID = d.name(o, "id")
	if m := o.need("version"); m != nil {
		if f.Version = o.str(m); !versionForm.MatchString(f.Version) {
			o.failf(m.at, "expected a version of numbers and dots, such as 1.0.0")
		}
	}
	d.languages(o)
	f.Title = d.translated(o, "title", true)
	f.Help = d.translated(o, "help", false)
	f.Legal = o.texts("legal")
	f.Origin = o.text("origin")
	d.namedLists(o)
	d.groups(o)
	d.proofs(o)
	rules := o.array("rules")
	roles := o.get("roles")
	parts := o.array("parts")
	d.decided(o)
	if err := o.done(); err != nil {
		return err
	}
	if err := d.roles(roles); err != nil {
		return err
	}
	if err := d.narrowing(); err != nil {
		return err
	}
	for _, n := range rules {
		if err := d.rule(n); err != nil {
			return err
		}
	}
	for _, f := range f.fields {
		if f.Internal && !f.calc {
			return invalid("/groups ("+f.Path+"/internal)", "no rule calculates %q, and nobody can type into an internal field", f.Path)
		}
	}
	return d.parts(parts)
}

func (d *decoder) languages(o *object) {
	d.form.Languages = []string{"de"}
	m := o.get("languages")
	if m == nil {
		return
	}
	l := o.texts("languages")
	for i, s := range l {
		if !langForm.MatchString(s) || slices.Contains(l[:i], s) {
			o.failf(m.at, "%q is not a language or stands here twice", s)
		}
	}
	if len(l) == 0 || l[0] != "de" {
		o.failf(m.at, `the first language is "de"`)
	}
	d.form.Languages = l
}

func (d *decoder) groups(o *object) {
	m := o.need("groups")
	if m == nil {
		return
	}
	for i, n := range o.array("groups") {
		g, err := d.group(n, nil, 0)
		if err != nil {
			o.err = err
			return
		}
		g.index = i
		d.form.Groups = append(d.form.Groups, g)
	}
	if len(d.form.Groups) == 0 {
		o.failf(m.at, "a form has at least one group")
	}
	places := 0
	for _, g := range d.form.Groups {
		places += g.places()
	}
	if places > maxPlaces {
		o.failf(m.at, "the empty form has %d places, more than %d", places, maxPlaces)
	}
}

func (d *decoder) place(o *object, it Item, path string) {
	if o.err != nil {
		return
	}
	if _, twice := d.form.items[path]; twice {
		o.failf(o.n.at, "the path %q stands here for the second time", path)
		return
	}
	d.form.items[path] = it
}

// maxGroups is how deep groups nest.
const maxGroups = 12

func (d *decoder) group(n *node, parent *Group, depth int) (*Group, error) {
	o := n.object()
	g := &Group{parent: parent}
	g.Name = d.name(o, "group")
	g.Path = g.Name
	if parent != nil {
		g.Path = parent.Path + "/" + g.Name
	}
	d.place(o, Item{Group: g}, g.Path)
	g.Label = d.translated(o, "label", true)
	g.Help = d.translated(o, "help", false)
	g.Legal = o.texts("legal")
	g.Origin = o.text("origin")
	g.Repeat = d.repeat(o)
	if depth > maxGroups {
		o.failf(n.at, "groups are nested more than %d deep", maxGroups)
	}
	m := o.need("items")
	for i, c := range o.array("items") {
		it, err := d.item(c, g, depth)
		if err != nil {
			return nil, err
		}
		it.setIndex(i)
		g.Items = append(g.Items, it)
	}
	if m != nil && len(g.Items) == 0 {
		o.failf(m.at, "a group has at least one field or group")
	}
	return g, o.done()
}

func (it Item) setIndex(i int) {
	if it.Group != nil {
		it.Group.index = i
		return
	}
	it.Field.index = i
}

func (d *decoder) item(n *node, g *Group, depth int) (Item, error) {
	if n.kind == 'o' && slices.Contains(n.keys, "group") {
		sub, err := d.group(n, g, depth+1)
		return Item{Group: sub}, err
	}
	f, err := d.field(n, g)
	return Item{Field: f}, err
}

// MaxRows is how often a repeated group or field without a limit of its own may occur.
const MaxRows = 200

func (d *decoder) repeat(o *object) *Repeat {
	m := o.get("repeat")
	if m == nil {
		return nil
	}
	r := m.object()
	out := &Repeat{Min: r.number("min", 0, MaxRows, 0), Max: r.number("max", 1, MaxRows, 0)}
	if out.Max > 0 && out.Min > out.Max {
		r.failf(m.at, "min is above max")
	}
	if err := r.done(); err != nil && o.err == nil {
		o.err = err
	}
	return out
}

// maxPlaces bounds the page of an empty form: rows that are always there multiply where repeats nest.
const maxPlaces = 50_000

// places counts the groups and fields of the group as they stand on an empty form's page.
func (g *Group) places() int {
	n := 1
	for _, it := range g.Items {
		k := 1
		if it.Group != nil {
			k = it.Group.places()
		}
		if rep := it.repeat(); rep != nil && it.Field != nil {
			k += rep.Min
		}
		n = min(n+k, maxPlaces+1)
	}
	if g.Repeat != nil {
		n = 1 + n*g.Repeat.Min
	}
	return n
}

func (r *Repeat) max() int {
	if r.Max == 0 {
		return MaxRows
	}
	return r.Max
}

func (d *decoder) proofs(o *object) {
	for _, n := range o.array("proofs") {
		p := n.object()
		x := &Proof{
			ID: d.name(p, "proof"), Label: d.translated(p, "label", true), Help: d.translated(p, "help", false),
			Legal: p.texts("legal"), Required: p.flag("required"),
		}
		if d.form.proofs[x.ID] != nil {
			p.failf(n.at, "the proof %q stands here for the second time", x.ID)
		}
		if err := p.done(); err != nil {
			if o.err == nil {
				o.err = err
			}
			return
		}
		d.form.Proofs = append(d.form.Proofs, x)
		d.form.proofs[x.ID] = x
	}
}

// known are the roles that the rest of the program reads.
var known = []record.Role{
	record.RoleFamily, record.RoleGiven, record.RoleOrg, record.RoleBirth, record.RoleStreet, record.RoleHouse,
	record.RolePostcode, record.RoleTown, record.RolePhone, record.RoleEmail, record.RoleIBAN, record.RoleSubject, record.RoleIdentity,
	record.RoleResource, record.RoleDay, record.RoleFrom, record.RoleTo,
}

// booked are the types a calendar can read.
var booked = map[record.Role]Type{
	record.RoleResource: TypeChoice, record.RoleDay: TypeDate, record.RoleFrom: TypeTime, record.RoleTo: TypeTime,
}

func (d *decoder) roles(n *node) error {
	if n == nil {
		return nil
	}
	o := n.object()
	if o.err != nil {
		return o.err
	}
	for i, key := range n.keys {
		at := n.nodes[i].at
		path := o.str(n.nodes[i])
		f := d.form.items[path].Field
		switch {
		case o.err != nil:
			return o.err
		case !slices.Contains(known, record.Role(key)):
			return invalid(at, "unknown role %q", key)
		case f == nil:
			return invalid(at, "there is no field %q", path)
		case len(f.chain()) > 0:
			return invalid(at, "the field %q repeats; a role needs one answer", path)
		case booked[record.Role(key)] != "" && booked[record.Role(key)] != f.Type:
			return invalid(at, "the role %q needs a field of the type %s, %q is %s", key, booked[record.Role(key)], path, f.Type)
		}
		d.form.Roles[record.Role(key)] = path
	}
	return nil
}

// chain lists the repeated items a field lies in, outermost first, itself last if it repeats.
func (f *Field) chain() []string {
	c := f.parent.chain()
	if f.Repeat != nil {
		c = append(c, f.Path)
	}
	return c
}

func (g *Group) chain() []string {
	if g == nil {
		return nil
	}
	c := g.parent.chain()
	if g.Repeat != nil {
		c = append(c, g.Path)
	}
	return c
}

func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar })
}
