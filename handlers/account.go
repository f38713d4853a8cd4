package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) showAccount(c echo.Context) error {
	return h.accountPage(c, http.StatusOK, views.AccountView{Name: currentUser(c).Name})
}

func (h *Handlers) accountPage(c echo.Context, status int, v views.AccountView) error {
	v.Email = currentUser(c).Email
	return h.show(c, status, "Account", views.AccountPage(v))
}

func (h *Handlers) rename(c echo.Context) error {
	form, err := bindForm[views.NameForm](c)
	if err != nil {
		return err
	}
	err = h.store.Rename(c.Request().Context(), currentUser(c).ID, form.Name)
	if bad, status := refusal(c, err); bad != nil {
		return h.accountPage(c, status, views.AccountView{Name: form.Name, BadName: bad})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.AccountURL(), "Name saved.")
}

func (h *Handlers) changePassword(c echo.Context) error {
	form, err := bindForm[views.NewPasswordForm](c)
	if err != nil {
		return err
	}
	user := currentUser(c)
	change := store.PasswordChange{Current: form.Current, New: form.New, BaseURL: h.baseURL}
	fresh, err := h.store.ChangePassword(c.Request().Context(), *user, change, placeOf(c))
	if bad, status := refusal(c, err); bad != nil {
		return h.accountPage(c, status, views.AccountView{Name: user.Name, BadPassword: bad})
	} else if err != nil {
		return err
	}
	if err := h.signIn(c, fresh); err != nil {
		return err
	}
	return h.redirect(c, views.AccountURL(), "Password changed. All other devices were logged out.")
}

func (h *Handlers) listSessions(c echo.Context) error {
	ctx, user := c.Request().Context(), currentUser(c)
	sessions, err := h.store.WebSessionsOf(ctx, user.ID)
	if err != nil {
		return err
	}
	events, err := h.store.AccountEvents(ctx, user.ID)
	if err != nil {
		return err
	}
	v := views.SessionsView{Sessions: sessions, Current: currentSession(c), Events: events}
	return h.show(c, http.StatusOK, "Sessions", views.SessionsPage(v))
}

func (h *Handlers) endSession(c echo.Context) error {
	if err := h.store.EndWebSession(c.Request().Context(), currentUser(c).ID, c.Param("id"), placeOf(c)); err != nil {
		return err
	}
	return h.redirect(c, views.SessionsURL(), "That device is logged out.")
}

func (h *Handlers) endOtherSessions(c echo.Context) error {
	err := h.store.EndOtherWebSessions(c.Request().Context(), currentUser(c).ID, currentSession(c), placeOf(c))
	if err != nil {
		return err
	}
	return h.redirect(c, views.SessionsURL(), "All other devices are logged out.")
}
