package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) showInvitation(c echo.Context) error {
	return h.invitationPage(c, http.StatusOK, views.JoinForm{}, nil)
}

// invitationPage shows what the link invites to, or that it works no more.
func (h *Handlers) invitationPage(c echo.Context, status int, form views.JoinForm, bad store.Invalid) error {
	keepSecret(c)
	found, err := h.store.InvitationByToken(c.Request().Context(), c.Param("token"))
	if errors.Is(err, store.ErrNotFound) {
		return h.closedInvitation(c)
	} else if err != nil {
		return err
	}
	v := views.InvitationView{Token: c.Param("token"), Invitation: found, Form: form, Bad: bad}
	if user := currentUser(c); user != nil {
		v.SignedInAs = user.Email
	}
	return h.show(c, status, "Invitation", views.InvitationPage(v))
}

func (h *Handlers) closedInvitation(c echo.Context) error {
	return h.show(c, http.StatusNotFound, "Invitation closed", views.ClosedLinkPage("This invitation no longer works",
		"It was accepted, withdrawn or sent again, or it is older than 7 days. Ask for a new one where it came from.", "/", "Go on"))
}

// acceptInvitation joins with the account that is signed in, or with a new one.
func (h *Handlers) acceptInvitation(c echo.Context) error {
	form, err := bindForm[views.JoinForm](c)
	if err != nil {
		return err
	}
	if currentUser(c) != nil {
		return h.joinWithAccount(c)
	}
	found, err := h.store.InvitationByToken(c.Request().Context(), c.Param("token"))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return h.closedInvitation(c)
	case err != nil:
		return err
	case found.HasAccount:
		return h.redirect(c, loginURLTo(views.InvitationURL(c.Param("token"))), "")
	}
	account := store.NewAccount{Name: form.Name, Email: found.Email, Password: form.Password, From: placeOf(c)}
	user, err := h.store.AcceptWithNewAccount(c.Request().Context(), c.Param("token"), account)
	if bad, status := refusal(c, err); bad != nil {
		return h.invitationPage(c, status, form, bad)
	} else if errors.Is(err, store.ErrNotFound) {
		return h.closedInvitation(c)
	} else if err != nil {
		return err
	}
	if err := h.signIn(c, user); err != nil {
		return err
	}
	return h.welcome(c, found)
}

func (h *Handlers) joinWithAccount(c echo.Context) error {
	ctx, token, user := c.Request().Context(), c.Param("token"), currentUser(c)
	found, err := h.store.InvitationByToken(ctx, token)
	if errors.Is(err, store.ErrNotFound) {
		return h.closedInvitation(c)
	} else if err != nil {
		return err
	}
	_, err = h.store.AcceptWithAccount(ctx, token, user.ID)
	switch bad, status := refusal(c, err); {
	case bad != nil:
		return h.invitationPage(c, status, views.JoinForm{}, bad)
	case errors.Is(err, store.ErrForbidden):
		return h.invitationPage(c, http.StatusForbidden, views.JoinForm{}, nil)
	case errors.Is(err, store.ErrNotFound):
		return h.closedInvitation(c)
	case err != nil:
		return err
	}
	if err := h.renewSession(c); err != nil {
		return err
	}
	return h.welcome(c, found)
}

func (h *Handlers) welcome(c echo.Context, to store.OpenInvitation) error {
	return h.redirect(c, views.OrgURL(to.OrgSlug), "You joined "+to.OrgName+".")
}
