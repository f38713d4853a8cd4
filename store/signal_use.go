package store

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A use is what signals are wanted for: by whom, to what end, and where it is done. Whatever reads signals for the machine or for a
// language model asks it which ones may be read, and asks again before anything is sent or kept.
type use struct {
	realm    uuid.UUID // whose members decide
	alone    bool      // it is one person's
	member   uuid.UUID // who asks
	purpose  Purpose
	external bool      // done by a provider outside this server
	cluster  uuid.UUID // of its members; uuid.Nil for all that is in the realm
	subject  uuid.UUID // of this signal
	lineage  bool      // and of the earlier ones of its realm
	most     int       // signals: the last captured ones
}

// A usable signal may be used, and this is why.
type usable struct {
	ID      uuid.UUID  `db:"id"`
	Author  uuid.UUID  `db:"created_by"`
	Consent *uuid.UUID `db:"consent"` // of its author; nil when none is needed
	Share   *uuid.UUID `db:"share"`   // by which it was opted into the realm from another
	Given   bool       `db:"given"`   // by its author, which is a consent for this one signal
}

// usableSignals are the signals s among here(id) that a use may be of if their people allow it, with what they allow. $1 is the
// realm, $2 the purpose, $3 whether it is done outside. What is opted into the realm from another is there by its share.
const (
	usableSignals = `
		select s.id, s.created_by, c.id as consent, h.id as share, coalesce(h.granted_by = s.created_by, false) as given
		from (`
	usableAre = `) here
		join signals s on s.id = here.id and s.deleted_at is null
		left join signal_shares h on h.realm_id = s.realm_id and h.signal_id = s.id and h.target_realm_id = $1
			and (h.scope = 'SYNTHESIS' or h.scope = 'CLUSTER' and $2 = 'CLUSTER')
		left join (
			select c.* from consents c
			join realms_users u on u.realm_id = c.realm_id and u.user_id = c.user_id and u.state = 'ACTIVE'
			where c.realm_id = $1 and c.purpose = $2 and (c.external or not $3) and ` + inForce + `) c
			on c.user_id = s.created_by and s.realm_id = $1 and ` + covers + `
		where (s.realm_id = $1 or h.id is not null)`
	inWork       = ` and s.status not in ('ARCHIVED', 'REJECTED', 'FAILED')`
	lastCaptured = ` order by s.captured_at desc, s.id limit $4`
)

// candidates are the signals that a use may be of, before their people are asked. Where several people read a realm PRIVATE signals stay
// out of what is made of many: it is everyone's to read.
func (u use) candidates(ctx context.Context, tx pgx.Tx) ([]usable, error) {
	switch {
	case u.cluster != uuid.Nil:
		return many[usable](ctx, tx, usableSignals+`
			select signal_id as id from clusters_signals where realm_id = $1 and cluster_id = $6`+usableAre+inWork+`
			and ($5 or s.visibility <> 'PRIVATE')`+lastCaptured, u.realm, u.purpose, u.external, u.most, u.alone, u.cluster)
	case u.subject != uuid.Nil:
		return many[usable](ctx, tx, usableSignals+`
			select x.id from signals o join signals x on x.realm_id = o.realm_id
			where o.id = $5 and (x.id = o.id or $6 and x.captured_at <= o.captured_at and x.status not in ('ARCHIVED', 'REJECTED', 'FAILED')
				and (x.visibility <> 'PRIVATE' or o.visibility = 'PRIVATE' and x.created_by = o.created_by))`+usableAre+`
			order by s.id <> $5, s.captured_at desc, s.id limit $4`, u.realm, u.purpose, u.external, u.most, u.subject, u.lineage)
	}
	return many[usable](ctx, tx, usableSignals+`
		select id from signals where realm_id = $1
		union all
		select signal_id from signal_shares where target_realm_id = $1 and scope <> 'READ'`+usableAre+inWork+`
		and ($5 or s.visibility <> 'PRIVATE')`+lastCaptured, u.realm, u.purpose, u.external, u.most, u.alone)
}

// allowed are the signals that may be used now, and those that are left out because nobody allows it.
//
// Of one's own signals nobody else is asked, unless they leave this server from a realm that others read. What is made of many in such a
// realm is made by all who consent once two do: then only what is consented to is in it, also of one's own; before that, it is one's own
// work on one's own signals. What an author opted into the realm is in it on this server.
func (u use) allowed(ctx context.Context, tx pgx.Tx) (taken []usable, leftOut []uuid.UUID, err error) {
	rows, err := u.candidates(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	people := map[uuid.UUID]bool{}
	for _, row := range rows {
		if row.Consent != nil {
			people[row.Author] = true
		}
	}
	single, together := u.subject != uuid.Nil, len(people) > 1
	for _, row := range rows {
		own := row.Author == u.member
		switch {
		case row.Share != nil:
			if !row.Given || u.external {
				leftOut = append(leftOut, row.ID)
				continue
			}
		case own && (!u.external || u.alone) && (single || !together):
			row.Consent = nil
		case row.Consent == nil || !own && !single && !together:
			leftOut = append(leftOut, row.ID)
			continue
		}
		taken = append(taken, row)
	}
	return taken, leftOut, nil
}

// errTakenBack makes a job begin again: of what it took, something may not be used any more.
var errTakenBack = errors.New("something was taken back meanwhile")

// stillAllows answers errTakenBack unless all of some signals may be used now, in the transaction that is about to send or keep something.
func (u use) stillAllows(ctx context.Context, tx pgx.Tx, signals []uuid.UUID) error {
	u.most *= 2 // what was captured meanwhile takes nobody's place
	taken, _, err := u.allowed(ctx, tx)
	if err != nil {
		return err
	}
	now := make(map[uuid.UUID]bool, len(taken))
	for _, row := range taken {
		now[row.ID] = true
	}
	for _, id := range signals {
		if !now[id] {
			return errTakenBack
		}
	}
	return nil
}

// consentsOf are the consents by which signals are used, each once.
func consentsOf(taken []usable) []uuid.UUID {
	seen, ids := map[uuid.UUID]bool{}, []uuid.UUID{}
	for _, row := range taken {
		if row.Consent != nil && !seen[*row.Consent] {
			seen[*row.Consent] = true
			ids = append(ids, *row.Consent)
		}
	}
	return ids
}
