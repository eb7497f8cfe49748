package record

import (
	"cmp"
	"strings"
	"time"
)

// CompareVersions orders the versions of a form number by number: 1.10 is newer than 1.9, and 1.0 is the
// same as 1. The result is negative where a is the older one. What is not a digit counts as none, so that
// it orders all texts.
func CompareVersions(a, b string) int {
	for a != "" || b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		if c := compareDigits(x, y); c != 0 {
			return c
		}
	}
	return 0
}

func compareDigits(a, b string) int {
	a, b = digits(a), digits(b)
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

func digits(s string) string {
	return strings.TrimLeft(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s), "0")
}

// MaxFormFile bounds the file of a published form, in bytes.
const MaxFormFile = 16 << 20

// FormRow is one version of a form that the authority has published, as the administrator sees it.
type FormRow struct {
	FormPublished
	// Here tells that the form's file lies on this desk, so that the form can be used.
	Here bool
	// Pending tells that this desk has published the version and the centre has yet to say whether the desk may.
	// It is offered only then: a case filled with a form that is refused could be opened at no other desk.
	Pending bool
	// Delivery tells how far the publication has come: DeliveryRejected where the centre refused it,
	// DeliveryConflict where the same version was published before with another content. Both are kept for
	// the cases that were filled with them, and offered to nobody.
	Delivery Delivery
	Reason   Code // of a rejection
	User     string
	Time     time.Time // when it was published or withdrawn last
}

// Offered reports whether new cases may be begun with this version, if it is the newest.
func (r FormRow) Offered() bool {
	return !r.Retired && r.Delivery != DeliveryRejected && r.Delivery != DeliveryConflict
}
