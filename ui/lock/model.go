// Package lock is the locked door of the desk: name and passphrase, and at the very first start the
// setting up.
//
// It promises that a wrong passphrase is said in words beside the field and that nothing of the store is
// shown while it is locked but the age of what waits for the line, where that is known.
//
// It never keeps a passphrase longer than the one call it is given to.
package lock

import (
	"strings"

	"schalter/data/record"
)

// Step is what the door asks for.
type Step int

// The steps.
const (
	StepUnlock Step = iota // name and passphrase
	StepCreate             // first start: name, passphrase twice
	StepEnrol              // first start: the code of the centre, may be left out
)

// First tells which step comes first.
func First(fresh bool) Step {
	if fresh {
		return StepCreate
	}
	return StepUnlock
}

// Problem is what is to be corrected before the door is tried: the key of its text, or "" if nothing is.
func Problem(step Step, user, pass, again string) (key string) {
	switch {
	case step == StepEnrol:
		return ""
	case strings.TrimSpace(user) == "":
		return "lock.need_user"
	case pass == "":
		return "lock.need_passphrase"
	case step == StepCreate && pass != again:
		return "lock.not_the_same"
	}
	return ""
}

// Next is the user after (or, for -1, before) the one in the field, going round.
func Next(users []string, now string, d int) string {
	if len(users) == 0 {
		return now
	}
	for i, u := range users {
		if u == now {
			return users[(i+d+len(users))%len(users)]
		}
	}
	return users[0]
}

// Waiting is what the lock screen may say about the outbox.
type Waiting struct {
	Known  bool
	Counts record.Counts
}
