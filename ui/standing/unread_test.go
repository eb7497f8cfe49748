package standing

import "testing"

func TestUnreadPages(t *testing.T) {
	x := texts(t)
	for want, pages := range map[string][]int{
		"kein Text erkannt auf Seite 3":              {3},
		"kein Text erkannt auf den Seiten 1, 2":      {1, 2},
		"kein Text erkannt auf den Seiten 2, 4–7, 9": {2, 4, 5, 6, 7, 9},
	} {
		if got := Unread(x, pages); got != want {
			t.Errorf("%v: %q, want %q", pages, got, want)
		}
	}
}
