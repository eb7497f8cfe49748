package server

import "errors"

// ErrExists is the cause when something is to be made that is there already.
var ErrExists = errors.New("already exists")

// ErrOffset is returned by [Files.Append] for an offset that is not the file's end.
var ErrOffset = errors.New("offset is not the end of what is there")
