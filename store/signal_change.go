package store

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
)

// UpdateSignal replaces what its author gave, if the signal still is at the revision that the editor saw. Nothing changes
// when nothing differs. The type stays. Invalid names fields as signal.FieldNames does; ErrForbidden when the member may
// read it only; ErrConflict when somebody changed it meanwhile, or it is in the bin.
func (t *Tenant) UpdateSignal(ctx context.Context, id uuid.UUID, revision int, draft signal.Draft) error {
	draft = draft.Normalised()
	if err := Invalid(draft.Problems()).orNil(); err != nil {
		return err
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		before, err := editableSignal(ctx, tx, id)
		if err != nil {
			return err
		}
		if draft.Type != before.Draft.Type {
			return Invalid{"type": "The type of a signal stays as it is."}
		}
		if draft.CapturedAt.IsZero() {
			draft.CapturedAt = before.Draft.CapturedAt
		}
		changed, err := signal.Differences(before.Draft, draft)
		if err != nil || len(changed) == 0 && before.Revision == revision {
			return err
		}
		if err := writeDraft(ctx, tx, id, revision, draft); err != nil {
			return err
		}
		was, err := fieldsOf(before.Draft, changed)
		if err != nil {
			return err
		}
		is, err := fieldsOf(draft, changed)
		if err != nil {
			return err
		}
		if err := recordSignal(ctx, tx, id, "EDITED", was, is); err != nil {
			return err
		}
		if draft.Visibility == signal.Private && before.Draft.Visibility != signal.Private {
			if err := withdrawFromClusters(ctx, tx, id); err != nil {
				return err
			}
		}
		// The old vector belongs to the old text.
		if _, err := exec(ctx, tx, `delete from signal_embeddings where signal_id = $1`, id); err != nil {
			return err
		}
		if err := embedSoon(ctx, tx); err != nil {
			return err
		}
		return t.audit(ctx, tx, SignalUpdated, Object{"signal", id, ""}, Details{"fields": changed})
	})
}

// writeDraft writes every field of a draft but its type.
func writeDraft(ctx context.Context, tx pgx.Tx, id uuid.UUID, revision int, draft signal.Draft) error {
	return move(ctx, tx, `
		update signals s
		set external_id = f.external_id, context = f.context, title = f.title, summary = f.summary, source = f.source, tags = f.tags,
			captured_at = f.captured_at, status = f.status, visibility = f.visibility, latitude = f.latitude, longitude = f.longitude,
			environment = f.environment, temperature = f.temperature, density = f.density, actions = f.actions, entities = f.entities,
			energy = f.energy, inner_state = f.inner_state, orientation = f.orientation, substrate = f.substrate,
			ontological_states = f.ontological_states, symbolic_elements = f.symbolic_elements, subsystems = f.subsystems,
			dominant_language = f.dominant_language, payload = f.payload, metadata = f.metadata, body = $4,
			revision = s.revision + 1, updated_at = now()
		from jsonb_to_record($3::jsonb) as f `+signalRecord+`
		where s.id = $1 and s.revision = $2 and s.deleted_at is null`, id, revision, draft, searchBody(draft))
}

// withdrawFromClusters takes a signal that only its author sees from now on out of the clusters that others read too. What the machine had
// called those may be its words, so they lose their terms, and their title unless a person gave it; the next run finds others.
func withdrawFromClusters(ctx context.Context, tx pgx.Tx, id uuid.UUID) error {
	_, err := exec(ctx, tx, `
		with gone as (
			delete from clusters_signals m using realms r
			where m.signal_id = $1 and r.id = m.realm_id and r.type <> 'PRIVATE'
			returning m.realm_id, m.cluster_id)
		update clusters c
		set terms = '{}', title = case when c.named then c.title else 'Cluster' end, central_id = nullif(c.central_id, $1),
			revision = c.revision + 1, updated_at = now()
		from gone
		where c.realm_id = gone.realm_id and c.id = gone.cluster_id and c.origin = 'MACHINE'`, id)
	return err
}

// editableSignal returns a signal that the member may change; ErrForbidden for one that they may only read.
func editableSignal(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Signal, error) {
	found, err := findSignal(ctx, tx, id)
	if err == nil && !found.Editable {
		err = ErrForbidden
	}
	return found, err
}

// DeleteSignal puts a signal into the bin; RestoreSignal takes it out again. Both are found by who may change it.
func (t *Tenant) DeleteSignal(ctx context.Context, id uuid.UUID) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		if _, err := editableSignal(ctx, tx, id); err != nil {
			return err
		}
		err := move(ctx, tx, `
			update signals set deleted_at = now(), revision = revision + 1, updated_at = now() where id = $1 and deleted_at is null`, id)
		if err != nil {
			return err
		}
		// Nothing in the bin is found by meaning.
		if _, err := exec(ctx, tx, `delete from signal_embeddings where signal_id = $1`, id); err != nil {
			return err
		}
		if err := recordSignal(ctx, tx, id, "DELETED", nil, nil); err != nil {
			return err
		}
		return t.audit(ctx, tx, SignalDeleted, Object{"signal", id, ""}, nil)
	})
}

