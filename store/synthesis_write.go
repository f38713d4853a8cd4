package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"surrealm/store/llm"
	"surrealm/store/synthesis"
)

// writeSynthesis writes one text.
type writeSynthesis struct {
	Org       uuid.UUID `json:"org"`
	User      uuid.UUID `json:"user"`
	Synthesis uuid.UUID `json:"synthesis"`
}

// Kind is the name by which SQL adds the job.
func (writeSynthesis) Kind() string { return "write_synthesis" }

func (j *Jobs) workSynthesis(ctx context.Context, job *river.Job[writeSynthesis]) error {
	t := j.store.actor(job.Args.Org, job.Args.User)
	provider, err := t.writerOf(ctx, job.Args.Synthesis, job.Attempt > 1)
	if err == nil && provider.External() {
		select {
		case j.outside <- struct{}{}:
			defer func() { <-j.outside }()
		default:
			return river.JobSnooze(outsideWait)
		}
	}
	if err == nil {
		err = t.writeSynthesis(ctx, job.Args.Synthesis, provider)
	}
	failure := (*llm.Failure)(nil)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil // the person or the subject has gone, or the work was stopped
	case errors.As(err, &failure):
		return t.afterFailure(ctx, job.Args.Synthesis, failure)
	case errors.As(err, new(Conflict)):
		return t.failSynthesis(ctx, job.Args.Synthesis, err.Error())
	case err != nil && job.Attempt >= 3:
		const sorry = "Writing failed three times. Nothing was changed. Try again, or ask whoever runs this server to look into its log."
		return errors.Join(river.JobCancel(err), t.failSynthesis(context.WithoutCancel(ctx), job.Args.Synthesis, sorry))
	}
	return err
}

const (
	// mostTries is how often a language model is asked for one text before a person has to ask again.
	mostTries = 4
	// outsideWait is how long a text waits when others are with language models already.
	outsideWait = 2 * time.Second
)

// writerOf is what writes a text. ErrNotFound when there is nothing to write any more. A text that is being written is another
// job's, unless this one was begun before: then the server died at it.
func (t *Tenant) writerOf(ctx context.Context, id uuid.UUID, begun bool) (synthesis.Provider, error) {
	var account *uuid.UUID
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		account, err = value[*uuid.UUID](ctx, tx, `
			select account_id from syntheses where id = $1 and (work = 'WAITING' or $2 and work = 'RUNNING')`, id, begun)
		return err
	})
	if err != nil || account == nil {
		return synthesis.BuiltIn{Encoder: t.store.encoder}, err
	}
	return t.llmWriter(ctx, *account, id)
}

// afterFailure has the text tried again when that may help, a little later each time, and tells why meanwhile.
func (t *Tenant) afterFailure(ctx context.Context, id uuid.UUID, failure *llm.Failure) error {
	again := time.Duration(0)
	err := t.tx(ctx, func(tx pgx.Tx) error {
		tries, err := value[int](ctx, tx, `select tries from syntheses where id = $1 and work = 'RUNNING' for update`, id)
		if err != nil {
			return err
		}
		if !failure.Temporary || tries >= mostTries {
			return failSynthesis(ctx, tx, id, failure.Reason)
		}
		again = max(failure.RetryAfter, 10*time.Second<<(2*(tries-1)))
		_, err = exec(ctx, tx, `update syntheses set work = 'WAITING', error = $2, done = 0 where id = $1`, id,
			fmt.Sprintf("%s It is tried again in about %d seconds, %d of %d.", failure.Reason, int(again.Seconds()), tries+1, mostTries))
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil || again == 0 {
		return err
	}
	return river.JobSnooze(again)
}

// writeSynthesis reads in one transaction, has the provider think in none, and writes in another.
func (t *Tenant) writeSynthesis(ctx context.Context, id uuid.UUID, provider synthesis.Provider) error {
	from, err := t.readFor(ctx, id, provider)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stopped := make(chan bool)
	go func() { stopped <- t.watchSynthesis(ctx, id, cancel) }()
	result, err := provider.Write(ctx, from.request)
	cancel()
	if <-stopped {
		return ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("write synthesis: %w", err)
	}
	return t.keepSynthesis(context.WithoutCancel(ctx), id, provider, from, result)
}

// watchSynthesis looks once a second whether a person has stopped the work, until ctx ends, and then answers whether one did.
func (t *Tenant) watchSynthesis(ctx context.Context, id uuid.UUID, stop func()) bool {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
		err := t.tx(ctx, func(tx pgx.Tx) error {
			_, err := value[int](ctx, tx, `select 1 from syntheses where id = $1 and work = 'RUNNING'`, id)
			return err
		})
		if errors.Is(err, ErrNotFound) {
			stop()
			return true
		}
	}
}

// keepSynthesis writes the text. ErrNotFound when the work was stopped meanwhile, errTakenBack when something that was
// read may not be used any more.
func (t *Tenant) keepSynthesis(ctx context.Context, id uuid.UUID, provider synthesis.Provider, from reading, result synthesis.Result) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		if err := from.use.stillAllows(ctx, tx, from.signals); err != nil {
			return err
		}
		body, sources := synthesis.Text(result.Statements)
		_, err := value[int](ctx, tx, `
			update syntheses
			set work = 'DONE', done = 100, body = $2, sources = $3, content = $4, provider = $5, model = $6, signal_ids = $7, consents = $8, left_out = $9,
				shares = $10, finished_at = now(), updated_at = now()
			where id = $1 and work = 'RUNNING' returning 1`,
			id, body, nonNil(sources), result.Content, provider.Name(), provider.Model(), from.signals, from.consents, from.leftOut,
			nonNil(from.shares))
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, SynthesisWritten, Object{"synthesis", id, ""}, Details{
			"type": string(from.request.Type), "signals": len(from.signals), "left_out": from.leftOut, "model": provider.Model()})
	})
}

// failSynthesis marks work that went wrong for good.
func (t *Tenant) failSynthesis(ctx context.Context, id uuid.UUID, why string) error {
	return t.tx(ctx, func(tx pgx.Tx) error { return failSynthesis(ctx, tx, id, why) })
}

func failSynthesis(ctx context.Context, tx pgx.Tx, id uuid.UUID, why string) error {
	_, err := exec(ctx, tx, `
		update syntheses set work = 'FAILED', error = $2, finished_at = now() where id = $1 and work in ('WAITING', 'RUNNING')`, id, why)
	return err
}
