package cryptvfs

import "unsafe"

// SQLite, translated from C, passes addresses as uintptr. They point into memory of its own allocator or to
// package variables, which the garbage collector does not move, so turning them into pointers is sound. The
// functions in this file are the only place where it is done.

// pointer is kept out of line: seen through, the integer would lose its way in the compiler.
//
//go:noinline
func pointer(p uintptr) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&p))
}

// at gives access to the C object at address p.
func at[T any](p uintptr) *T {
	return (*T)(pointer(p))
}

// mem gives access to n bytes at address p.
func mem(p uintptr, n int) []byte {
	return unsafe.Slice((*byte)(pointer(p)), n)
}

// address makes a C function pointer of a top-level Go function, in the way of modernc.org/libc.
func address[F any](f F) uintptr {
	return *(*uintptr)(unsafe.Pointer(&f))
}

// function makes a Go function of a C function pointer.
func function[F any](p uintptr) F {
	f := pointer(p)
	return *(*F)(unsafe.Pointer(&f))
}
