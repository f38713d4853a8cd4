package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// UndoDraft takes back the last edit. ErrConflict when the revision is old or there is nothing to undo.
func (t *Tenant) UndoDraft(ctx context.Context, ref DraftRef, revision int) (Draft, error) {
	return t.step(ctx, ref, revision, -1)
}

// RedoDraft makes the last undone edit again. ErrConflict when the revision is old or there is nothing to redo.
func (t *Tenant) RedoDraft(ctx context.Context, ref DraftRef, revision int) (Draft, error) {
	return t.step(ctx, ref, revision, +1)
}

// undoStep is a remembered state of a draft.
type undoStep struct {
	Position    int     `db:"position"`
	Graph       string  `db:"graph"`
	Title       string  `db:"title"`
	Description *string `db:"description"` // nil where it was not remembered yet: it stays as it is
	Source      *string `db:"source"`
	Summary     string  `db:"summary"`
	Undoable    bool    `db:"undoable"` // an older state is remembered too
	Redo        string  `db:"redo"`     // the summary of the newer one; "" when there is none
}

// step moves a draft along its remembered states.
func (t *Tenant) step(ctx context.Context, ref DraftRef, revision, by int) (Draft, error) {
	var draft Draft
	err := t.tx(ctx, func(tx pgx.Tx) error {
		row, err := t.lockDraft(ctx, tx, ref, revision)
		if err != nil {
			return err
		}
		to, err := stepFrom(ctx, tx, ref, row.Position, by)
		if err != nil {
			return err
		}
		summary := "Redid: " + to.Summary
		if by < 0 {
			summary = "Undid: " + row.Undo
		}
		next := row
		next.Position, next.Graph, next.Undo, next.Redo = to.Position, to.Graph, "", to.Redo
		if to.Undoable {
			next.Undo = to.Summary
		}
		if ref.Kind == SOPDraft {
			next.Title = to.Title
			if to.Description != nil && to.Source != nil {
				next.Description, next.Source = *to.Description, *to.Source
			}
		}
		draft, err = t.saveEdit(ctx, tx, row, next, summary)
		return err
	})
	return draft, err
}

// stepFrom finds the remembered state before or after a position.
func stepFrom(ctx context.Context, tx pgx.Tx, ref DraftRef, position, by int) (undoStep, error) {
	wanted, nothing := `e.position > $2 order by e.position`, "there is nothing to redo"
	if by < 0 {
		wanted, nothing = `e.position < $2 order by e.position desc`, "there is nothing to undo"
	}
	parent := ref.parent()
	step, err := one[undoStep](ctx, tx, `
		select e.position, e.graph::text as graph, e.title, e.description, e.source, e.summary,
			exists (select from graph_edits b where b.`+parent+` = $1 and b.position < e.position) as undoable,
			coalesce((select n.summary from graph_edits n where n.`+parent+` = $1 and n.position > e.position
				order by n.position limit 1), '') as redo
		from graph_edits e
		where e.`+parent+` = $1 and `+wanted+`
		limit 1`, ref.ID, position)
	if errors.Is(err, pgx.ErrNoRows) {
		return step, Conflict{Reason: nothing}
	}
	return step, err
}
