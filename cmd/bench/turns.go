package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// turns lets things that are compared take turns, and returns for each how often a second it was done, once a round. conns
// goroutines do it side by side.
func (b *bench) turns(ctx context.Context, conns int, works ...func(ctx context.Context) error) ([][]float64, error) {
	rates := make([][]float64, len(works))
	for _, work := range works { // a first time, for what is prepared then
		if _, err := rate(ctx, conns, b.spell()/4, work); err != nil {
			return nil, err
		}
	}
	for range b.rounds() {
		for i, work := range works {
			found, err := rate(ctx, conns, b.spell(), work)
			if err != nil {
				return nil, err
			}
			rates[i] = append(rates[i], found)
		}
	}
	return rates, nil
}

// rate is how often a second work is done by conns goroutines side by side.
func rate(ctx context.Context, conns int, during time.Duration, work func(ctx context.Context) error) (float64, error) {
	var done atomic.Int64
	var waiting sync.WaitGroup
	errs := make([]error, conns)
	start := time.Now()
	for i := range conns {
		waiting.Go(func() {
			for time.Since(start) < during && errs[i] == nil {
				errs[i] = work(ctx)
				done.Add(1)
			}
		})
	}
	waiting.Wait()
	return float64(done.Load()) / time.Since(start).Seconds(), errors.Join(errs...)
}

// ratios are the first by the second, round by round.
func ratios(of, to []float64) []float64 {
	found := make([]float64, len(of))
	for i := range of {
		found[i] = of[i] / to[i]
	}
	return found
}
