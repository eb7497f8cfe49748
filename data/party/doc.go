// Package party tells whether two cases may be about the same person or the same thing, and reads what a
// clerk types to find somebody again.
//
// It is for the store, which keeps [Subject.Keys] and [Subject.Words] of every case so that it need not
// compare with all of them, and for whoever wants to say why two cases look alike ([Compare]).
//
// Names are compared by their folded spelling (package search) and by their sound ([Sound]); family and given
// name may have changed places, of a double name one half is enough.
//
// It promises to be pure, and that two subjects which [Compare] finds alike always share a key. It never
// decides that two people are one: what it says is a reason to look.
package party
