package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"

	"surrealm/store/auditlog"
)

// chainPage is how many entries are read at once: a page is some 500 KB.
const chainPage = 1000

// chain is the audit log of one organisation, as the platform reads it to verify or to export it.
type chain struct {
	from   queryer // logs in as surrealm_ctl, or acts as surrealm_owner
	schema string
}

type chainRow struct {
	Seq         int64      `db:"seq"`
	Body        []byte     `db:"body"`
	Hash        []byte     `db:"hash"`
	PrevHash    []byte     `db:"prev_hash"`
	At          time.Time  `db:"at"`
	Actor       *uuid.UUID `db:"actor"`
	ActorName   string     `db:"actor_name"`
	Action      string     `db:"action"`
	ObjectType  string     `db:"object_type"`
	ObjectID    *uuid.UUID `db:"object_id"`
	ObjectLabel string     `db:"object_label"`
}

func (r chainRow) row() auditlog.Row {
	return auditlog.Row{Seq: r.Seq, Body: r.Body, Hash: r.Hash, Prev: r.PrevHash, Copies: &auditlog.Copies{
		At: r.At, Actor: textOf(r.Actor), ActorName: r.ActorName, Action: r.Action,
		ObjectType: r.ObjectType, ObjectID: textOf(r.ObjectID), ObjectLabel: r.ObjectLabel,
	}}
}

func textOf(id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	return id.String()
}

// page reads the entries after a number, in order.
func (c chain) page(ctx context.Context, after int64) ([]chainRow, error) {
	return many[chainRow](ctx, c.from, `
		select seq, body, hash, prev_hash, at, actor, actor_name, action, object_type, object_id, object_label
		from gate.audit_rows($1, $2, $3)`, c.schema, after, chainPage)
}

// rows yields the entries after a number, page by page, in order. Entries that are appended meanwhile come too. It can be
// walked again: each walk begins at the beginning.
func (c chain) rows(ctx context.Context, start int64) iter.Seq2[auditlog.Row, error] {
	return func(yield func(auditlog.Row, error) bool) {
		for after := start; ; {
			page, err := c.page(ctx, after)
			if err != nil {
				yield(auditlog.Row{}, translate(err))
				return
			}
			for _, row := range page {
				if !yield(row.row(), nil) {
					return
				}
			}
			if len(page) < chainPage {
				return
			}
			after = page[len(page)-1].Seq
		}
	}
}

// verify holds the whole chain against every checkpoint that was kept, and signs a new one when it is whole. A fault is
// returned as *auditlog.Fault, beside how many entries were whole.
func (c chain) verify(ctx context.Context, org string, kept *auditlog.CheckpointStore) (entries, checkpoint int64, err error) {
	for try := 1; ; try++ {
		entries, checkpoint, err = c.verifyOnce(ctx, org, kept)
		// Another process signed a newer checkpoint while this one read: read again, with that in hand.
		again := errors.Is(err, auditlog.ErrBehind) || errors.Is(err, auditlog.ErrRootUnknown)
		if !again || try == 3 {
			return entries, checkpoint, err
		}
	}
}

func (c chain) verifyOnce(ctx context.Context, org string, kept *auditlog.CheckpointStore) (entries, checkpoint int64, err error) {
	checkpoints, err := c.checkpoints(ctx, org, kept)
	if err != nil {
		return 0, 0, err
	}
	if len(checkpoints) > 0 {
		checkpoint = checkpoints[len(checkpoints)-1].Size
	}
	verifier, err := c.walk(ctx, org, checkpoints)
	if err != nil {
		return verifier.Size(), checkpoint, err
	}
	signed, err := kept.Sign(org, verifier, time.Now())
	if err != nil {
		return verifier.Size(), checkpoint, fmt.Errorf("sign a checkpoint: %w", err)
	}
	return verifier.Size(), signed.Size, nil
}

// checkpoints are those that the chain has to hold against, smallest first. A restore that gave entries up may have been
// killed between its commit and setting their checkpoints aside: what it planned is carried out, if it was committed.
func (c chain) checkpoints(ctx context.Context, org string, kept *auditlog.CheckpointStore) ([]auditlog.SignedCheckpoint, error) {
	plan, err := kept.PlannedSuperseding(org)
	if err != nil {
		return nil, err
	}
	if plan != nil {
		next, err := c.page(ctx, plan.Size)
		if err != nil {
			return nil, translate(err)
		}
		if len(next) > 0 && bytes.Equal(next[0].Hash, plan.Next[:]) {
			if err := kept.Supersede(org, plan.Size); err != nil {
				return nil, err
			}
		}
	}
	return kept.All(org)
}

// walk holds every entry against the one before and against checkpoints, smallest first. A fault is a *auditlog.Fault; the
// verifier beside it knows how far it came.
func (c chain) walk(ctx context.Context, org string, checkpoints []auditlog.SignedCheckpoint) (*auditlog.Verifier, error) {
	verifier := auditlog.NewVerifier(org)
	for _, signed := range checkpoints {
		if err := verifier.Expect(signed.Checkpoint); err != nil {
			return verifier, err
		}
	}
	for row, err := range c.rows(ctx, 0) {
		if err == nil {
			err = verifier.Add(row)
		}
		if err != nil {
			return verifier, err
		}
	}
	return verifier, verifier.Finish()
}
