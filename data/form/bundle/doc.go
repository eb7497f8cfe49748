// Package bundle makes one interview out of several services, such as a village fete out of the event
// notice, the hall, the posters and the bonfire: what the forms have in common is asked once, and each
// becomes a case of its own.
//
// [Compose] writes a bundle's form from a short plan and the forms of its parts; the result is an ordinary form
// in the native format with the key "parts" and is checked, published and filled like any other. [Check]
// holds a bundle against the forms it names. [Split] turns its answers into those of the parts.
//
// It promises that nothing the citizen said is left behind: every field of every part is asked for somewhere, which
// Compose and Check see to, and a warning overridden in the interview stays overridden in the case.
// Amounts and rules are those of the parts' published versions.
//
// It never changes a part's form, never invents an answer, and never touches a store.
package bundle
