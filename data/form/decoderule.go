package form

import (
	"errors"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

var errLongPattern = errors.New("the expression is longer than 1000 characters")

const proofPrefix = "proof:"

// bound is a rule for one of its targets.
type bound struct {
	rule  *Rule
	item  Item
	proof *Proof
	expr  *expr
	refs  []ref
}

func (d *decoder) rule(n *node) error {
	o := n.object()
	r := &Rule{at: n.at}
	r.ID = d.name(o, "rule")
	r.Kind = RuleKind(o.text("do"))
	r.On = o.texts("on")
	r.Legal = o.texts("legal")
	r.Text = d.translated(o, "text", r.Kind == RuleValid || r.Kind == RuleWarn || r.Kind == RuleUnresolved)
	cond := r.condition(o)
	if err := o.done(); err != nil {
		return err
	}
	if d.rules[r.ID] {
		return invalid(n.at, "the rule %q stands here for the second time", r.ID)
	}
	d.rules[r.ID] = true
	d.form.Rules = append(d.form.Rules, r)
	if len(r.On) == 0 {
		return invalid(n.at, "rule %q names no target under on", r.ID)
	}
	for i, path := range r.On {
		if slices.Contains(r.On[:i], path) {
			return invalid(n.at, "rule %q names the target %q twice", r.ID, path)
		}
		if err := d.bind(r, path, cond); err != nil {
			return err
		}
	}
	return nil
}

// condition is the member that holds the rule's expression: "value" for calculations, else "when".
func (r *Rule) condition(o *object) *node {
	switch r.Kind {
	case RuleCalculate:
		return o.need("value")
	case RuleShow, RuleHide, RuleRequire, RuleForbid, RuleValid, RuleWarn:
		return o.need("when")
	case RuleUnresolved:
	default:
		o.failf(o.n.at, "unknown kind of rule %q", r.Kind)
	}
	return nil
}

// target finds what a rule acts on and refuses what its kind cannot act on.
func (d *decoder) target(r *Rule, path string) (bound, error) {
	b := bound{rule: r}
	if id, ok := strings.CutPrefix(path, proofPrefix); ok {
		if b.proof = d.form.proofs[id]; b.proof == nil {
			return b, invalid(r.at, "rule %q: there is no proof %q", r.ID, id)
		}
		if !slices.Contains([]RuleKind{RuleShow, RuleHide, RuleRequire, RuleUnresolved}, r.Kind) {
			return b, invalid(r.at, "rule %q: %q does not go with a proof", r.ID, r.Kind)
		}
		return b, nil
	}
	b.item = d.form.items[path]
	switch f := b.item.Field; {
	case f == nil && b.item.Group == nil:
		return b, invalid(r.at, "rule %q: there is no field or group %q", r.ID, path)
	case r.Kind == RuleShow, r.Kind == RuleHide, r.Kind == RuleUnresolved:
	case f == nil || f.Type == TypeNote:
		return b, invalid(r.at, "rule %q: %q goes with a field that takes an answer, %q is none", r.ID, r.Kind, path)
	}
	return b, nil
}

func (d *decoder) bind(r *Rule, path string, cond *node) error {
	b, err := d.target(r, path)
	if err != nil || r.Kind == RuleUnresolved {
		return err
	}
	c := &compiler{form: d.form, chain: b.chain()}
	b.expr = c.expr(cond)
	b.refs = c.refs
	if c.err != nil {
		return c.err
	}
	if r.Kind == RuleCalculate {
		if err := b.fits(cond.at); err != nil {
			return err
		}
		b.item.Field.calc = true
	} else if b.expr.typ != (typ{kind: kindBool}) {
		return invalid(cond.at, "rule %q needs a condition, not %s", r.ID, b.expr.typ)
	}
	r.expr = b.expr
	d.form.plan.bounds = append(d.form.plan.bounds, &b)
	return nil
}

// chain lists the repeats around the place where the rule is computed. Whether a repeated item is shown
// is decided once for all its rows.
func (b *bound) chain() []string {
	var c []string
	switch {
	case b.proof != nil:
		return nil
	case b.item.Group != nil:
		c = b.item.Group.chain()
	default:
		c = b.item.Field.chain()
	}
	if k := b.rule.Kind; b.item.repeat() != nil && (k == RuleShow || k == RuleHide) {
		c = c[:len(c)-1]
	}
	return c
}

// fits checks that a calculation gives what its field takes. The checked types are never calculated: a
// result could be wrong and nobody could correct it.
func (b *bound) fits(at string) error {
	f, t := b.item.Field, b.expr.typ
	switch f.Type {
	case TypeText, TypeMultiline, TypeInteger, TypeDecimal, TypeMoney, TypeDate, TypeMonth, TypeTime, TypeBoolean, TypeChoice:
	default:
		return invalid(at, "rule %q: a field of type %q is not calculated", b.rule.ID, f.Type)
	}
	if t != f.Type.kindOf() {
		return invalid(at, "rule %q: %q takes %s, the rule gives %s", b.rule.ID, f.Path, f.Type.kindOf(), t)
	}
	if f.calc {
		return invalid(at, "rule %q: %q is calculated by another rule already", b.rule.ID, f.Path)
	}
	if f.Default != "" {
		return invalid(at, "rule %q: %q is calculated and has a default as well", b.rule.ID, f.Path)
	}
	return nil
}

// result turns a calculated value into the field's canonical text; what does not fit leaves it empty.
func (f *Field) result(v value) string {
	if v.none() {
		return ""
	}
	switch f.Type {
	case TypeInteger, TypeDecimal, TypeMoney:
		d := v.num.Round(int32(f.Decimals))
		if d.Abs().GreaterThanOrEqual(maxAmount) {
			return ""
		}
		return f.numeral(d)
	case TypeMonth:
		return civil(v.n).Format("2006-01")
	case TypeChoice:
		if _, ok := f.list.byCode[v.text]; !ok {
			return ""
		}
	case TypeText, TypeMultiline:
		s, _ := f.tidy(v.text)
		if r := []rune(s); len(r) > f.MaxLength {
			s = string(r[:f.MaxLength])
		}
		return s
	}
	return v.canonical()
}

var maxAmount = decimal.New(1, 15)

// numeral writes a number as record.Values holds it.
func (f *Field) numeral(d decimal.Decimal) string {
	if f.Type == TypeMoney {
		return d.StringFixed(2)
	}
	return d.String()
}
