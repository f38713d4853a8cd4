package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// heavyAtOnce is how many files are held in memory at once, by requests and jobs together: a photo takes up to 400 MB while it is read.
	heavyAtOnce = 2
	// heavyPulse is how often a transaction that waits for its turn says that it is alive: the database ends one that stands still for 15 s.
	heavyPulse = 5 * time.Second
)

// Heavy waits until another file may be held in memory. release lets the next one in.
func (s *Store) Heavy(ctx context.Context) (release func(), err error) {
	return s.heavyIn(ctx, func() error { return nil })
}

// heavyInside is Heavy in a transaction, which stays open while it waits.
func (s *Store) heavyInside(ctx context.Context, tx pgx.Tx) (release func(), err error) {
	return s.heavyIn(ctx, func() error {
		_, err := tx.Exec(ctx, `select`)
		return err
	})
}

func (s *Store) heavyIn(ctx context.Context, pulse func() error) (release func(), err error) {
	tick := time.NewTicker(heavyPulse)
	defer tick.Stop()
	for {
		select {
		case s.heavy <- struct{}{}:
			return func() { <-s.heavy }, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
			if err := pulse(); err != nil {
				return nil, err
			}
		}
	}
}
