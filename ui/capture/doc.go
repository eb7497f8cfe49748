// Package capture is the screen at which a clerk takes a citizen's matter: the form on the left, the paper
// on the right, one tab per visitor.
//
// [Model] holds the work without any widget: drafts as tabs, typing, undo, proofs, scanning, importing and
// submitting. [Screen] draws it.
//
// It promises that nothing typed or scanned is lost: every key stroke is in the store at most a second
// later and at once when the field is left, a page is acknowledged to the scanner only after its bytes and
// the draft that names it are stored, a draft is opened again with the version of the form it was begun
// with, and a save that fails is shown, kept and tried again until it succeeds. It promises as well that
// a draft which was submitted or discarded is never written again.
//
// It never talks to a database, a device or a file itself: whatever it needs is declared in ports.go and
// given to it. It never blocks the window: slow work runs elsewhere and comes back through [Runtime].Do.
package capture
