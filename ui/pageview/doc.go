// Package pageview shows a paper: its pages one under the other, sharp at the screen's scale, with scrolling,
// turning, zooming and rotating by keyboard and mouse, a strip of thumbnails or the file's outline, words to select,
// copy and find, links within the file, and a clerk's marks drawn over the pages.
//
// It promises that the window never waits for a page, however many there are: pages are drawn and read
// elsewhere, what nobody waits for any more is called off, and while a picture is drawn an older or smaller one
// stands in for it; only the pages in and near sight are held, and as many words and thumbnails as are bounded.
// It promises as well that a paper, or a page of it, which cannot be shown says so in words, with the reason and
// that the file is kept, and that a password is asked for in place and never in a dialog.
//
// It never keeps, changes or prints a file: marks are only drawn, and what a tool draws is told to the screen.
// It never remembers a password, and never opens what a link leads to outside the file.
package pageview
