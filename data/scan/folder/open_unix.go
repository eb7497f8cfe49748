//go:build unix

package folder

import "syscall"

// atOnce keeps a pipe from holding us until somebody writes into it.
const atOnce = syscall.O_NONBLOCK | syscall.O_NOCTTY
