// Package edit changes a form that somebody looks at: labels, helps, the order, what is required, choices,
// proofs, amounts, and rules that can be said in a sentence.
//
// A [Doc] works on the text of the native format and touches only what is to change: the order of keys, the
// layout and everything it has no operation for stay byte for byte as they were. Each operation gives either
// a form that form.Parse reads, or an error that says what to do, and then nothing has changed. Undo goes back
// to the first byte.
//
// It promises that a code of a choice and the name of a field or group stay what they are once they were
// given, because stored answers carry them, and that nothing disappears unsaid: what a rule still uses is
// refused with the rules that use it, and a rule in prose leaves only with a reason, which the form keeps.
// Rules it cannot take apart are shown as a sentence ([Doc.Rules], [Sentence]) and kept.
//
// It never reads a file, a clock or a store, and never decides about an amount.
package edit
