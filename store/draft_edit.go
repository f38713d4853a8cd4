package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/sop"
)

// maxUndo is how many edits back a draft remembers. It bounds what a long session of editing stores.
const maxUndo = 200

// EditDraft makes one edit and returns the draft after it. An edit that changes nothing is not recorded.
// Invalid when the edit cannot be made, under the field names of sop.EditError; ErrConflict when the revision is old or
// the draft is closed; ErrForbidden when this member may not edit it.
func (t *Tenant) EditDraft(ctx context.Context, ref DraftRef, revision int, edit sop.Edit) (Draft, error) {
	var draft Draft
	err := t.tx(ctx, func(tx pgx.Tx) error {
		row, err := t.lockDraft(ctx, tx, ref, revision)
		if err != nil {
			return err
		}
		draft, err = t.edit(ctx, tx, row, edit)
		return err
	})
	return draft, err
}

// edit applies an edit to a locked draft and records it.
func (t *Tenant) edit(ctx context.Context, tx pgx.Tx, row draftRow, edit sop.Edit) (Draft, error) {
	before, err := t.draft(row)
	if err != nil {
		return Draft{}, err
	}
	if edit, err = withFreshID(ctx, tx, before, edit); err != nil {
		return Draft{}, err
	}
	after, err := edit.Apply(before.Graph)
	if err != nil {
		return Draft{}, invalidEdit(err)
	}
	canonical, err := sop.Canonical(after)
	if err != nil {
		return Draft{}, fmt.Errorf("write the graph: %w", err)
	}
	if string(canonical) == row.Graph {
		return before, nil
	}
	next := row
	next.Graph = string(canonical)
	summary := edit.Summary(before.Graph)
	if err := t.pushEdit(ctx, tx, row, &next, summary); err != nil {
		return Draft{}, err
	}
	return t.saveEdit(ctx, tx, row, next, summary)
}

// saveEdit writes the draft after an edit, an undo or a redo, with its audit entry.
func (t *Tenant) saveEdit(ctx context.Context, tx pgx.Tx, row, next draftRow, summary string) (Draft, error) {
	if err := saveDraft(ctx, tx, row, &next); err != nil {
		return Draft{}, err
	}
	action := SOPEdited
	if row.Kind == ProposalDraft {
		action = ProposalEdited
	}
	details := Details{"summary": summary, "revision": next.Revision, "graph_hash": next.hash()}
	if err := t.audit(ctx, tx, action, next.object(), details); err != nil {
		return Draft{}, err
	}
	before, err := t.draft(row)
	if err != nil {
		return Draft{}, err
	}
	draft, err := t.draft(next)
	draft.Focus.Node, draft.Focus.Edge = sop.Touched(before.Graph, draft.Graph)
	return draft, err
}

// lockDraft holds a draft's row to the end of the transaction and reads it. These are two statements: one that waits for
// the lock would join what was there before it waited.
func (t *Tenant) lockDraft(ctx context.Context, tx pgx.Tx, ref DraftRef, revision int) (draftRow, error) {
	if _, err := value[uuid.UUID](ctx, tx, ref.lockDraft(), ref.ID); err != nil {
		return draftRow{}, err
	}
	row, err := one[draftRow](ctx, tx, ref.selectDraft(), ref.ID)
	if err != nil {
		return draftRow{}, err
	}
	if err := t.mayEdit(row); err != nil {
		return draftRow{}, err
	}
	if row.Revision != revision {
		return draftRow{}, ErrConflict
	}
	return row, nil
}

// pushEdit puts next on the undo steps of the draft, in the place of whatever could have been redone, and moves next
// there. The first edit also keeps what it started from.
func (t *Tenant) pushEdit(ctx context.Context, tx pgx.Tx, row draftRow, next *draftRow, summary string) error {
	parent := DraftRef{row.Kind, row.ID}.parent()
	next.Position, next.Undo, next.Redo = row.Position+1, summary, ""
	batch := &pgx.Batch{}
	batch.Queue(`delete from graph_edits where `+parent+` = $1 and (position > $2 or position < $3)`,
		row.ID, row.Position, next.Position-maxUndo)
	batch.Queue(`
		insert into graph_edits (id, `+parent+`, position, graph, title, description, source, summary, edited_by)
		values ($1, $2, $3, $4, $5, $6, $7, '', $8)
		on conflict (`+parent+`, position) do nothing`, newID(), row.ID, row.Position, row.Graph, row.Title, row.Description, row.Source, row.Author)
	batch.Queue(`
		insert into graph_edits (id, `+parent+`, position, graph, title, description, source, summary, edited_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, newID(), row.ID, next.Position, next.Graph, next.Title, next.Description, next.Source, summary, t.User.ID)
	return tx.SendBatch(ctx, batch).Close()
}

// saveDraft writes what an edit may change and counts the revision. The row is locked, and the guard stays all the same.
func saveDraft(ctx context.Context, tx pgx.Tx, row draftRow, next *draftRow) error {
	next.Revision = row.Revision + 1
	if row.Kind == ProposalDraft {
		return move(ctx, tx, `
			update sop_proposals
			set proposed_graph = $3, edit_position = $4, edit_revision = edit_revision + 1, updated_at = now()
			where id = $1 and edit_revision = $2 and status = $5`,
			row.ID, row.Revision, next.Graph, next.Position, row.Status)
	}
	return move(ctx, tx, `
		update sops
		set graph = $3, graph_hash = $4, title = $5, description = $6, source = $7, edit_position = $8,
			revision = revision + 1, updated_at = now()
		where id = $1 and revision = $2 and status = 'DRAFT'`,
		row.ID, row.Revision, next.Graph, next.hash(), next.Title, next.Description, next.Source, next.Position)
}

// withFreshID gives what an edit adds an id that neither the graph nor the one that editing started from has: a new step
// under the id of a deleted one would look like that one, changed.
func withFreshID(ctx context.Context, tx pgx.Tx, before Draft, edit sop.Edit) (sop.Edit, error) {
	node, addsNode := edit.(sop.AddNode)
	edge, addsEdge := edit.(sop.AddEdge)
	if !(addsNode && node.Node.ID == "") && !(addsEdge && edge.Edge.ID == "") {
		return edit, nil
	}
	graphs := []sop.Graph{before.Graph}
	if before.Base != nil {
		graphs = append(graphs, *before.Base)
	} else if start, err := startOf(ctx, tx, before.Ref); err != nil {
		return nil, err
	} else {
		graphs = append(graphs, start)
	}
	if addsNode {
		node.Node.ID = sop.NextNodeID(graphs...)
		return node, nil
	}
	edge.Edge.ID = sop.NextEdgeID(graphs...)
	return edge, nil
}

// startOf is the graph that editing started from, as far back as it is remembered; empty before the first edit.
func startOf(ctx context.Context, tx pgx.Tx, ref DraftRef) (sop.Graph, error) {
	text, err := value[string](ctx, tx, `select graph::text from graph_edits where `+ref.parent()+` = $1 order by position limit 1`, ref.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return sop.Graph{}, nil
	}
	if err != nil {
		return sop.Graph{}, err
	}
	return sop.Parse([]byte(text))
}

func invalidEdit(err error) error {
	var refused *sop.EditError
	if errors.As(err, &refused) {
		return Invalid{refused.Field: refused.Message}
	}
	return err
}
