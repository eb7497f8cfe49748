package capture

import "testing"

// What one user typed for a visitor is not offered to the next user of the desk.
func TestNobodyRepeatsWhatAnotherUserTyped(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	w.fillDog(tab)
	f, _ := tab.Check()
	tab.Override(f.Rule, "später")
	tab.Submit()
	w.settle()
	for user, want := range map[string]string{"weber": "Yıldız", "braun": ""} {
		next := newWorld(t, w.store, nil)
		next.m.last.user = func() string { return user }
		tab := next.start(t)
		next.settle()
		tab.Repeat("halter/nachname")
		if got := tab.Text("halter/nachname"); got != want {
			t.Errorf("%s is offered %q", user, got)
		}
	}
}
