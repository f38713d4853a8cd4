package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// AuditEntry is one entry of the organisation's chain as people read it. Body holds the exact bytes that were hashed.
type AuditEntry struct {
	Seq         int64      `db:"seq"`
	At          time.Time  `db:"at"`
	Actor       *uuid.UUID `db:"actor"`
	ActorName   string     `db:"actor_name"`
	Action      Action     `db:"action"`
	ObjectType  string     `db:"object_type"`
	ObjectID    *uuid.UUID `db:"object_id"`
	ObjectLabel string     `db:"object_label"`
	Body        []byte     `db:"body"`
	Hash        []byte     `db:"hash"`
	PrevHash    []byte     `db:"prev_hash"`
}

const auditColumns = `seq, at, actor, actor_name, action, object_type, object_id, object_label, body, hash, prev_hash`

// Sentence tells the entry in plain words, without the time.
func (e AuditEntry) Sentence() string {
	phrase, ok := Actions[e.Action]
	if !ok {
		return fmt.Sprintf("%s: %s on %s", e.ActorName, e.Action, e.ObjectLabel) // made by a newer program
	}
	return e.ActorName + " " + strings.Replace(phrase, "%s", quoteLabel(e.ObjectLabel), 1)
}

func quoteLabel(label string) string { return "“" + label + "”" }

// JSON is the body, indented for reading. The hash is over Body, not over this.
func (e AuditEntry) JSON() string {
	var indented any
	if json.Unmarshal(e.Body, &indented) != nil {
		return string(e.Body)
	}
	text, err := json.MarshalIndent(indented, "", "  ")
	if err != nil {
		return string(e.Body)
	}
	return string(text)
}

// historyLength is how many entries an object's page shows.
const historyLength = 8

// history returns the newest entries about one object, for members who may read the audit log.
func (t *Tenant) history(ctx context.Context, tx pgx.Tx, object uuid.UUID) ([]AuditEntry, error) {
	if !t.Can(ReadAudit) {
		return nil, nil
	}
	return many[AuditEntry](ctx, tx, `
		select `+auditColumns+`
		from audit_entries
		where object_id = $1
		order by seq desc
		limit $2`, object, historyLength)
}

// AuditFilter narrows the audit log. Zero values ask for everything.
type AuditFilter struct {
	Who    string // words of the actor's name
	Action Action
	Object uuid.UUID
	Type   string    // the object's type
	From   time.Time // from this moment
	Until  time.Time // before this moment
	Before int64     // a page of entries before this number, or
	After  int64     // after it; both 0 is the newest page
}

// AuditPageSize is how many entries a page of the log shows.
const AuditPageSize = 50

// AuditPage is a page of the log, the newest first, with the state of the chain.
type AuditPage struct {
	Entries      []AuditEntry
	Older, Newer int64              // the number to page from; 0 where there is nothing
	Length       int64              // of the whole chain
	Verification *AuditVerification // the last one; nil before the first
}

// AuditLog returns a page of the log. It needs ReadAudit.
func (t *Tenant) AuditLog(ctx context.Context, f AuditFilter) (AuditPage, error) {
	var found AuditPage
	newerFirst := f.After == 0
	var chain chainState
	err := t.read(ctx, func(b *pgx.Batch) {
		queueOne(b, &chain, `
			select h.seq as length, coalesce(v.entries, 0) as entries, coalesce(v.checkpoint, 0) as checkpoint, v.fault_seq, v.reason, v.verified_at
			from audit_head h
			left join gate.audit_verification() v on true`)
		queueMany(b, &found.Entries, `
			select `+auditColumns+`
			from audit_entries
			where ($1 = '' or actor_name ilike '%' || $1 || '%')
				and ($2 = '' or action = $2)
				and ($3::uuid is null or object_id = $3)
				and ($4 = '' or object_type = $4)
				and ($5::timestamptz is null or at >= $5)
				and ($6::timestamptz is null or at < $6)
				and ($7::bigint = 0 or seq < $7)
				and seq > $8::bigint
			order by case when $9 then -seq else seq end
			limit $10`,
			likePattern(f.Who), string(f.Action), orNull(f.Object), f.Type, timeOrNull(f.From), timeOrNull(f.Until),
			f.Before, f.After, newerFirst, AuditPageSize+1)
	})
	found.Length = chain.Length
	if at := chain.VerifiedAt; at != nil {
		found.Verification = &AuditVerification{chain.Entries, chain.Checkpoint, chain.FaultSeq, chain.Reason, *at}
	}
	found.cut(f)
	return found, err
}

// cut drops the row that was asked for to see whether there are more, and finds the neighbours.
func (p *AuditPage) cut(f AuditFilter) {
	more := len(p.Entries) > AuditPageSize
	if more {
		p.Entries = p.Entries[:AuditPageSize]
	}
	if f.After != 0 {
		slices.Reverse(p.Entries)
	}
	if len(p.Entries) == 0 {
		return
	}
	if more || f.After != 0 {
		p.Older = p.Entries[len(p.Entries)-1].Seq
	}
	if f.Before != 0 || (f.After != 0 && more) {
		p.Newer = p.Entries[0].Seq
	}
}

// chainState is how long the chain is, and what its last verification found; without a time there was none.
type chainState struct {
	Length     int64      `db:"length"`
	Entries    int64      `db:"entries"`
	Checkpoint int64      `db:"checkpoint"`
	FaultSeq   *int64     `db:"fault_seq"`
	Reason     *string    `db:"reason"`
	VerifiedAt *time.Time `db:"verified_at"`
}

// AuditEntry returns one entry by its number. ErrNotFound when the chain is shorter. It needs ReadAudit.
func (t *Tenant) AuditEntry(ctx context.Context, seq int64) (AuditEntry, error) {
	var entry AuditEntry
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		entry, err = one[AuditEntry](ctx, tx, `select `+auditColumns+` from audit_entries where seq = $1`, seq)
		return err
	})
	return entry, err
}

func timeOrNull(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// RecordExport notes that the member takes the audit log away. The bundle that follows contains this entry.
func (t *Tenant) RecordExport(ctx context.Context) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		return t.audit(ctx, tx, AuditExported, Object{"org", t.Org.ID, t.Org.Name}, nil)
	})
}
