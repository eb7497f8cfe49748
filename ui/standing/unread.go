package standing

import (
	"fmt"
	"strconv"
	"strings"

	"schalter/ui/i18n"
)

// Unread names the pages of a document whose words could not be recognized: "Seiten 2, 4–7".
func Unread(t *i18n.Texts, pages []int) string {
	return t.N("document.unread", len(pages), "pages", spans(pages))
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
