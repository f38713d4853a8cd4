package handlers

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) listSignals(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.SignalFilterForm](c)
	if err != nil {
		return err
	}
	// A form sends what is empty, too: the address to keep and to share is the short one.
	if hasEmpty(c) && !isFragment(c) && form.Cursor == "" {
		return c.Redirect(http.StatusSeeOther, form.URL(t.Org.Slug))
	}
	return h.showSignals(c, t, http.StatusOK, views.SignalListView{Filter: form})
}

func hasEmpty(c echo.Context) bool {
	for _, values := range c.QueryParams() {
		for _, value := range values {
			if value == "" {
				return true
			}
		}
	}
	return false
}

// showSignals answers with the list of a filter, and with what was wrong with a change to it.
func (h *Handlers) showSignals(c echo.Context, t *store.Tenant, status int, v views.SignalListView) error {
	v.Org, v.Can = t.Org.Slug, frameOrg(t).Can
	ctx, filter := c.Request().Context(), v.Filter.Filter()
	var err error
	switch v.Filter.Shape() {
	case "calendar":
		v.Month, err = t.SignalMonth(ctx, filter, v.Filter.MonthShown())
		v.Choices = v.Month.SignalChoices
	case "map":
		v.Map, err = t.SignalMap(ctx, filter)
		v.Choices = v.Map.SignalChoices
	default:
		v.List, err = t.Signals(ctx, filter)
		v.Choices = v.List.SignalChoices
	}
	if err != nil {
		return err
	}
	v.Encoder, v.Understands = h.store.Understands(), h.store.Understands() && v.Choices.Understands()
	return h.show(c, status, "Signals", views.SignalList(v))
}

func (h *Handlers) saveSignalView(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.SaveViewForm](c)
	if err != nil {
		return err
	}
	filter, err := signalFilterOf(form.Query)
	if err != nil {
		return err
	}
	err = t.SaveView(c.Request().Context(), form.Name, filter.Values().Encode())
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showSignals(c, t, http.StatusUnprocessableEntity, views.SignalListView{Filter: filter, Bad: bad, BadName: form.Name})
	} else if err != nil {
		return err
	}
	return h.redirect(c, filter.URL(t.Org.Slug), "View saved.")
}

func (h *Handlers) removeSignalView(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := t.RemoveView(c.Request().Context(), id); err != nil {
		return err
	}
	return h.redirect(c, views.SignalsURL(t.Org.Slug), "View removed.")
}

// signalFilterOf reads a query that came back in a form.
func signalFilterOf(query string) (views.SignalFilterForm, error) {
	values, _ := url.ParseQuery(query) // what cannot be read narrows nothing
	return decodeQuery[views.SignalFilterForm](values)
}

// ids reads ids of a form; what is no id stands for a signal that is not there.
func ids(texts []string) []uuid.UUID {
	list := make([]uuid.UUID, 0, len(texts))
	for _, text := range texts {
		id, err := uuid.Parse(text)
		if err != nil {
			id = uuid.Nil
		}
		list = append(list, id)
	}
	return list
}
