package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) showForgot(c echo.Context) error {
	return h.show(c, http.StatusOK, "Set a new password", views.ForgotPage(views.EmailForm{}, nil))
}

// requestReset answers alike for addresses with and without an account.
func (h *Handlers) requestReset(c echo.Context) error {
	form, err := bindForm[views.EmailForm](c)
	if err != nil {
		return err
	}
	err = h.store.RequestReset(c.Request().Context(), form.Email, h.baseURL, placeOf(c))
	if bad, status := refusal(c, err); bad != nil {
		return h.show(c, status, "Set a new password", views.ForgotPage(form, bad))
	} else if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "Check your mail", views.ResetSentPage(store.NormalizeEmail(form.Email), h.outbox))
}

func (h *Handlers) showReset(c echo.Context) error {
	keepSecret(c)
	user, err := h.store.ResetOwner(c.Request().Context(), c.Param("token"))
	if errors.Is(err, store.ErrNotFound) {
		return h.closedReset(c)
	} else if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "Set a new password", views.ResetPage(c.Param("token"), user.Email, nil))
}

func (h *Handlers) resetPassword(c echo.Context) error {
	keepSecret(c)
	form, err := bindForm[views.NewPasswordForm](c)
	if err != nil {
		return err
	}
	ctx, token := c.Request().Context(), c.Param("token")
	_, err = h.store.ResetPassword(ctx, token, store.PasswordChange{New: form.New, BaseURL: h.baseURL}, placeOf(c))
	if errors.Is(err, store.ErrNotFound) {
		return h.closedReset(c)
	}
	if bad, status := refusal(c, err); bad != nil {
		user, err := h.store.ResetOwner(ctx, token)
		if err != nil {
			return err
		}
		return h.show(c, status, "Set a new password", views.ResetPage(token, user.Email, bad))
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.LoginURL(), "Your new password is set. Log in with it.")
}

func (h *Handlers) closedReset(c echo.Context) error {
	return h.show(c, http.StatusNotFound, "Link closed", views.ClosedLinkPage("This link no longer works",
		"It was used, it is older than 30 minutes, or a newer one was sent.", views.ForgotURL(), "Ask for a new link"))
}

// keepSecret keeps a page whose address is a secret out of the Referer header.
func keepSecret(c echo.Context) {
	c.Response().Header().Set("Referrer-Policy", "no-referrer")
}
