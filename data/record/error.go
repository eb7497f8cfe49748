package record

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Code names one kind of trouble. The clerk's sentence is the translation of "error.<code>", what to do
// next that of "error.<code>.hint"; both exist in every language (a test holds that).
type Code string

// Args fills the {name} placeholders of an error's sentence.
type Args map[string]any

// Error is trouble that a clerk or administrator may have to be told about: what it is, what fills its
// sentence, and the cause for the log.
type Error struct {
	Code Code
	Args Args
	Err  error
}

// E makes an [Error] with pairs of placeholder and value.
func E(code Code, cause error, pairs ...any) *Error {
	e := &Error{Code: code, Err: cause}
	for i := 0; i+1 < len(pairs); i += 2 {
		if e.Args == nil {
			e.Args = Args{}
		}
		e.Args[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return e
}

// Error gives the code, arguments and cause, for logs; a screen shows the translation instead.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code))
	names := make([]string, 0, len(e.Args))
	for k := range e.Args {
		names = append(names, k)
	}
	sort.Strings(names)
	for _, k := range names {
		fmt.Fprintf(&b, " %s=%v", k, e.Args[k])
	}
	if e.Err != nil {
		b.WriteString(": ")
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is(err, &Error{Code: c}) true for every error of that code.
func (e *Error) Is(target error) bool {
	t := new(Error)
	return errors.As(target, &t) && t.Code == e.Code
}

// CodeOf returns the code of the first [Error] in err's chain, "" for nil and [CodeInternal] for others.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}
