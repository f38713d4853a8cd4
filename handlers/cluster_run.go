package handlers

import (
	"errors"
	"maps"
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) newClusterRun(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.ClusterRunForm](c)
	if err != nil {
		return err
	}
	return h.showClusterRuns(c, t, http.StatusOK, form, nil)
}

// showClusterRuns shows the form of a search, with what was typed and what is wrong with it.
func (h *Handlers) showClusterRuns(c echo.Context, t *store.Tenant, status int, form views.ClusterRunForm, bad store.Invalid) error {
	choices, err := t.ClusterChoices(c.Request().Context(), "")
	if err != nil {
		return err
	}
	v := views.ClusterRunsView{Org: t.Org.Slug, Form: form, Realms: choices.Realms, Bad: bad}
	return h.show(c, status, "Find clusters", views.ClusterRuns(v))
}

func (h *Handlers) seekClusters(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.ClusterRunForm](c)
	if err != nil {
		return err
	}
	options, bad := form.Options()
	if len(bad) == 0 {
		_, err = t.SeekClusters(c.Request().Context(), form.Realm, store.RunKind(form.Kind), options)
	}
	var refused store.Invalid
	if errors.As(err, &refused) {
		maps.Copy(bad, refused)
	}
	if errors.Is(err, store.ErrConflict) {
		bad["kind"] = "Such a search is under way in this realm. Wait for it, or stop it."
	}
	if len(bad) > 0 {
		return h.showClusterRuns(c, t, http.StatusUnprocessableEntity, form, bad)
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.RealmClustersURL(t.Org.Slug, form.Realm), "")
}

// showClusterRun is a page, or for htmx, which asks every second, the state alone.
func (h *Handlers) showClusterRun(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	run, err := t.ClusterRun(c.Request().Context(), id)
	if err != nil {
		return err
	}
	v := views.ClusterRunView{Org: t.Org.Slug, Run: run, OnList: c.QueryParam("list") != "", Polled: isFragment(c)}
	if isFragment(c) {
		return h.write(c, http.StatusOK, views.ClusterRunStatus(v))
	}
	return h.show(c, http.StatusOK, "Search for clusters", views.ClusterRunPage(v))
}

func (h *Handlers) cancelClusterRun(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	run, err := t.ClusterRun(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if !run.Editable {
		return store.ErrRealmRole
	}
	err = t.CancelRun(c.Request().Context(), id)
	if errors.Is(err, store.ErrConflict) {
		return h.redirect(c, views.ClusterRunURL(t.Org.Slug, id), "It had ended already.")
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.RealmClustersURL(t.Org.Slug, run.RealmSlug), "Search stopped. Everything is as it was before.")
}
