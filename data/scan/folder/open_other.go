//go:build !unix

package folder

// atOnce needs nothing here: there are no pipes among files.
const atOnce = 0
