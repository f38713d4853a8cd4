package store

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"
)

// spareTenants is how many schemas wait for the next registrations. Each takes about 3 MB of disk.
const spareTenants = 5

// KeepSpares makes roles and schemas in advance until n of them wait, so that registering an organisation takes one instead of
// making it. Those that an older version made are dropped. Another server that is doing so is left to it.
func (s *Store) KeepSpares(ctx context.Context, n int) error {
	for {
		more, err := value[bool](ctx, s.ctl, `select public.keep_spare_tenants($1)`, n)
		if err != nil {
			return fmt.Errorf("make schemas in advance: %w", err)
		}
		if !more {
			return nil
		}
	}
}

// keepSpares fills up what registrations have taken.
type keepSpares struct{}

// Kind is the job's name in the queue.
func (keepSpares) Kind() string { return "keep_spares" }

func (j *Jobs) workSpares(ctx context.Context, _ *river.Job[keepSpares]) error {
	return j.store.KeepSpares(ctx, spareTenants)
}
