package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) showLogin(c echo.Context) error {
	next := safeNext(c.QueryParam("next"))
	if user := currentUser(c); user != nil {
		return h.redirect(c, afterLogin(*user, next), "")
	}
	return h.show(c, http.StatusOK, "Log in", views.LoginPage(views.LoginForm{Next: next}, nil))
}

func (h *Handlers) login(c echo.Context) error {
	form, err := bindForm[views.LoginForm](c)
	if err != nil {
		return err
	}
	form.Next = safeNext(form.Next)
	user, err := h.store.Authenticate(c.Request().Context(), form.Email, form.Password, placeOf(c))
	if bad, status := refusal(c, err); bad != nil {
		return h.show(c, status, "Log in", views.LoginPage(form, bad))
	} else if err != nil {
		return err
	}
	if err := h.signIn(c, user); err != nil {
		return err
	}
	return h.redirect(c, afterLogin(user, form.Next), "")
}

// refusal is what a form shows when its input was not accepted: invalid, or too many tries. nil for anything else.
func refusal(c echo.Context, err error) (store.Invalid, int) {
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return bad, http.StatusUnprocessableEntity
	}
	if tooMany := (store.TooMany{}); errors.As(err, &tooMany) {
		setRetryAfter(c, err, http.StatusTooManyRequests)
		return store.Invalid{"": tooMany.Message()}, http.StatusTooManyRequests
	}
	return nil, 0
}

// afterLogin is where a person goes on: to the page that was asked for, to the only organisation, or to the choice.
func afterLogin(user store.User, next string) string {
	switch {
	case next != "":
		return next
	case len(user.Memberships) == 1:
		return views.OrgURL(user.Memberships[0].OrgSlug)
	}
	return views.OrgsURL()
}

// logout ends the session and has the browser forget what it kept of the pages.
func (h *Handlers) logout(c echo.Context) error {
	ctx := c.Request().Context()
	if user := currentUser(c); user != nil {
		err := h.store.Logout(ctx, user.ID, currentSession(c), placeOf(c))
		if err != nil && !errors.Is(err, store.ErrNotFound) { // it may have ended elsewhere meanwhile
			return err
		}
	}
	if err := h.sessions.Destroy(ctx); err != nil {
		return err
	}
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return h.redirect(c, views.LoginURL(), "")
}