// RestoreSignal takes a signal out of the bin.
func (t *Tenant) RestoreSignal(ctx context.Context, id uuid.UUID) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		if _, err := editableSignal(ctx, tx, id); err != nil {
			return err
		}
		err := move(ctx, tx, `
			update signals set deleted_at = null, revision = revision + 1, updated_at = now() where id = $1 and deleted_at is not null`, id)
		if err != nil {
			return err
		}
		if err := recordSignal(ctx, tx, id, "RESTORED", nil, nil); err != nil {
			return err
		}
		if err := embedSoon(ctx, tx); err != nil {
			return err
		}
		return t.audit(ctx, tx, SignalRestored, Object{"signal", id, ""}, nil)
	})
}

// SignalMove says what moving a signal to another realm would do.
type SignalMove struct {
	Signal   Signal
	To       string   // name of the realm
	Clusters []string // titles of those that it would leave
	Shares   int      // realms it would no longer be shared with
	Gain     []string // names of people who could see it and could not before
	Lose     int      // people who could see it before and could no longer
}

// PlanMove tells the consequences of MoveSignal, for the member to decide.
func (t *Tenant) PlanMove(ctx context.Context, id uuid.UUID, realm string) (SignalMove, error) {
	var plan SignalMove
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		if plan.Signal, err = editableSignal(ctx, tx, id); err != nil {
			return err
		}
		target, err := writableRealm(ctx, tx, realm)
		if err != nil {
			return err
		}
		type consequences struct {
			To       string   `db:"name"`
			Clusters []string `db:"clusters"`
			Shares   int      `db:"shares"`
			Gain     []string `db:"gain"`
			Lose     int      `db:"lose"`
		}
		found, err := one[consequences](ctx, tx, `
			select r.name,
				coalesce((select array_agg(c.title order by c.title) from clusters_signals m
					join clusters c on c.realm_id = m.realm_id and c.id = m.cluster_id where m.signal_id = s.id), '{}') as clusters,
				cardinality(s.shared_realm_ids) as shares,
				coalesce((select array_agg(p.display_name order by p.display_name) from realms_users u join people p using (user_id)
					where u.realm_id = r.id and u.state = 'ACTIVE' and s.visibility <> 'PRIVATE' and not exists (
						select from realms_users o where o.realm_id = s.realm_id and o.user_id = u.user_id and o.state = 'ACTIVE')), '{}') as gain,
				(select count(*) from realms_users o where o.realm_id = s.realm_id and o.state = 'ACTIVE' and s.visibility <> 'PRIVATE' and not exists (
					select from realms_users u where u.realm_id = r.id and u.user_id = o.user_id and u.state = 'ACTIVE')) as lose
			from signals s cross join realms r
			where s.id = $1 and r.id = $2`, id, target)
		plan.To, plan.Clusters, plan.Shares, plan.Gain, plan.Lose = found.To, found.Clusters, found.Shares, found.Gain, found.Lose
		return err
	})
	return plan, err
}

// MoveSignal moves a signal, with all that hangs on it, to another realm that the member may add to.
func (t *Tenant) MoveSignal(ctx context.Context, id uuid.UUID, revision int, realm string) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		before, err := editableSignal(ctx, tx, id)
		if err != nil {
			return err
		}
		if before.Revision != revision {
			return ErrConflict
		}
		if err := moveTo(ctx, tx, id, realm); err != nil {
			return err
		}
		return t.audit(ctx, tx, SignalMoved, Object{"signal", id, ""}, nil)
	})
}

func moveTo(ctx context.Context, tx pgx.Tx, id uuid.UUID, realm string) error {
	target, err := writableRealm(ctx, tx, realm)
	if err != nil {
		return err
	}
	// What people decided about it held in the realm that it leaves.
	if _, err := exec(ctx, tx, `delete from cluster_constraints where signal_id = $1 or other_id = $1`, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `select gate.move_signal($1, $2)`, id, target); err != nil {
		return err
	}
	if err := recordSignal(ctx, tx, id, "MOVED", nil, nil); err != nil {
		return err
	}
	return embedSoon(ctx, tx)
}

// writableRealm returns the id of the realm at slug if the member may add to it.
func writableRealm(ctx context.Context, tx pgx.Tx, slug string) (uuid.UUID, error) {
	id, err := value[uuid.UUID](ctx, tx, `
		select id from realms where slug = $1 and id = any (current_setting('app.realms_write')::uuid[])`, slug)
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, Invalid{"realm": "Choose a realm that you may add to."}
	}
	return id, err
}
