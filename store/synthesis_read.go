package store

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
	"surrealm/store/synthesis"
)

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
