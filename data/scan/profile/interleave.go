package profile

// Interleave gives the order in which pages are shown that were scanned in two passes: all fronts, then, after
// the stack was turned over as a whole, all backs from the last sheet to the first. The numbers are those of
// the pages in the order they came, from 0.
//
// Where the two counts differ, a sheet was drawn in twice or not at all, and nobody can tell which: ok is
// false then and the order is that in which they came. Either way every page is in it once.
func Interleave(fronts, backs int) (order []int, ok bool) {
	fronts, backs = max(fronts, 0), max(backs, 0)
	order = make([]int, 0, fronts+backs)
	if fronts != backs {
		for i := range fronts + backs {
			order = append(order, i)
		}
		return order, false
	}
	for i := range fronts {
		order = append(order, i, fronts+backs-1-i)
	}
	return order, true
}
