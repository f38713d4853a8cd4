package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"surrealm/store/exchange"
	"surrealm/store/signal"
)

// importSignals works one import.
type importSignals struct {
	Org    uuid.UUID `json:"org"`
	User   uuid.UUID `json:"user"`
	Import uuid.UUID `json:"import"`
}

// Kind is the name by which SQL adds the job.
func (importSignals) Kind() string { return "import_signals" }

func (j *Jobs) workImport(ctx context.Context, job *river.Job[importSignals]) error {
	t := j.store.actor(job.Args.Org, job.Args.User)
	err := t.importFile(ctx, job.Args.Import)
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrConflict) {
		return nil // the person or the right to add to the realm has gone, or the import was cancelled
	}
	if err != nil && job.Attempt >= 3 {
		err = errors.Join(river.JobCancel(err), t.failImport(context.WithoutCancel(ctx), job.Args.Import, importBroke))
	}
	return err
}

// importFile reads a file and writes all of it in one transaction. An import that was cancelled, by a person or because the server
// stops, leaves everything as it was.
func (t *Tenant) importFile(ctx context.Context, id uuid.UUID) error {
	var plan SignalImport
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		err = move(ctx, tx, `
			update signal_imports set state = 'RUNNING', started_at = now(), done = 0
			where id = $1 and state in ('WAITING', 'RUNNING') and realm_id = any (current_setting('app.realms_write')::uuid[])`, id)
		if err != nil {
			return err
		}
		plan, err = findImport(ctx, tx, id)
		return err
	})
	if errors.Is(err, ErrConflict) {
		return errors.Join(err, t.failImport(ctx, id, importRefused))
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var done atomic.Int32
	watched := make(chan error, 1)
	go func() { watched <- t.watchImport(ctx, id, &done, cancel) }()
	err = t.tx(ctx, func(tx pgx.Tx) error {
		done.Store(0)
		file, err := openImport(ctx, tx, id)
		if err != nil {
			return err
		}
		created, err := t.writeImport(ctx, tx, plan, file, &done)
		if file.fault != nil {
			return file.fault
		} else if err != nil {
			return err
		}
		return t.endImport(ctx, tx, plan, created)
	})
	cancel()
	if stopped := <-watched; stopped != nil {
		return stopped
	}
	if errors.Is(err, ErrConflict) {
		return errors.Join(err, t.failImport(context.WithoutCancel(ctx), id, importRefused))
	}
	if bad := (exchange.BadFile{}); errors.As(err, &bad) {
		return t.failImport(context.WithoutCancel(ctx), id, bad.Sentence+" Nothing was imported.")
	}
	if err != nil {
		return fmt.Errorf("import signals: %w", err)
	}
	return nil
}

// watchImport tells how far an import is, once a second, and stops it when its person has cancelled it: then it returns ErrConflict.
func (t *Tenant) watchImport(ctx context.Context, id uuid.UUID, done *atomic.Int32, stop func()) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		// Where the end of the import is being written, its row is locked: then there is nothing to tell.
		err := t.tx(ctx, func(tx pgx.Tx) error {
			_, err := value[uuid.UUID](ctx, tx, `select id from signal_imports where id = $1 and state = 'RUNNING'`, id)
			if err != nil {
				return err
			}
			_, err = exec(ctx, tx, `
				update signal_imports set done = $2
				where id = (select id from signal_imports where id = $1 and state = 'RUNNING' for update skip locked)`, id, done.Load())
			return err
		})
		if errors.Is(err, ErrNotFound) && ctx.Err() == nil {
			stop()
			return ErrConflict
		}
	}
}

const (
	importBatch      = 500     // rows that one statement writes at most
	importBatchBytes = 4 << 20 // and about how much of drafts
)

// importing are the rows of one statement.
type importing struct {
	ids, own       []uuid.UUID
	bodies, drafts []string
	files          []rowFile
	bytes          int
}

// writeImport writes the rows of a file without problems, and returns how many were not there.
func (t *Tenant) writeImport(ctx context.Context, tx pgx.Tx, plan SignalImport, file *importFile, done *atomic.Int32) (created int, err error) {
	var next importing
	flush := func() error {
		n, err := insertSignals(ctx, tx, plan.ID, next)
		if err == nil {
			err = t.insertFiles(ctx, tx, next.files)
		}
		created, next = created+int(n), importing{}
		return err
	}
	for row, err := range fileRows(exchange.ReadAgain, file, file.size, plan.Format, plan.Mapping) {
		if err != nil {
			return created, err
		}
		done.Add(1)
		if len(row.Problems) > 0 {
			if !plan.SkipBad {
				return created, Invalid{"skip_bad": "A row has problems."}
			}
			continue
		}
		if err := next.add(row, plan); err != nil {
			return created, err
		}
		if len(next.ids) == importBatch || next.bytes > importBatchBytes {
			if err := flush(); err != nil {
				return created, err
			}
		}
	}
	return created, flush()
}

