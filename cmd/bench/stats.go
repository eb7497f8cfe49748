package main

import (
	"slices"
	"time"
)

// quantile is the value below which a share q of the sorted or unsorted values lies; 0 for none.
func quantile[T int64 | float64 | time.Duration](values []T, q float64) T {
	if len(values) == 0 {
		return 0
	}
	v := slices.Sorted(slices.Values(values))
	return v[min(len(v)-1, int(q*float64(len(v))))]
}

func median[T int64 | float64 | time.Duration](values []T) T { return quantile(values, 0.5) }

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// pair is what two things cost that were measured beside each other.
type pair struct {
	ours, theirs time.Duration // medians over all rounds
	ratio        float64       // median of the rounds' ratios
	rounds       int
}

// beside runs two things in turn: in every round each of them `each` times, alternating, and who begins
// alternates with the rounds, so that what the machine does meanwhile meets both. Both return how long
// they took by themselves. One warming turn of each is thrown away.
func beside(rounds, each int, ours, theirs func() (time.Duration, error)) (pair, error) {
	for _, f := range []func() (time.Duration, error){ours, theirs} {
		if _, err := f(); err != nil {
			return pair{}, err
		}
	}
	return inTurn(rounds, each, ours, theirs)
}

// inTurn is [beside] without the warming turns. With an error comes what the rounds before it gave.
func inTurn(rounds, each int, ours, theirs func() (time.Duration, error)) (pair, error) {
	var all, others []time.Duration
	var ratios []float64
	sum := func() pair {
		return pair{ours: median(all), theirs: median(others), ratio: median(ratios), rounds: len(ratios)}
	}
	for r := range rounds {
		var a, c []time.Duration
		turns := []struct {
			f   func() (time.Duration, error)
			out *[]time.Duration
		}{{ours, &a}, {theirs, &c}}
		if r%2 == 1 {
			slices.Reverse(turns)
		}
		for range each {
			for _, t := range turns {
				took, err := t.f()
				if err != nil {
					return sum(), err
				}
				*t.out = append(*t.out, took)
			}
		}
		ratios = append(ratios, float64(median(a))/float64(median(c)))
		all, others = append(all, a...), append(others, c...)
	}
	return sum(), nil
}

// timed turns something into what [beside] takes.
func timed(f func() error) func() (time.Duration, error) {
	return func() (time.Duration, error) {
		began := time.Now()
		err := f()
		return time.Since(began), err
	}
}
