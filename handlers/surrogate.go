package handlers

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) listSurrogates(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.SurrogateFilterForm](c)
	if err != nil {
		return err
	}
	list, err := t.Surrogates(c.Request().Context(), form.Filter())
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "Surrogates", views.SurrogateList(t.Org.Slug, frameOrg(t).Can, form, list))
}

func (h *Handlers) newSurrogate(c echo.Context, t *store.Tenant) error {
	return h.showSurrogateForm(c, t, http.StatusOK, views.NewSurrogateForm(), nil)
}

func (h *Handlers) showSurrogateForm(c echo.Context, t *store.Tenant, status int, form views.SurrogateForm, bad store.Invalid) error {
	list := views.SurrogatesURL(t.Org.Slug)
	return h.show(c, status, "New surrogate", views.SurrogateEditor(t.Org.Slug, "New surrogate", list, form, bad))
}

func (h *Handlers) createSurrogate(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.SurrogateForm](c)
	if err != nil {
		return err
	}
	id, err := t.CreateSurrogate(c.Request().Context(), form.Input())
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showSurrogateForm(c, t, http.StatusUnprocessableEntity, form, bad)
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.SurrogateURL(t.Org.Slug, id), "Surrogate created.")
}

func (h *Handlers) showSurrogate(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return h.showSurrogatePage(c, t, id, http.StatusOK, views.Late{})
}

func (h *Handlers) showSurrogatePage(c echo.Context, t *store.Tenant, id uuid.UUID, status int, late views.Late) error {
	surrogate, err := t.Surrogate(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return h.show(c, status, surrogate.RoleTitle, views.SurrogatePage(t.Org.Slug, t.Role, surrogate, late))
}

func (h *Handlers) editSurrogate(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	surrogate, err := t.Surrogate(c.Request().Context(), id)
	if err != nil {
		return err
	}
	url := views.SurrogateURL(t.Org.Slug, id)
	form := views.EditSurrogateForm(surrogate.Surrogate)
	return h.show(c, http.StatusOK, "Edit the surrogate", views.SurrogateEditor(t.Org.Slug, "Edit the surrogate", url, form, nil))
}

func (h *Handlers) updateSurrogate(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.SurrogateForm](c)
	if err != nil {
		return err
	}
	url := views.SurrogateURL(t.Org.Slug, id)
	err = t.UpdateSurrogate(c.Request().Context(), id, form.Revision, form.Input())
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.show(c, http.StatusUnprocessableEntity, "Edit the surrogate", views.SurrogateEditor(t.Org.Slug, "Edit the surrogate", url, form, bad))
	}
	if errors.Is(err, store.ErrConflict) {
		return h.surrogateConflict(c, t, form)
	}
	if err != nil {
		return err
	}
	return h.redirect(c, url, "Surrogate saved.")
}

// surrogateConflict shows both sides and offers to save what was typed on top of what is there now.
func (h *Handlers) surrogateConflict(c echo.Context, t *store.Tenant, mine views.SurrogateForm) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	now, err := t.Surrogate(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if now.Status == store.SurrogateIsArchived {
		return store.Conflict{Reason: "This surrogate was archived meanwhile. Restore it to edit it."}
	}
	mine.Revision = now.Revision
	url := views.SurrogateURL(t.Org.Slug, id)
	conflict := views.SurrogateConflict{Mine: mine, Theirs: views.EditSurrogateForm(now.Surrogate)}
	return h.show(c, http.StatusConflict, "Somebody else saved first", views.SurrogateConflictPage(url, url, conflict))
}

// moveSurrogate makes the handler of one step in a surrogate's life; wanted says what it does, for who comes second, and done is the notice after it.
func moveSurrogate(step store.SurrogateMove, wanted, done string) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		id, form, err := bindFormOf[views.SurrogateMoveForm](c)
		if err != nil {
			return err
		}
		err = t.MoveSurrogate(c.Request().Context(), id, form.Revision, step)
		if errors.Is(err, store.ErrConflict) && !isFragment(c) {
			late := views.Late{Wanted: fmt.Sprintf("%s revision %d", wanted, form.Revision), Reason: problemOf(err).text}
			return h.showSurrogatePage(c, t, id, http.StatusConflict, late)
		} else if err != nil {
			return err
		}
		return h.redirect(c, views.SurrogateURL(t.Org.Slug, id), done)
	}
}
