package handlers

import (
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) deleteSignal(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := t.DeleteSignal(c.Request().Context(), id); err != nil {
		return err
	}
	return h.redirectWithUndo(c, views.SignalsURL(t.Org.Slug), "Put into the bin.", views.SignalActionURL(t.Org.Slug, id, "restore"), nil)
}

func (h *Handlers) restoreSignal(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := t.RestoreSignal(c.Request().Context(), id); err != nil {
		return err
	}
	return h.redirect(c, views.SignalURL(t.Org.Slug, id), "Taken out of the bin.")
}

// planSignalMove shows what a move to the realm of the query would do; without one it asks for the realm.
func (h *Handlers) planSignalMove(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	form, err := bindQuery[views.SignalMoveForm](c)
	if err != nil {
		return err
	}
	return h.showSignalMove(c, t, id, http.StatusOK, views.SignalMoveView{Form: form})
}

func (h *Handlers) showSignalMove(c echo.Context, t *store.Tenant, id uuid.UUID, status int, v views.SignalMoveView) error {
	found, err := t.Signal(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if err := mayChange(found.Signal); err != nil {
		return err
	}
	v.Org, v.Realms = t.Org.Slug, found.Realms
	v.Plan = store.SignalMove{Signal: found.Signal}
	if v.Form.Realm != "" && v.Form.Realm != found.RealmSlug && len(v.Bad) == 0 {
		plan, err := t.PlanMove(c.Request().Context(), id, v.Form.Realm)
		if errors.As(err, &v.Bad) {
			status = http.StatusUnprocessableEntity
		} else if err != nil {
			return err
		} else {
			v.Plan = plan
		}
	}
	return h.show(c, status, "Move to another realm", views.SignalMovePage(v))
}

func (h *Handlers) moveSignal(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.SignalMoveForm](c)
	if err != nil {
		return err
	}
	err = t.MoveSignal(c.Request().Context(), id, form.Revision, form.Realm)
	v := views.SignalMoveView{Form: form}
	switch {
	case errors.As(err, &v.Bad):
		return h.showSignalMove(c, t, id, http.StatusUnprocessableEntity, v)
	case errors.Is(err, store.ErrConflict) && !isFragment(c):
		v.Late = views.Late{Wanted: "move it to another realm", Reason: problemOf(err).text}
		return h.showSignalMove(c, t, id, http.StatusConflict, v)
	case err != nil:
		return err
	}
	return h.redirect(c, views.SignalURL(t.Org.Slug, id), "Moved.")
}
