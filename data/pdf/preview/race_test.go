//go:build race

package preview

// watchedMemory is what the race detector adds to the memory of the helper, which is the test program.
const watchedMemory = 150_000_000
