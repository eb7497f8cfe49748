// Package form is what a service asks for: the native format of forms, the rules between their fields
// and the evaluation of answers, the same on the desk, on the server and behind a web page.
//
// [Parse] reads one file of the format described in FORMAT.md, [Load] a folder of them. A [Form] is
// fixed once it is loaded. [Form.Begin] starts a [Session] in which somebody fills it: [Session.Set]
// takes text as people type it ("1.2.26", "12,5", an IBAN with spaces) and re-evaluates only what
// depends on that field.
//
// It promises: a form that loads cannot fail later. Every expression is typed, total and free of cycles,
// which is checked at loading; each reason for a refusal is a record.CodeFormInvalid error that names the
// place. The same answers give the same states, whether evaluated field by field or at once. Every
// [Problem] is a whole sentence that says what to type. What was typed is kept even while it is wrong or
// hidden ([Session.Draft]).
//
// It never reads a clock, a file outside the given fs.FS or the network, never runs code from a form, and
// never decides about amounts or periods: those marked ToConfirm are the municipality's to confirm.
package form
