package handlers

import (
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) editSignal(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	found, err := t.Signal(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if err := mayChange(found.Signal); err != nil {
		return err
	}
	return h.showSignalEdit(c, t, http.StatusOK, views.SignalEdit{Signal: found.Signal, Form: views.EditSignalForm(found.Signal)})
}

// mayChange refuses the form of a signal that cannot be saved.
func mayChange(s store.Signal) error {
	switch {
	case !s.Editable:
		return store.ErrForbidden
	case s.DeletedAt != nil:
		return store.Conflict{Reason: "This signal is in the bin. Take it out to change it."}
	}
	return nil
}

func (h *Handlers) showSignalEdit(c echo.Context, t *store.Tenant, status int, v views.SignalEdit) error {
	var err error
	if v.Choices, err = t.CaptureChoices(c.Request().Context()); err != nil {
		return err
	}
	v.Org = t.Org.Slug
	title := "Edit the signal"
	if v.Now != nil {
		title = "Somebody else saved first"
	}
	return h.show(c, status, title, views.SignalEditPage(v))
}

// updateSignal lays the form over the signal as it is saved, because a form cannot show all of it. When somebody else saves in between,
// the store refuses the revision.
func (h *Handlers) updateSignal(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.SignalForm](c)
	if err != nil {
		return err
	}
	saved, err := t.Signal(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if err := mayChange(saved.Signal); err != nil {
		return err
	}
	if form.Revision != saved.Revision {
		return h.signalConflict(c, t, id, form)
	}
	draft, bad := form.Draft(saved.Draft)
	if len(bad) == 0 {
		err = t.UpdateSignal(c.Request().Context(), id, form.Revision, draft)
	}
	switch {
	case len(bad) > 0 || errors.As(err, &bad):
		return h.showSignalEdit(c, t, http.StatusUnprocessableEntity, views.SignalEdit{Signal: saved.Signal, Form: form, Bad: bad})
	case errors.Is(err, store.ErrConflict):
		return h.signalConflict(c, t, id, form)
	case err != nil:
		return err
	}
	return h.redirect(c, views.SignalURL(t.Org.Slug, id), "Signal saved.")
}

// signalConflict shows both sides and offers to save what was typed on top of what is there now.
func (h *Handlers) signalConflict(c echo.Context, t *store.Tenant, id uuid.UUID, mine views.SignalForm) error {
	saved, err := t.Signal(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if err := mayChange(saved.Signal); err != nil {
		return err
	}
	now := views.EditSignalForm(saved.Signal)
	mine.Revision = saved.Revision
	return h.showSignalEdit(c, t, http.StatusConflict, views.SignalEdit{Signal: saved.Signal, Form: mine, Now: &now})
}
