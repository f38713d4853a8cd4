package store

import (
	"context"
	"fmt"
	"runtime"
)

// turns let so many do something at once as the channel holds, and the others wait.
type turns chan struct{}

// readsAtOnce is how many reads of a single round trip each pool does at once. They wait for nothing but a processor: with
// many more under way than there are processors, each connection finds its memory out of the caches. A page took half as
// much again of the database's time with 16 at once as with 4, on two processors. Changes wait for locks as well, and have
// the rest of the pool.
func readsAtOnce() turns { return make(turns, max(4, 2*runtime.NumCPU())) }

// take runs do when it is its turn. ErrBusy when that does not come within acquireWait.
func (t turns) take(ctx context.Context, do func() error) error {
	select {
	case t <- struct{}{}:
	default:
		if err := t.wait(ctx); err != nil {
			return err
		}
	}
	defer func() { <-t }()
	return do()
}

func (t turns) wait(ctx context.Context) error {
	waiting, cancel := context.WithTimeout(ctx, acquireWait)
	defer cancel()
	select {
	case t <- struct{}{}:
		return nil
	case <-waiting.Done():
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%w: %d others are under way", ErrBusy, cap(t))
	}
}
