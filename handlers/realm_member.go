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

func (h *Handlers) listRealmMembers(c echo.Context, t *store.Tenant) error {
	return h.showRealmMembers(c, t, http.StatusOK, views.RealmMembersView{Query: clean(c.QueryParam("q"))})
}

// showRealmMembers completes the view and shows it. The caller sets what it knows: search, invitation, a late move.
func (h *Handlers) showRealmMembers(c echo.Context, t *store.Tenant, status int, v views.RealmMembersView) error {
	v.Org, v.Role, v.Me = t.Org.Slug, t.Role, t.User.ID
	found, err := t.RealmMembers(c.Request().Context(), c.Param("slug"), v.Query)
	if err != nil {
		return err
	}
	return h.show(c, status, "Members of "+found.Name, views.RealmMembersPage(v, found))
}

func (h *Handlers) inviteToRealm(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.RealmInviteForm](c)
	if err != nil {
		return err
	}
	member, err := uuid.Parse(form.Member)
	if err != nil {
		bad := store.Invalid{"member": "Choose a person from the list."}
		return h.showRealmMembers(c, t, http.StatusUnprocessableEntity, views.RealmMembersView{RealmView: views.RealmView{Bad: bad}, Invite: form})
	}
	err = t.InviteToRealm(c.Request().Context(), c.Param("slug"), member, store.RealmRole(form.Role))
	return h.changedRealmMember(c, t, err, "invite somebody", "Invited. They find the invitation on their page of realms.")
}

func (h *Handlers) changeRealmRole(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.RealmRoleForm](c)
	if err != nil {
		return err
	}
	seen, role := store.RealmRole(form.Seen), store.RealmRole(form.Role)
	return h.changeRealmMember(c, t, "make somebody "+role.Label()+" who was "+seen.Label(), "Role changed.", func(slug string, user uuid.UUID) error {
		return t.ChangeRealmRole(c.Request().Context(), slug, user, seen, role)
	})
}

func (h *Handlers) removeFromRealm(c echo.Context, t *store.Tenant) error {
	return h.changeRealmMember(c, t, "remove a member", "Removed.", func(slug string, user uuid.UUID) error {
		return t.RemoveFromRealm(c.Request().Context(), slug, user)
	})
}

func (h *Handlers) transferRealm(c echo.Context, t *store.Tenant) error {
	return h.changeRealmMember(c, t, "make somebody the owner", "The realm has a new owner. You are a contributor now.", func(slug string, user uuid.UUID) error {
		return t.TransferRealm(c.Request().Context(), slug, user)
	})
}

// changeRealmMember runs one change of the member that the path names. wanted says what it does, for who comes second.
func (h *Handlers) changeRealmMember(c echo.Context, t *store.Tenant, wanted, done string, change func(slug string, user uuid.UUID) error) error {
	user, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return h.changedRealmMember(c, t, change(c.Param("slug"), user), wanted, done)
}

func (h *Handlers) changedRealmMember(c echo.Context, t *store.Tenant, err error, wanted, done string) error {
	if errors.Is(err, store.ErrConflict) && !isFragment(c) {
		late := views.Late{Wanted: wanted, Reason: problemOf(err).text}
		return h.showRealmMembers(c, t, http.StatusConflict, views.RealmMembersView{RealmView: views.RealmView{Late: late}})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.RealmMembersURL(t.Org.Slug, c.Param("slug")), done)
}

// answerRealmInvitation makes the handler of one of the two answers.
func answerRealmInvitation(accept bool) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		slug := c.Param("slug")
		if err := t.AnswerRealmInvitation(c.Request().Context(), slug, accept); err != nil {
			return err
		}
		if !accept {
			return h.redirect(c, views.RealmsURL(t.Org.Slug), "Invitation declined.")
		}
		return h.redirect(c, views.RealmURL(t.Org.Slug, slug), "You are a member now.")
	}
}

func (h *Handlers) showRealmLeave(c echo.Context, t *store.Tenant) error {
	return h.askRealmLeave(c, t, http.StatusOK, nil)
}

func (h *Handlers) askRealmLeave(c echo.Context, t *store.Tenant, status int, bad store.Invalid) error {
	departure, err := t.RealmDeparture(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	v := views.RealmView{Org: t.Org.Slug, Role: t.Role}
	return h.show(c, status, "Leave "+departure.Name, views.RealmLeavePage(v, departure, bad))
}

func (h *Handlers) leaveRealm(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.RealmLeaveForm](c)
	if err != nil {
		return err
	}
	if form.Signals != "keep" && form.Signals != "withdraw" {
		return h.askRealmLeave(c, t, http.StatusUnprocessableEntity, store.Invalid{"signals": "Choose what becomes of your signals."})
	}
	moved, err := t.LeaveRealm(c.Request().Context(), c.Param("slug"), form.Signals == "withdraw")
	if err != nil {
		return err
	}
	done := "You left the realm."
	if moved > 0 {
		done += fmt.Sprintf(" %d of your signals went to the realm of your captures.", moved)
	}
	return h.redirect(c, views.RealmsURL(t.Org.Slug), done)
}
