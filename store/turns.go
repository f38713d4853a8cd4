package store

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

// turns let so many do something at once as the channel holds, and the others wait.
type turns chan struct{}

// readsAtOnce is how many reads of a single round trip each pool does at once. They wait for nothing but a processor: with
// many more under way than there are processors, each connection finds its memory out of the caches. A page took half as
// much again of the database's time with 16 at once as with 4, on two processors. Changes wait for locks as well, and have
// the rest of the pool.
func readsAtOnce() turns { return make(turns, max(4, 2*runtime.NumCPU())) }

// take waits for a turn, which ends when release is called. ErrBusy when none comes within wait.
func (t turns) take(ctx context.Context, wait time.Duration) (release func(), err error) {
	release = func() { <-t }
	select {
	case t <- struct{}{}:
		return release, nil
	default:
	}
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	select {
	case t <- struct{}{}:
		return release, nil
	case <-waiting.Done():
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: %d others had their turn for %s", ErrBusy, cap(t), wait)
	}
}
