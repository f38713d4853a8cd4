package store

import (
	"context"
	"encoding/json"
	"fmt"
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
	return e.ActorName + " " + fmt.Sprintf(phrase, quoteLabel(e.ObjectLabel))
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
