// Package formview draws any form of data/form so that it can be filled without a mouse.
//
// It shows groups and fields in the form's order on rows of twelve columns: label above the field, what is
// wrong beneath it in words, warnings as a banner below the row. Enter and Tab go from field to field in
// the form's order and bring the field into sight.
//
// It promises that a long form is as fast as a short one: only what is in sight exists as widgets, and a
// key stroke touches only the fields whose state changed. It promises as well that fields may appear and
// disappear while one types without the cursor ever being lost.
//
// It never evaluates a rule and never stores anything: it shows a [Model] and tells it what is typed. It
// never opens a dialog, and long lists are searched by typing, never rolled out.
package formview
