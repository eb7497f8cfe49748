package page

// Contents are what a file says about itself.
type Contents struct {
	Outline []Heading // in the order of the file
	Labels  []string  // what each page is called, for all pages; nil where they are just counted
	Files   []string  // names of the files within the file
}

// Heading is an entry of a file's outline.
type Heading struct {
	Title string
	Depth int     // 0 is the uppermost
	Page  int     // from 0; -1: it leads nowhere in this file
	Top   float64 // where on the page it leads to, in points from its upper edge at 0 turns
}

// Link is a place on a page that leads elsewhere.
type Link struct {
	X0, Y0, X1, Y1 float64 // in points from the upper left corner of the page at 0 turns
	Page           int     // from 0; -1: it leads out of the file, to Address
	Top            float64 // where on that page, in points
	Address        string
}
