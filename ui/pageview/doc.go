// Package pageview shows a paper beside the form: one page at a time, sharp at the screen's scale, with
// turning, zooming, rotating and panning by keyboard and mouse.
//
// It promises that the window never waits for a page: pages are drawn elsewhere, a picture that nobody
// waits for any more is called off, and while a new one is drawn the old one stays, stretched. It promises
// as well that a paper which cannot be shown says so in words, with the reason and that the file is kept,
// and that a password is asked for in place and never in a dialog.
//
// It never keeps, changes or prints a file, and never remembers a password.
package pageview
