//go:build !race

package preview

const watchedMemory = 0
