package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/sop"
)

// SOPTexts are what a draft says about itself beside its graph.
type SOPTexts struct {
	Title       string
	Description string
	Source      string
}

// ChangeSOP gives a draft other texts, which can be undone in the editor like any edit.
// Invalid fields: title, description, source. ErrConflict when the revision is old or the version is no draft.
func (t *Tenant) ChangeSOP(ctx context.Context, id uuid.UUID, revision int, texts SOPTexts) (Draft, error) {
	texts = SOPTexts{trimmed(texts.Title), trimmed(texts.Description), trimmed(texts.Source)}
	if err := texts.check(); err != nil {
		return Draft{}, err
	}
	var draft Draft
	err := t.tx(ctx, func(tx pgx.Tx) error {
		row, err := t.lockDraft(ctx, tx, DraftRef{SOPDraft, id}, revision)
		if err != nil {
			return err
		}
		if texts.changed(row) == nil {
			draft, err = t.draft(row)
			return err
		}
		draft, err = t.saveTexts(ctx, tx, row, texts)
		return err
	})
	return draft, err
}

func (texts SOPTexts) check() error {
	document := sop.Document{Kind: sop.SOPDocument, Title: texts.Title, Description: texts.Description, Source: texts.Source}
	return Invalid(document.TextProblems()).orNil()
}

// changed names the fields in which the texts differ from a draft's.
func (texts SOPTexts) changed(row draftRow) []any {
	var fields []any
	if texts.Title != row.Title {
		fields = append(fields, "title")
	}
	if texts.Description != row.Description {
		fields = append(fields, "description")
	}
	if texts.Source != row.Source {
		fields = append(fields, "source")
	}
	return fields
}

func (t *Tenant) saveTexts(ctx context.Context, tx pgx.Tx, row draftRow, texts SOPTexts) (Draft, error) {
	next := row
	next.Title, next.Description, next.Source = texts.Title, texts.Description, texts.Source
	summary := "Changed the source"
	switch {
	case texts.Title != row.Title:
		summary = "Renamed to “" + texts.Title + "”"
	case texts.Description != row.Description:
		summary = "Changed the description"
	}
	if err := t.pushEdit(ctx, tx, row, &next, summary); err != nil {
		return Draft{}, err
	}
	if err := saveDraft(ctx, tx, row, &next); err != nil {
		return Draft{}, err
	}
	details := Details{"summary": summary, "fields": texts.changed(row), "revision": next.Revision}
	if err := t.audit(ctx, tx, SOPEdited, next.object(), details); err != nil {
		return Draft{}, err
	}
	return t.draft(next)
}

// DiscardSOP deletes a draft and its undo steps. Its number is not used again; when it was the only version of its line,
// the line goes with it. ErrConflict when the revision is old or
// the version is no draft; Invalid when it was signed before it was returned, because signatures are kept for good.
func (t *Tenant) DiscardSOP(ctx context.Context, id uuid.UUID, revision int) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		version, err := lockVersion(ctx, tx, id) // no version joins the line from here on
		if err != nil {
			return err
		}
		row, err := t.lockDraft(ctx, tx, DraftRef{SOPDraft, id}, revision)
		if err != nil {
			return err
		}
		if err := move(ctx, tx, `delete from sops where id = $1 and status = 'DRAFT' and revision = $2`, id, revision); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			delete from sop_lines where id = $1 and not exists (select from sops where line_id = $1)`, version.LineID)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, SOPDiscarded, row.object(), Details{"version": row.Number, "graph_hash": row.hash()})
	})
}
