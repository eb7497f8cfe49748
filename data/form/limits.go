package form

import (
	"regexp"
	"strconv"

	"github.com/shopspring/decimal"
)

// limits are a field's own bounds, read from its file.
type limits struct {
	min, max bounds
	pattern  *regexp.Regexp
}

// bounds is a fixed limit, or one that moves with the day: "today-16y".
type bounds struct {
	set    bool
	moving bool
	fixed  value
	by     int
	unit   string
}

func (b bounds) at(today int) value {
	if b.moving {
		return shift(today, b.by, b.unit)
	}
	return b.fixed
}

// word picks the sentence: "not after today", or "not after {limit}".
func (l limits) word(b bounds) string {
	switch {
	case b.moving && b.by == 0:
		return "today"
	case b.fixed.kind == kindDate || b.moving:
		return "date"
	case b.fixed.kind == kindTime:
		return "time"
	}
	return "number"
}

var movingForm = regexp.MustCompile(`^today(?:([+-][0-9]{1,5})([dmy]))?$`)

func (f *Field) readLimits(at string) error {
	for _, x := range []struct {
		key, text string
		to        *bounds
	}{{"min", f.Min, &f.limits.min}, {"max", f.Max, &f.limits.max}} {
		if x.text == "" {
			continue
		}
		b, ok := f.bound(x.text)
		if !ok {
			return invalid(at+"/"+x.key, "%q is no limit for the type %q", x.text, f.Type)
		}
		*x.to = b
	}
	lo, hi := f.limits.min, f.limits.max
	if lo.set && hi.set && !lo.moving && !hi.moving && lo.fixed.compare(hi.fixed) > 0 {
		return invalid(at+"/min", "min is above max")
	}
	return nil
}

func (f *Field) bound(s string) (bounds, bool) {
	switch f.Type {
	case TypeDate, TypeMonth:
		if m := movingForm.FindStringSubmatch(s); m != nil {
			n, _ := strconv.Atoi(m[1])
			unit := map[string]string{"d": "days", "m": "months", "y": "years", "": "days"}[m[2]]
			return bounds{set: true, moving: true, by: n, unit: unit}, true
		}
	case TypeInteger, TypeDecimal, TypeMoney:
		if d, err := decimal.NewFromString(s); err != nil || d.Abs().GreaterThanOrEqual(maxAmount) || !plainNumber.MatchString(s) {
			return bounds{}, false
		}
	case TypeTime:
	default:
		return bounds{}, false
	}
	v := f.decode(s)
	return bounds{set: true, fixed: v}, !v.none()
}

var plainNumber = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,6})?$`)
