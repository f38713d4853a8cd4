package store

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
	"surrealm/store/synthesis"
)

// mostRead bounds how many signals one text is about; of more, the last captured ones.
const mostRead = 500

// reading is what a text is written from.
type reading struct {
	use      use
	request  synthesis.Request
	signals  []uuid.UUID
	consents []uuid.UUID // that it rests on
	shares   []uuid.UUID // by which signals of other realms are read
	leftOut  int
}

// useFor is what a text about a signal or a cluster needs.
func (t *Tenant) useFor(about Subject, home subjectRow, kind synthesis.Type, external bool) use {
	return use{realm: home.Realm, alone: home.Alone, member: t.User.ID, purpose: purposeOf(kind), external: external,
		cluster: about.Cluster, subject: about.Signal, lineage: about.Signal != uuid.Nil && kind == synthesis.Lineage, most: mostRead}
}

// readFor starts the work and reads what may be read for it.
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
		home, err := findSubject(ctx, tx, asked.Of())
		if err != nil {
			return err
		}
		from.use = t.useFor(asked.Of(), home, asked.Type, provider.External())
		from.request = synthesis.Request{Type: asked.Type, Subject: asked.Of().Signal}
		taken, leftOut, err := from.use.allowed(ctx, tx)
		if err != nil {
			return err
		}
		from.leftOut = len(leftOut)
		if err := from.use.refuses(taken); err != nil {
			return err
		}
		return from.read(ctx, tx, taken)
	})
	return from, err
}

// refuses says why a text cannot be written from what may be read.
func (u use) refuses(taken []usable) error {
	switch {
	case u.subject != uuid.Nil && !slices.ContainsFunc(taken, func(s usable) bool { return s.ID == u.subject }):
		return notAllowed(u.external)
	case len(taken) > 0:
		return nil
	case u.external:
		return Conflict{Reason: "There is nothing that may be sent: the authors of these signals have not allowed that they leave this server. They can, on the page of consents of the realm."}
	}
	return Conflict{Reason: "There is nothing to write from: none of these signals is yours, and fewer than two people allow theirs to be used."}
}

// read opens the signals that may be read, and no others.
func (r *reading) read(ctx context.Context, tx pgx.Tx, taken []usable) error {
	for _, row := range taken {
		r.signals = append(r.signals, row.ID)
		if row.Share != nil {
			r.shares = append(r.shares, *row.Share)
		}
	}
	r.consents = consentsOf(taken)
	type text struct {
		ID    uuid.UUID    `db:"id"`
		Draft signal.Draft `db:"draft"`
	}
	rows, err := many[text](ctx, tx, `
		select s.id, to_jsonb(f) as draft
		from unnest($1::uuid[]) with ordinality as x (id, n) join `+signalTables+` on s.id = x.id
		order by x.n`, r.signals)
	for _, row := range rows {
		r.request.Signals = append(r.request.Signals, synthesis.Signal{
			ID: row.ID, Title: row.Draft.Title, Text: signal.Body(row.Draft.Payload), At: row.Draft.CapturedAt})
	}
	return err
}
