// Package assets carries what ships inside the binaries: translations, forms, fonts and icons.
//
// It promises read-only files at the paths below; it imports nothing of the house and never interprets
// what it carries.
package assets

import "embed"

// Files holds translations/<language>/*.json, forms/*.json, bundles/*.json, fonts/* and icons/*.
//
//go:embed translations forms bundles fonts icons
var Files embed.FS
