package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) listRealms(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.RealmFilterForm](c)
	if err != nil {
		return err
	}
	list, err := t.Realms(c.Request().Context(), store.RealmFilter{Query: form.Query})
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "Realms", views.RealmList(t.Org.Slug, frameOrg(t).Can, form, list))
}

func (h *Handlers) newRealm(c echo.Context, t *store.Tenant) error {
	return h.show(c, http.StatusOK, "New realm", views.NewRealm(t.Org.Slug, views.NewRealmForm(), nil))
}

func (h *Handlers) createRealm(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.RealmForm](c)
	if err != nil {
		return err
	}
	slug, err := t.CreateRealm(c.Request().Context(), form.Input(), store.RealmType(form.Type))
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.show(c, http.StatusUnprocessableEntity, "New realm", views.NewRealm(t.Org.Slug, form, bad))
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.RealmURL(t.Org.Slug, slug), "Realm made.")
}

func (h *Handlers) showRealm(c echo.Context, t *store.Tenant) error {
	return h.showRealmPage(c, t, http.StatusOK, views.Late{})
}

func (h *Handlers) showRealmPage(c echo.Context, t *store.Tenant, status int, late views.Late) error {
	realm, err := t.Realm(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	v := views.RealmView{Org: t.Org.Slug, Role: t.Role, Late: late}
	return h.show(c, status, realm.Name, views.RealmPage(v, realm))
}

func (h *Handlers) editRealm(c echo.Context, t *store.Tenant) error {
	return h.showRealmSettings(c, t, http.StatusOK, views.RealmView{})
}

// showRealmSettings completes the view and shows it. The caller sets what it knows: what was typed, and what is wrong with it.
func (h *Handlers) showRealmSettings(c echo.Context, t *store.Tenant, status int, v views.RealmView) error {
	realm, err := t.Realm(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	if realm.Role != store.RealmOwner {
		return store.ErrRealmRole
	}
	v.Org, v.Role = t.Org.Slug, t.Role
	if v.Form == (views.RealmForm{}) {
		v.Form = views.EditRealmForm(realm.Realm)
	}
	return h.show(c, status, "Settings of "+realm.Name, views.RealmSettings(v, realm.Realm))
}

func (h *Handlers) updateRealm(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.RealmForm](c)
	if err != nil {
		return err
	}
	slug := c.Param("slug")
	saved, err := t.UpdateRealm(c.Request().Context(), slug, form.Revision, form.Input())
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showRealmSettings(c, t, http.StatusUnprocessableEntity, views.RealmView{Form: form, Bad: bad})
	}
	if errors.Is(err, store.ErrConflict) {
		return h.realmConflict(c, t, form)
	}
	if err != nil {
		return err
	}
	return h.redirect(c, views.RealmURL(t.Org.Slug, saved), "Realm saved.")
}

// realmConflict shows both sides and offers to save what was typed on top of what is there now.
func (h *Handlers) realmConflict(c echo.Context, t *store.Tenant, mine views.RealmForm) error {
	now, err := t.Realm(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	if now.Status != store.RealmIsOpen {
		return store.Conflict{Reason: "This realm was closed meanwhile. Open it again to change it."}
	}
	mine.Revision = now.Revision
	conflict := views.RealmConflict{Mine: mine, Theirs: views.EditRealmForm(now.Realm)}
	return h.show(c, http.StatusConflict, "Somebody else saved first", views.RealmConflictPage(t.Org.Slug, now.Slug, conflict))
}

func (h *Handlers) changeRealmType(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.RealmTypeForm](c)
	if err != nil {
		return err
	}
	to := store.RealmType(form.Type)
	err = t.ChangeRealmType(c.Request().Context(), c.Param("slug"), form.Revision, to)
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showRealmSettings(c, t, http.StatusUnprocessableEntity, views.RealmView{Bad: bad})
	}
	return h.movedRealm(c, t, err, "make it "+to.Label(), "This is a "+to.Label()+" realm now.")
}

// moveRealm makes the handler of one step in a realm's life; wanted says what it does, for who comes second, and done is the notice after it.
func moveRealm(step store.RealmMove, wanted, done string) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		return h.movedRealm(c, t, t.MoveRealm(c.Request().Context(), c.Param("slug"), step), wanted, done)
	}
}

func (h *Handlers) chooseDefaultRealm(c echo.Context, t *store.Tenant) error {
	err := t.ChooseDefaultRealm(c.Request().Context(), c.Param("slug"))
	return h.movedRealm(c, t, err, "send your captures here", "Your captures go here from now on.")
}

// movedRealm answers a change of the realm that the path names. wanted says what it does, for who comes second.
func (h *Handlers) movedRealm(c echo.Context, t *store.Tenant, err error, wanted, done string) error {
	if errors.Is(err, store.ErrConflict) && !isFragment(c) {
		return h.showRealmPage(c, t, http.StatusConflict, views.Late{Wanted: wanted, Reason: problemOf(err).text})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.RealmURL(t.Org.Slug, c.Param("slug")), done)
}

func (h *Handlers) deleteRealm(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.RealmDeletionForm](c)
	if err != nil {
		return err
	}
	err = t.DeleteRealm(c.Request().Context(), c.Param("slug"), form.Name)
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showRealmSettings(c, t, http.StatusUnprocessableEntity, views.RealmView{Deletion: form, Bad: bad})
	}
	return h.movedRealm(c, t, err, "delete it", "The realm will be deleted in 7 days. You can keep it here.")
}
