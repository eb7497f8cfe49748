package main

import (
	"schalter/data/pdf/preview"
)

// documentGroups are the figures about scans and papers.
var documentGroups = []group{
	{"page", "pages beside mutool draw, and turned", (*bench).page},
	{"poppler", "first pages beside pdftoppm", (*bench).poppler},
	{"size", "bytes of a scanned page", (*bench).size},
	{"stack", "a stack of 50 pages to PDF/A beside img2pdf", (*bench).stack},
	{"text", "a stack of 50 pages to PDF/A with text beside ocrmypdf", (*bench).stackText},
	{"million", "a million pages of text: search and index", (*bench).million},
	{"memory", "resident memory with a paper of 1,000 pages", (*bench).thickMemory},
}

func (b *bench) poppler() error {
	r := preview.New(preview.Options{})
	defer r.Close()
	return b.firstPages(r, pdftoppm)
}

// thickMemory measures the window with the thick papers; the other cases need not be many.
func (b *bench) thickMemory() error {
	few := *b
	few.cases, few.pages = 10_000, 20_000
	return few.memory()
}