func (b *importing) add(row exchange.Row, plan SignalImport) error {
	draft := row.Draft
	if !row.Sighted {
		draft.Visibility = plan.Visibility
	}
	var file *rowFile
	if row.File != nil { // it keeps its place in the file, and gets an id of its own here
		file = &rowFile{id: newID(), kind: draft.Type, row: row.Name, File: row.File}
		draft.Payload = signal.WithFile(draft.Payload, file.id)
	}
	text, err := json.Marshal(draft)
	if err != nil {
		return err
	}
	own, err := uuid.Parse(draft.ExternalID)
	if err != nil {
		own = uuid.Nil
	}
	body := searchBody(draft)
	id := newID()
	if file != nil {
		file.signal = id
		b.files = append(b.files, *file)
	}
	b.ids, b.own = append(b.ids, id), append(b.own, own)
	b.bodies, b.drafts = append(b.bodies, body), append(b.drafts, string(bytes.TrimSpace(text)))
	b.bytes += len(text) + len(body)
	return nil
}

// insertSignals writes rows with the beginning of their history. A row whose external id is in the realm, or is the id of a signal there,
// changes nothing. It returns how many were written.
func insertSignals(ctx context.Context, tx pgx.Tx, id uuid.UUID, b importing) (int64, error) {
	if len(b.ids) == 0 {
		return 0, nil
	}
	return exec(ctx, tx, `
		with made as (
			insert into signals (id, realm_id, realm_listed, created_by, imported_at, body, `+signalFields+`)
			select x.id, r.id, r.listed, i.requested_by, now(), x.body,
				f.external_id, f.type, f.context, f.title, f.summary, f.source, f.tags, coalesce(f.captured_at, now()), f.status, f.visibility,
				f.latitude, f.longitude, f.environment, f.temperature, f.density, f.actions, f.entities, f.energy, f.inner_state,
				f.orientation, f.substrate, f.ontological_states, f.symbolic_elements, f.subsystems, f.dominant_language, f.payload, f.metadata
			from signal_imports i
			join realms r on r.id = i.realm_id and r.id = any (current_setting('app.realms_write')::uuid[])
			cross join unnest($2::uuid[], $3::uuid[], $4::text[], $5::jsonb[]) as x (id, own, body, draft)
			cross join lateral jsonb_to_record(x.draft) as f `+signalRecord+`
			where i.id = $1 and not exists (select from signals s where s.id = x.own and s.realm_id = r.id)
			on conflict on constraint signals_external_id_once do nothing
			returning id, realm_id, visibility, created_by, revision)
		insert into signal_history (id, realm_id, signal_id, visibility, signal_author, revision, action, changed_by)
		select gen_random_uuid(), realm_id, id, visibility, created_by, revision, 'IMPORTED', created_by from made`,
		id, b.ids, b.own, b.bodies, b.drafts)
}

// endImport tells the end, in the transaction that writes the signals: ErrConflict when the import was cancelled meanwhile.
func (t *Tenant) endImport(ctx context.Context, tx pgx.Tx, plan SignalImport, created int) error {
	unchanged := plan.Total - plan.Failed - created
	err := move(ctx, tx, `
		update signal_imports set state = 'DONE', bytes = null, done = total, created = $2, unchanged = $3, finished_at = now()
		where id = $1 and state = 'RUNNING' and realm_id = any (current_setting('app.realms_write')::uuid[])`, plan.ID, created, unchanged)
	if err != nil {
		return err
	}
	if err := errors.Join(dropParts(ctx, tx), embedSoon(ctx, tx)); err != nil {
		return err
	}
	return t.audit(ctx, tx, SignalsImported, Object{"signal_import", plan.ID, ""},
		Details{"format": string(plan.Format), "created": created, "unchanged": unchanged, "failed": plan.Failed})
}

// What people are told of an import that failed. What went wrong is in the log; they need to know what they can do.
const (
	importBroke   = "The import failed three times. Nothing was imported. Try again, or ask whoever runs this server to look into its log."
	importRefused = "You may not add to this realm any more. Choose another one and send the file again."
)

// failImport marks an import that cannot succeed. One that has ended, as by being cancelled, stays as it is.
func (t *Tenant) failImport(ctx context.Context, id uuid.UUID, sentence string) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		_, err := exec(ctx, tx, `
			update signal_imports set state = 'FAILED', bytes = null, finished_at = now(), error = $2
			where id = $1 and state in ('WAITING', 'RUNNING')`, id, sentence)
		return errors.Join(err, dropParts(ctx, tx))
	})
}
