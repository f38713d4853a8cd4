package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

// One editor serves the drafts of procedures and the graphs that proposals propose.

func showEditor(kind store.DraftKind) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		ref, err := draftRef(c, kind)
		if err != nil {
			return err
		}
		at, err := bindQuery[views.EditorQuery](c)
		if err != nil {
			return err
		}
		draft, err := t.Draft(c.Request().Context(), ref)
		if err != nil {
			return err
		}
		if !draft.Editable {
			return h.redirect(c, views.DraftURL(t.Org.Slug, ref), "You can read this, but not edit it.")
		}
		return h.showEditorAt(c, http.StatusOK, views.NewEditor(t.Org.Slug, draft, at))
	}
}

// showEditorAt answers with the editor. The address follows what is shown, without a new entry in the history, so that
// Back leaves the editor.
func (h *Handlers) showEditorAt(c echo.Context, status int, e views.Editor) error {
	if isFragment(c) && status == http.StatusOK {
		replaceURL(c, e.AtURL())
	}
	return h.show(c, status, e.Title(), views.EditorRegion(e))
}

func editDraft(kind store.DraftKind) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		ref, err := draftRef(c, kind)
		if err != nil {
			return err
		}
		form, err := bindForm[views.EditForm](c)
		if err != nil {
			return err
		}
		if form.Rows() {
			return h.unsavedEdit(c, t, ref, http.StatusOK, form.WithRows(), nil)
		}
		draft, err := applyEdit(c, t, ref, form)
		closed := store.Conflict{}
		switch bad := (store.Invalid)(nil); {
		case errors.As(err, &bad):
			return h.unsavedEdit(c, t, ref, http.StatusUnprocessableEntity, form, bad)
		case errors.As(err, &closed):
			return h.closedEdit(c, t, ref, form, err)
		case errors.Is(err, store.ErrConflict):
			return h.lateEdit(c, t, ref, form)
		case err != nil:
			return err
		}
		return h.edited(c, t, form, draft)
	}
}

// applyEdit calls the one method of the store that the form asks for.
func applyEdit(c echo.Context, t *store.Tenant, ref store.DraftRef, form views.EditForm) (store.Draft, error) {
	ctx := c.Request().Context()
	switch {
	case form.IsUndo():
		return t.UndoDraft(ctx, ref, form.Revision)
	case form.IsRedo():
		return t.RedoDraft(ctx, ref, form.Revision)
	case form.IsTexts() && ref.Kind == store.SOPDraft:
		return t.ChangeSOP(ctx, ref.ID, form.Revision, form.Texts())
	}
	edit, err := form.Edit()
	if err != nil {
		return store.Draft{}, err
	}
	return t.EditDraft(ctx, ref, form.Revision, edit)
}

// edited shows the draft after an edit. What was deleted is offered back at once.
func (h *Handlers) edited(c echo.Context, t *store.Tenant, form views.EditForm, draft store.Draft) error {
	e := views.NewEditor(t.Org.Slug, draft, form.Next(draft))
	if !isFragment(c) {
		notice := ""
		if form.IsDeletion() {
			notice = draft.Undo + ". Undo brings it back."
		}
		return h.redirect(c, e.AtURL(), notice)
	}
	if form.IsDeletion() {
		undoToast(c, draft.Undo)
	}
	return h.showEditorAt(c, http.StatusOK, e)
}

// unsavedEdit shows the editor with the form as it was typed.
func (h *Handlers) unsavedEdit(c echo.Context, t *store.Tenant, ref store.DraftRef, status int, form views.EditForm, bad store.Invalid) error {
	draft, err := t.Draft(c.Request().Context(), ref)
	if err != nil {
		return err
	}
	if !draft.Editable {
		return h.closedEdit(c, t, ref, form, draft.Refusal)
	}
	revision := form.Revision
	e := views.NewEditor(t.Org.Slug, draft, form.Here()).Typed(form, bad)
	e.Draft.Revision, e.Form.Revision = revision, revision // the draft that the form was opened on: saving checks it
	return h.showEditorAt(c, status, e)
}

// lateEdit answers an edit of an old revision: what others did, and what was typed, ready to be saved on top.
func (h *Handlers) lateEdit(c echo.Context, t *store.Tenant, ref store.DraftRef, form views.EditForm) error {
	draft, changes, err := t.DraftSince(c.Request().Context(), ref, form.Revision)
	if err != nil {
		return err
	}
	if !draft.Editable {
		return h.closedEdit(c, t, ref, form, draft.Refusal)
	}
	if isFragment(c) {
		swapInto(c, "#editor", "outerHTML")
	}
	return h.showEditorAt(c, http.StatusConflict, views.NewEditor(t.Org.Slug, draft, form.Here()).Late(form, changes))
}

// closedEdit answers an edit of what was submitted or closed meanwhile: why, and what was typed, to be copied.
func (h *Handlers) closedEdit(c echo.Context, t *store.Tenant, ref store.DraftRef, form views.EditForm, why error) error {
	if !errors.Is(why, store.ErrConflict) || len(form.Typed()) == 0 {
		return why
	}
	if isFragment(c) {
		swapInto(c, "#editor", "outerHTML")
	}
	closed := views.ClosedEdit{Org: t.Org.Slug, Ref: ref, Reason: problemOf(why).text, Typed: form.Typed()}
	return h.show(c, http.StatusConflict, "Changed meanwhile", views.ClosedEditor(closed))
}

func draftRef(c echo.Context, kind store.DraftKind) (store.DraftRef, error) {
	id, err := pathID(c, "id")
	return store.DraftRef{Kind: kind, ID: id}, err
}
