package handlers

import (
	"errors"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/store/sop"
	"surrealm/views"
)

func (h *Handlers) newSOP(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.NewSOPForm](c)
	if err != nil {
		return err
	}
	return h.showNewSOP(c, t, http.StatusOK, form, nil)
}

func (h *Handlers) showNewSOP(c echo.Context, t *store.Tenant, status int, form views.NewSOPForm, bad store.Invalid) error {
	form = form.Tidy()
	surrogates, versions, err := t.SOPChoices(c.Request().Context(), form.Copied())
	if err != nil {
		return err
	}
	if form.Surrogate == "" && len(surrogates) == 1 {
		form.Surrogate = surrogates[0].ID.String() // there is no other to choose
	}
	return h.show(c, status, "New procedure", views.NewSOP(t.Org.Slug, form, surrogates, versions, bad))
}

func (h *Handlers) createSOP(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.NewSOPForm](c)
	if err != nil {
		return err
	}
	if form = form.Tidy(); form.Uploads() {
		text, err := uploaded(c)
		if err != nil {
			return err
		}
		form = form.Uploaded(text)
	}
	id, err := t.CreateSOP(c.Request().Context(), form.Input())
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showNewSOP(c, t, http.StatusUnprocessableEntity, form, bad)
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.SOPActionURL(t.Org.Slug, id, "edit"), "Draft created.")
}

// uploaded reads the file of the form as text, "" without one. One byte over the limit is enough to refuse it.
func uploaded(c echo.Context) (string, error) {
	header, err := c.FormFile("upload")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	file, err := header.Open()
	if err != nil {
		return "", err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, sop.MaxFileBytes+1))
	return clean(string(content)), err
}
