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
	"surrealm/store/signal"
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

// mostRead bounds how many signals one text is about; of more, the last captured ones.
const mostRead = 500

// reading is what a text is written from.
type reading struct {
	request synthesis.Request
	signals []uuid.UUID
	shares  []uuid.UUID // by which signals of other realms are read
	leftOut int
}

type readRow struct {
	ID      uuid.UUID    `db:"id"`
	Author  uuid.UUID    `db:"created_by"`
	Consent *uuid.UUID   `db:"consent"`
	Alone   bool         `db:"alone"` // its realm is one person's
	Share   *uuid.UUID   `db:"share"` // by which it was opted into the realm of the cluster, as far as syntheses
	Given   bool         `db:"given"` // by its author, which is a consent for this one signal
	Draft   signal.Draft `db:"draft"`
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

// readFor starts the work and reads what may be read for it: the member's own signals, and others' by their consent. For a
// provider outside this server a consent has to say so, and one's own signals need none only where nobody else reads the realm.
func (t *Tenant) readFor(ctx context.Context, id uuid.UUID, provider synthesis.Provider) (reading, error) {
	var from reading
	err := t.tx(ctx, func(tx pgx.Tx) error {
		_, err := value[int](ctx, tx, `
			update syntheses set work = 'RUNNING', error = '', done = 0, tries = tries + 1
			where id = $1 and work in ('WAITING', 'RUNNING') and realm_id = any (current_setting('app.realms_write')::uuid[]) returning 1`, id)
		if err != nil {
			return err
		}
		asked, err := findSynthesis(ctx, tx, id)
		if err != nil {
			return err
		}
		from.request.Type = asked.Type
		if asked.SignalID != nil {
			from.request.Subject = *asked.SignalID
			return t.readSignal(ctx, tx, &from, provider.External())
		}
		return t.readCluster(ctx, tx, &from, *asked.ClusterID, provider.External())
	})
	return from, err
}

// readable are signals as a provider may read them. $1 is the subject, $2 the purpose, $3 whether the provider is outside this server.
var readable = `
	select s.id, s.created_by, case when h.id is null then k.id end as consent, coalesce(r.type = 'PRIVATE', false) as alone,
		h.id as share, coalesce(h.granted_by = s.created_by, false) as given, to_jsonb(f) as draft
	from ` + signalTables + `
	left join clusters t on t.id = $1
	left join signal_shares h on h.signal_id = s.id and h.target_realm_id = t.realm_id and h.scope = 'SYNTHESIS'
	left join consents k on k.id = ` + consentTo + ` and (k.external or not $3)`

// readSignal takes the subject, and for its lineage the earlier signals of the realm that everybody who reads the subject may read.
func (t *Tenant) readSignal(ctx context.Context, tx pgx.Tx, from *reading, external bool) error {
	rows, err := many[readRow](ctx, tx, readable+`
		join signals x on x.id = $1 and x.realm_id = s.realm_id
		where s.deleted_at is null and (s.id = x.id or $4 and s.captured_at <= x.captured_at and s.status not in ('ARCHIVED', 'REJECTED', 'FAILED')
			and (s.visibility <> 'PRIVATE' or x.visibility = 'PRIVATE' and s.created_by = x.created_by))
		order by s.id <> x.id, s.captured_at desc, s.id
		limit $5`, from.request.Subject, purposeOf(from.request.Type), external, from.request.Type == synthesis.Lineage, mostRead)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Author == t.User.ID && (!external || row.Alone) {
			row.Consent = nil // one's own needs nobody's
		} else if row.Consent == nil {
			if row.ID == from.request.Subject {
				return notAllowed(external)
			}
			from.leftOut++
			continue
		}
		from.take(row)
	}
	return nil
}

