package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) annotateSignal(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.SignalNoteForm](c)
	if err != nil {
		return err
	}
	err = t.AnnotateSignal(c.Request().Context(), id, form.Note)
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showSignalView(c, t, id, http.StatusUnprocessableEntity, views.SignalView{Bad: bad, Note: form.Note})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.SignalURL(t.Org.Slug, id)+"#notes", "Note added.")
}

func (h *Handlers) removeSignalNote(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	note, err := pathID(c, "note")
	if err != nil {
		return err
	}
	if err := t.RemoveNote(c.Request().Context(), id, note); err != nil {
		return err
	}
	return h.redirect(c, views.SignalURL(t.Org.Slug, id), "Note removed.")
}

func (h *Handlers) shareSignal(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.SignalShareForm](c)
	if err != nil {
		return err
	}
	err = t.ShareSignal(c.Request().Context(), id, form.Realm, store.ShareScope(form.Scope))
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showSignalView(c, t, id, http.StatusUnprocessableEntity, views.SignalView{Bad: bad})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.SignalURL(t.Org.Slug, id), "Shared.")
}

func (h *Handlers) revokeSignalShare(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.SignalShareForm](c)
	if err != nil {
		return err
	}
	if err := t.RevokeShare(c.Request().Context(), id, form.Realm); err != nil {
		return err
	}
	return h.redirect(c, views.SignalURL(t.Org.Slug, id), "Taken back.")
}
