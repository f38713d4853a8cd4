package handlers

import (
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) listMembers(c echo.Context, t *store.Tenant) error {
	filter, err := bindQuery[views.MemberFilterForm](c)
	if err != nil {
		return err
	}
	return h.showMembers(c, t, http.StatusOK, views.MembersView{Filter: filter, Invite: views.InviteForm{Role: filter.InvitedRole()}})
}

// showMembers completes the view and shows it. The caller sets what it knows: filter, invitation, link.
func (h *Handlers) showMembers(c echo.Context, t *store.Tenant, status int, v views.MembersView) error {
	v.Org, v.Me, v.Role = t.Org.Slug, t.User.ID, t.Role
	found, err := t.Members(c.Request().Context(), store.MemberFilter{Query: v.Filter.Query, Role: v.Filter.Role, State: v.Filter.State})
	if err != nil {
		return err
	}
	return h.show(c, status, "Members", views.MembersPage(v, found))
}

// invite shows the link once, on the page itself: it is kept nowhere.
func (h *Handlers) invite(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.InviteForm](c)
	if err != nil {
		return err
	}
	token, err := t.Invite(c.Request().Context(), store.NewInvitation{Email: form.Email, Role: store.Role(form.Role), BaseURL: h.baseURL})
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showMembers(c, t, http.StatusUnprocessableEntity, views.MembersView{Invite: form, Bad: bad})
	} else if err != nil {
		return err
	}
	return h.showMembers(c, t, http.StatusOK, views.MembersView{Link: h.invitationLink(token), LinkTo: store.NormalizeEmail(form.Email)})
}

func (h *Handlers) renewInvitation(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	token, err := t.RenewInvitation(c.Request().Context(), id, h.baseURL)
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showMembers(c, t, http.StatusUnprocessableEntity, views.MembersView{Bad: bad})
	} else if err != nil {
		return err
	}
	return h.showMembers(c, t, http.StatusOK, views.MembersView{Link: h.invitationLink(token), LinkTo: "the same address again"})
}

func (h *Handlers) invitationLink(token string) string {
	return h.baseURL + views.InvitationURL(token)
}

func (h *Handlers) revokeInvitation(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := t.RevokeInvitation(c.Request().Context(), id); err != nil {
		return err
	}
	return h.redirect(c, views.MembersURL(t.Org.Slug), "Invitation withdrawn.")
}

func (h *Handlers) changeMemberRole(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.MemberRoleForm](c)
	if err != nil {
		return err
	}
	seen, role := store.Role(form.Seen), store.Role(form.Role)
	return h.changeMember(c, t, "make somebody "+role.Label()+" who was "+seen.Label(), "Role changed.", func(user uuid.UUID) error {
		return t.ChangeMemberRole(c.Request().Context(), user, seen, role)
	})
}

func (h *Handlers) disableMember(c echo.Context, t *store.Tenant) error {
	return h.changeMember(c, t, "disable a member", "Member disabled.", func(user uuid.UUID) error { return t.DisableMember(c.Request().Context(), user) })
}

func (h *Handlers) enableMember(c echo.Context, t *store.Tenant) error {
	return h.changeMember(c, t, "enable a member", "Member enabled.", func(user uuid.UUID) error { return t.EnableMember(c.Request().Context(), user) })
}

func (h *Handlers) removeMember(c echo.Context, t *store.Tenant) error {
	return h.changeMember(c, t, "remove a member", "Member removed.", func(user uuid.UUID) error { return t.RemoveMember(c.Request().Context(), user) })
}

func (h *Handlers) transferOwnership(c echo.Context, t *store.Tenant) error {
	return h.changeMember(c, t, "transfer the ownership", "Ownership transferred. You are an admin now.", func(user uuid.UUID) error {
		return t.TransferOwnership(c.Request().Context(), user)
	})
}

// changeMember runs one change of the member that the path names and goes back to the list. wanted says what it does, for
// who comes second.
func (h *Handlers) changeMember(c echo.Context, t *store.Tenant, wanted, done string, change func(user uuid.UUID) error) error {
	user, err := pathID(c, "id")
	if err != nil {
		return err
	}
	err = change(user)
	if errors.Is(err, store.ErrConflict) && !isFragment(c) {
		return h.showMembers(c, t, http.StatusConflict, views.MembersView{Late: views.Late{Wanted: wanted, Reason: problemOf(err).text}})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.MembersURL(t.Org.Slug), done)
}

func (h *Handlers) leaveOrg(c echo.Context, t *store.Tenant) error {
	if err := t.Leave(c.Request().Context()); err != nil {
		return err
	}
	return h.redirect(c, views.OrgsURL(), "You left "+t.Org.Name+".")
}
