package checks

import (
	"strconv"
	"strings"

	"schalter/data/record"
	"schalter/data/transfer"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/standing"
)

// pill says in a word where a scan stands for the person who looks.
func pill(t *i18n.Texts, d record.Document, user string) (string, control.Kind) {
	need := transfer.ToDestroy(d)
	own := d.Transfer != nil && transfer.Self(user, d.Transfer.User)
	switch {
	case need == transfer.NeedNothing:
		return t.T("checks.pill.free"), control.KindGood
	case need == transfer.NeedSound:
		return t.T("checks.pill.note"), control.KindTrouble
	case need == transfer.NeedMend:
		return t.T("checks.pill.objected"), control.KindTrouble
	case need == transfer.NeedMatch && own:
		return t.T("checks.pill.vouch"), control.KindInfo
	case own:
		return t.T("checks.pill.own"), control.KindNone
	case need == transfer.NeedMatch && transfer.PlaceOf(d) == transfer.PlaceVouch:
		return t.T("checks.pill.scanner"), control.KindNone
	}
	return t.T("checks.pill.open"), control.KindWaiting
}

// join sets what there is beside each other.
func join(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}

// matter is what the case is about and for whom.
func matter(t *i18n.Texts, r record.CheckRow) string {
	return join(" · ", r.Number, r.Party, standing.Title(t, r.Name, r.Service, r.Subject))
}

// scanned are the lines about how the scan was made.
func scanned(t *i18n.Texts, d record.Document, when string) []string {
	n := d.Transfer
	if n == nil {
		return nil
	}
	pages := t.N("pages", d.Pages)
	if n.Out > 0 {
		pages += ", " + t.N("paper.transfer.out", n.Out)
	}
	who := n.User
	if who == "" {
		who = t.T("checks.nobody")
	}
	return []string{t.T("checks.by", "user", who), join(" · ", when, n.Device), pages}
}

// odd are the lines about what was noticed while scanning.
func odd(t *i18n.Texts, d record.Document) (out []string) {
	n := d.Transfer
	if n == nil {
		return nil
	}
	for _, a := range n.Anomalies {
		code, page, found := strings.Cut(a, ":")
		said, _ := t.Code(record.Code(code), nil)
		if found {
			said = t.T("paper.transfer.page", "page", page) + ": " + said
		}
		out = append(out, said)
	}
	if len(n.Blank) > 0 {
		var pages []string
		for _, b := range n.Blank {
			pages = append(pages, strconv.Itoa(b))
		}
		out = append(out, t.T("checks.blank", "pages", strings.Join(pages, ", ")))
	}
	return out
}

// blocked says why the paper must be kept, or that it may go.
func blocked(t *i18n.Texts, d record.Document, user string) (string, control.Style) {
	need := transfer.ToDestroy(d)
	own := d.Transfer != nil && transfer.Self(user, d.Transfer.User)
	switch {
	case need == transfer.NeedNothing:
		return t.T("paper.need.nothing.long"), control.Good
	case need == transfer.NeedSound, need == transfer.NeedMend:
		return t.T("paper.need." + string(need) + ".long"), control.Trouble
	case need == transfer.NeedMatch && own:
		return t.T("checks.vouch"), control.Waiting
	case own:
		return t.T("checks.own"), control.Waiting
	case need == transfer.NeedMatch:
		return t.T("checks.match"), control.Waiting
	}
	return t.T("checks.open"), control.Small
}

// objection writes what somebody found wrong.
func objection(t *i18n.Texts, c record.Check) string {
	var points []string
	for _, p := range c.Points {
		if key := "checks.wrong." + string(p); t.Has(key) {
			points = append(points, t.T(key))
		}
	}
	return join("\n", strings.Join(points, ", "), c.Remark)
}

// pagesIn writes page numbers short: "2–5, 8".
func pagesIn(pages []int) string {
	var out []string
	for i := 0; i < len(pages); {
		j := i
		for j+1 < len(pages) && pages[j+1] == pages[j]+1 {
			j++
		}
		if j == i {
			out = append(out, strconv.Itoa(pages[i]))
		} else {
			out = append(out, strconv.Itoa(pages[i])+"–"+strconv.Itoa(pages[j]))
		}
		i = j + 1
	}
	return strings.Join(out, ", ")
}
