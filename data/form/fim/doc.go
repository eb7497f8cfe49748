// Package fim imports forms of the FIM portal: schemata of XDatenfelder 3.0 and 2.0 with their code lists
// in genericode.
//
// Import reads one schema as a stream and gives back the native form with a report. Every group and field
// keeps its place, cardinality, label, help, statutes, kind of answer and limits; the identity of a place is
// its path, because the same FIM id may stand at many places. Rules of FIM are German prose. A grammar of the
// sentences that FIM authors use (tokens.go, sentence.go, clause.go) turns those it reads from the first to
// the last word into rules of the native format; every other one stands in the form as "unresolved", with
// its wording and place, and keeps the form from being published.
//
// It promises: the same input gives the same bytes; what it returns is read by form.Parse; a file that is
// not in order is refused with line and element; no input makes it panic, run without end or use more than
// a small multiple of its size. It never guesses: a rule whose wording, references or values leave a doubt
// is not translated.
//
// It never opens a file or a connection, follows no external entity and expands none of its own.
package fim
