// Package health turns what is known about a desk into named warnings.
//
// It is for screens, which show each warning as the text "health.<key>" with its arguments, and for
// support, who asks for the key.
//
// It promises that the same facts give the same warnings in the same order, the worst first.
//
// It never measures anything itself, never waits, and never makes up a sentence.
package health

import (
	"cmp"
	"slices"
	"time"

	"schalter/data/record"
)

// Severity says how much a warning matters.
type Severity int

// The severities: good to know; needs somebody's attention soon; work or data is at risk now.
const (
	Notice Severity = iota
	Warning
	Danger
)

// The keys of the warnings. Their texts are "health.<key>" and "health.<key>.hint".
const (
	Offline   = "offline"   // since
	Untrusted = "untrusted" // -
	Portal    = "portal"    // -
	Clock     = "clock"     // difference
	Stale     = "stale"     // days, count: the oldest change has waited that long
	DiskLow   = "disk_low"  // free, in MB
	DiskFull  = "disk_full" // free, in MB
	Rejected  = "rejected"  // count
	Damaged   = "damaged"   // count
	Revoked   = "revoked"   // -
	Forked    = "forked"    // -
	Version   = "version"   // -
	Form      = "form"      // id, version: a published form's file is not the form that was published
	FormNew   = "form_new"  // id, version: a published form that this program cannot read
	Trouble   = "trouble"   // code: anything else that keeps the desk from the centre
)

// One is a warning.
type One struct {
	Key      string
	Severity Severity
	Args     record.Args
	Cause    *record.Error // what lies behind it, for the log; may be nil
}

// Facts is what is known about a desk. Fields that are not known stay zero.
type Facts struct {
	Now      time.Time
	Link     record.Link
	Counts   record.Counts
	Free     int64 // bytes free where the store lies; negative: not known
	Problems int   // found by the last check of the store
}

// The limits.
const (
	offlineAfter = time.Minute // shorter gaps are nobody's business
	staleAfter   = 3 * 24 * time.Hour
	staleDanger  = 10 * 24 * time.Hour // before the 14 days after which a desk must have spoken to its centre
	diskLow      = 2 << 30
	diskFull     = 300 << 20
)

// Check names what is wrong, the worst first.
func Check(f Facts) []One {
	var out []One
	add := func(key string, s Severity, cause *record.Error, pairs ...any) {
		out = append(out, One{Key: key, Severity: s, Args: record.E("", nil, pairs...).Args, Cause: cause})
	}
	if f.Problems > 0 {
		add(Damaged, Danger, nil, "count", f.Problems)
	}
	switch {
	case f.Free < 0:
	case f.Free < diskFull:
		add(DiskFull, Danger, nil, "free", f.Free>>20)
	case f.Free < diskLow:
		add(DiskLow, Warning, nil, "free", f.Free>>20)
	}
	if f.Counts.Rejected > 0 {
		add(Rejected, Warning, nil, "count", f.Counts.Rejected)
	}
	if f.Link.Configured {
		out = append(out, stale(f)...)
		out = append(out, link(f)...)
	}
	slices.SortStableFunc(out, func(a, b One) int { return cmp.Compare(b.Severity, a.Severity) })
	return out
}

func stale(f Facts) []One {
	if f.Counts.Outbox == 0 || f.Counts.Oldest.IsZero() {
		return nil
	}
	age := f.Now.Sub(f.Counts.Oldest)
	if age < staleAfter {
		return nil
	}
	s := Warning
	if age >= staleDanger {
		s = Danger
	}
	return []One{{Key: Stale, Severity: s, Args: record.Args{"days": int(age / (24 * time.Hour)), "count": f.Counts.Outbox}}}
}

// named are the troubles of the line that have a warning of their own.
var named = map[record.Code]One{
	record.CodeCentreUntrusted: {Key: Untrusted, Severity: Danger},
	record.CodeEnrolFinger:     {Key: Untrusted, Severity: Danger},
	record.CodeDeskRevoked:     {Key: Revoked, Severity: Danger},
	record.CodeDeskUnknown:     {Key: Revoked, Severity: Danger},
	record.CodeForked:          {Key: Forked, Severity: Danger},
	record.CodeCaptivePortal:   {Key: Portal, Severity: Warning},
	record.CodeCentreOld:       {Key: Version, Severity: Warning},
	record.CodeClockWrong:      {Key: Clock, Severity: Warning},
	record.CodeFormRefused:     {Key: Form, Severity: Warning},
	record.CodeFormTooNew:      {Key: FormNew, Severity: Notice},
}

func link(f Facts) []One {
	t := f.Link.Trouble
	if t != nil {
		if w, ok := named[t.Code]; ok {
			w.Args, w.Cause = t.Args, t
			return []One{w}
		}
		if t.Code != record.CodeOffline && t.Code != record.CodeCentreBusy {
			return []One{{Key: Trouble, Severity: Warning, Args: record.Args{"code": string(t.Code)}, Cause: t}}
		}
	}
	if f.Link.Online || f.Now.Sub(f.Link.Since) < offlineAfter {
		return nil
	}
	// Working without a line is what the program is made for: good to know, no more.
	return []One{{Key: Offline, Severity: Notice, Args: record.Args{"since": f.Link.Since}, Cause: t}}
}
