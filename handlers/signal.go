package handlers

import (
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/views"
)

// newSignal shows the form of a new signal. Its query may fill in the kind, the realm, the title and the text, so that other pages and
// programs can share something into it.
func (h *Handlers) newSignal(c echo.Context, t *store.Tenant) error {
	given, err := bindQuery[views.SignalForm](c)
	if err != nil {
		return err
	}
	form := views.NewSignalForm()
	form.Realm, form.Title, form.Text = given.Realm, given.Title, given.Text
	if signal.Type(given.Type).Valid() {
		form.Type = given.Type
	}
	return h.showCapture(c, t, http.StatusOK, views.SignalCapture{Form: form})
}

func (h *Handlers) showCapture(c echo.Context, t *store.Tenant, status int, v views.SignalCapture) error {
	var err error
	if v.Choices, err = t.CaptureChoices(c.Request().Context()); err != nil {
		return err
	}
	v.Org, v.Key = t.Org.Slug, t.Org.Slug+"/"+t.User.ID.String()
	return h.show(c, status, "Capture a signal", views.SignalCapturePage(v))
}

func (h *Handlers) createSignal(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.SignalForm](c)
	defer forgetUploads(c)
	if err != nil {
		return err
	}
	sent, bad, err := h.readCapture(c, form)
	if err != nil {
		return err
	}
	if len(bad) == 0 {
		var id uuid.UUID
		if id, err = t.CreateSignal(c.Request().Context(), sent.signal); err == nil {
			return h.redirect(c, views.SignalURL(t.Org.Slug, id), "Signal kept.")
		} else if !errors.As(err, &bad) {
			return err
		}
	}
	v := views.SignalCapture{Form: sent.form, FileName: sent.fileName}
	return h.showCapture(c, t, http.StatusUnprocessableEntity, v.WithProblems(bad))
}

func (h *Handlers) showSignal(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return h.showSignalView(c, t, id, http.StatusOK, views.SignalView{})
}

// showSignalView shows a signal, with what went wrong in one of the forms on its page.
func (h *Handlers) showSignalView(c echo.Context, t *store.Tenant, id uuid.UUID, status int, v views.SignalView) error {
	var err error
	if v.Signal, err = t.Signal(c.Request().Context(), id); err != nil {
		return err
	}
	v.Org, v.Role = t.Org.Slug, t.Role
	return h.show(c, status, v.Signal.Draft.Title, views.SignalPage(v))
}

// similarShown is how many similar signals a page shows.
const similarShown = 8

// similarSignals is the part of a signal's page that comes after it, and without script a page of its own.
func (h *Handlers) similarSignals(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	found, err := t.MoreLike(c.Request().Context(), id, similarShown)
	if err != nil {
		return err
	}
	v := views.SimilarView{Org: t.Org.Slug, ID: id, Near: found.Near, Spelling: !found.Meaning}
	if isFragment(c) {
		return h.show(c, http.StatusOK, "", views.SimilarSignals(v))
	}
	return h.show(c, http.StatusOK, "Signals like this", views.SimilarPage(v))
}
