// Package sorting says where the pages of a scanned stack belong: which case, which of its proofs, and where one
// document ends and the next begins.
//
// It is for the tray "Unsortiert" and for the letters that carry its codes. A cover sheet bears a [Code] with the
// authority and the case; the pages behind it are that case's. A separator sheet begins another document of the
// same case. [Sort] goes through a stack in its order and puts every page into exactly one [Group].
//
// It promises that no page gets into a case that neither the nearest sheet before it nor a clerk has named: a
// sheet that cannot be read, that is wrong, or that is another authority's, takes the pages behind it out of
// the case before, into a group that says why. Codes that are none of ours are as if they were not there. The
// same pages give the same groups, so that sorting can go on anywhere after a crash.
//
// It never looks at a picture (package page/code does), never asks a store, and never drops a page: sheets and
// their empty backs are kept and only not shown.
package sorting