// readCluster takes what two or more people have consented to; without two it is the member's own work on their own signals.
// PRIVATE signals are read in a realm of one person only. What its author opted into the realm that far is read too, on this server only.
func (t *Tenant) readCluster(ctx context.Context, tx pgx.Tx, from *reading, cluster uuid.UUID, external bool) error {
	rows, err := many[readRow](ctx, tx, readable+`
		join clusters_signals m on m.cluster_id = $1 and m.signal_id = s.id and (m.share_id is null or h.id is not null)
		where s.deleted_at is null and s.status not in ('ARCHIVED', 'REJECTED', 'FAILED') and (r.type = 'PRIVATE' or s.visibility <> 'PRIVATE')
		order by s.captured_at desc, s.id
		limit $4`, cluster, purposeOf(from.request.Type), external, mostRead)
	if err != nil {
		return err
	}
	people := map[uuid.UUID]bool{}
	for _, row := range rows {
		if row.Consent != nil {
			people[row.Author] = true
		}
	}
	together := len(people) > 1
	for _, row := range rows {
		if row.Share != nil && row.Given && !external {
			from.shares = append(from.shares, *row.Share)
			from.take(row)
			continue
		}
		own := row.Author == t.User.ID && (!external || row.Alone || row.Consent != nil)
		if row.Share != nil || together && row.Consent == nil || !together && !own {
			from.leftOut++
			continue
		}
		if !together && (!external || row.Alone) {
			row.Consent = nil
		}
		from.take(row)
	}
	if len(from.signals) == 0 && external {
		return Conflict{Reason: "There is nothing that may be sent: the authors of these signals have not allowed that they leave this server. They can, on the page of consents of the realm."}
	}
	if len(from.signals) == 0 {
		return Conflict{Reason: "There is nothing to write from: none of these signals is yours, and fewer than two people allow theirs to be used."}
	}
	return nil
}

func (r *reading) take(row readRow) {
	r.signals = append(r.signals, row.ID)
	r.request.Signals = append(r.request.Signals, synthesis.Signal{ID: row.ID, Title: row.Draft.Title, Text: signal.Body(row.Draft.Payload),
		At: row.Draft.CapturedAt})
	if row.Consent != nil {
		for _, known := range r.request.Consents {
			if known == *row.Consent {
				return
			}
		}
		r.request.Consents = append(r.request.Consents, *row.Consent)
	}
}

// errConsentsChanged makes the job begin again: somebody took back what they had allowed while it was written.
var errConsentsChanged = errors.New("a consent was revoked meanwhile")

// stillAllowed looks whether consents are live.
func stillAllowed(ctx context.Context, tx pgx.Tx, consents []uuid.UUID) error {
	live, err := value[int](ctx, tx, `
		select count(*) from consents where id = any ($1) and revoked_at is null and (expires_at is null or expires_at > now())`, nonNil(consents))
	if err == nil && live < len(consents) {
		err = errConsentsChanged
	}
	return err
}

// keepSynthesis writes the text. ErrNotFound when the work was stopped meanwhile.
func (t *Tenant) keepSynthesis(ctx context.Context, id uuid.UUID, provider synthesis.Provider, from reading, result synthesis.Result) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		if err := stillAllowed(ctx, tx, from.request.Consents); err != nil {
			return err
		}
		shared, err := value[int](ctx, tx, `select count(*) from signal_shares where id = any ($1) and scope = 'SYNTHESIS'`, nonNil(from.shares))
		if err != nil {
			return err
		}
		if shared < len(from.shares) {
			return errConsentsChanged
		}
		body, sources := synthesis.Text(result.Statements)
		_, err = value[int](ctx, tx, `
			update syntheses
			set work = 'DONE', done = 100, body = $2, sources = $3, content = $4, provider = $5, model = $6, signal_ids = $7, consents = $8, left_out = $9,
				shares = $10, finished_at = now(), updated_at = now()
			where id = $1 and work = 'RUNNING' returning 1`,
			id, body, nonNil(sources), result.Content, provider.Name(), provider.Model(), from.signals, nonNil(from.request.Consents), from.leftOut,
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
