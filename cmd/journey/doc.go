// Package journey drives the built programs as a town hall would: windows on a virtual display, keys and
// mouse, a scanner, a printer queue, a centre and a bad line.
//
// It promises that what it asserts was read from the screen (by text recognition of a screenshot) or from
// the stores by the programs' own commands, and it leaves one picture per step.
//
// It holds tests only and never reaches into a running program.
package journey
