package standing

import (
	"fmt"
	"strconv"
	"strings"

	"schalter/data/record"
	"schalter/ui/i18n"
)

// Unread names the pages of a document whose words could not be recognized: "Seiten 2, 4–7".
func Unread(t *i18n.Texts, pages []int) string {
	return t.N("document.unread", len(pages), "pages", spans(pages))
}

// Lying names the pages of a document that probably do not stand upright: "Seite 3 steht auf dem Kopf".
func Lying(t *i18n.Texts, pages []record.Lying) string {
	var head, side []int
	for _, p := range pages {
		if p.Turns == 2 {
			head = append(head, p.Page)
		} else {
			side = append(side, p.Page)
		}
	}
	var out []string
	if len(head) > 0 {
		out = append(out, t.N("document.head", len(head), "pages", spans(head)))
	}
	if len(side) > 0 {
		out = append(out, t.N("document.side", len(side), "pages", spans(side)))
	}
	return strings.Join(out, " · ")
}

// spans writes rising numbers, those that follow each other as from and to.
func spans(n []int) string {
	var out []string
	for i := 0; i < len(n); {
		j := i
		for j+1 < len(n) && n[j+1] == n[j]+1 {
			j++
		}
		if j > i+1 {
			out = append(out, fmt.Sprintf("%d–%d", n[i], n[j]))
			i = j + 1
			continue
		}
		out = append(out, strconv.Itoa(n[i]))
		i++
	}
	return strings.Join(out, ", ")
}
