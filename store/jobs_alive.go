package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	aliveEvery = 10 * time.Second
	deadAfter  = time.Minute // six signs of life missed; the database's clock decides
)

// stayAlive says every few seconds that this process works jobs, and puts back what dead ones were working on, until ctx
// ends. It needs no connection of its own, so that it works through every pooler.
func (j *Jobs) stayAlive(ctx context.Context) {
	for tick := time.NewTicker(aliveEvery); ; {
		if err := j.sayAlive(ctx); err != nil && ctx.Err() == nil {
			j.log.WarnContext(ctx, "could not tell that this server works jobs", "err", err)
		}
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

// sayAlive also forgets the dead, once nothing is left that they began. A job that has no tries left is given up, as River
// does with those whose process died: it may be what killed it.
func (j *Jobs) sayAlive(ctx context.Context) error {
	batch := &pgx.Batch{}
	batch.Queue(`insert into public.job_workers (id) values ($1) on conflict (id) do update set seen_at = now()`, j.client.ID())
	batch.Queue(`
		update river.river_job as job
		set state = (case when attempt < max_attempts then 'available' else 'discarded' end)::river.river_job_state,
			scheduled_at = now(), finalized_at = case when attempt >= max_attempts then now() end
		where state = 'running' and not exists (
			select from public.job_workers w
			where w.id = job.attempted_by[cardinality(job.attempted_by)] and w.seen_at > now() - $1::interval)`, deadAfter)
	batch.Queue(`delete from public.job_workers where seen_at < now() - 10 * $1::interval`, deadAfter)
	return j.pool.SendBatch(ctx, batch).Close()
}

// leave says that this process works no jobs any more: what it could not finish is taken over at once.
func (j *Jobs) leave(ctx context.Context) error {
	_, err := j.pool.Exec(ctx, `delete from public.job_workers where id = $1`, j.client.ID())
	return err
}
