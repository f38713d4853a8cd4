package handlers

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) findSignalsForCluster(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.ClusterAddForm](c)
	if err != nil {
		return err
	}
	return h.showClusterAdd(c, t, http.StatusOK, form, nil)
}

// showClusterAdd shows what a search in the cluster's realm finds.
func (h *Handlers) showClusterAdd(c echo.Context, t *store.Tenant, status int, form views.ClusterAddForm, bad store.Invalid) error {
	cluster, err := editableCluster(c, t)
	if err != nil {
		return err
	}
	list, err := t.Signals(c.Request().Context(), store.SignalFilter{Realm: cluster.RealmSlug, Query: form.Query, Cursor: form.Cursor})
	if err != nil {
		return err
	}
	v := views.ClusterAddView{Org: t.Org.Slug, Cluster: cluster, Form: form, List: list, Bad: bad}
	return h.show(c, status, "Add signals", views.ClusterAdd(v))
}

func (h *Handlers) addToCluster(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.ClusterMembersForm](c)
	if err != nil {
		return err
	}
	err = t.AddToCluster(c.Request().Context(), id, ids(form.IDs))
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showClusterAdd(c, t, http.StatusUnprocessableEntity, views.ClusterAddForm{}, store.Invalid{"": firstMessage(bad)})
	}
	return h.changedCluster(c, t, err, views.ClusterURL(t.Org.Slug, id), "add signals", "Signals added.")
}

// changeMembers makes the handler of a change to the chosen members of a cluster; wanted says what it does, for who comes second, and done is the notice after it.
func changeMembers(change func(*store.Tenant, context.Context, uuid.UUID, []uuid.UUID) error, wanted, done string) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		id, form, err := bindFormOf[views.ClusterMembersForm](c)
		if err != nil {
			return err
		}
		return h.changedMembers(c, t, change(t, c.Request().Context(), id, ids(form.IDs)), id, form, wanted, done)
	}
}

// changedMembers answers a change of members: mistakes stand on the cluster's page.
func (h *Handlers) changedMembers(c echo.Context, t *store.Tenant, err error, id uuid.UUID, form views.ClusterMembersForm, wanted, done string) error {
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		if message := bad["ids"]; message != "" {
			bad = store.Invalid{"": message}
		}
		return h.showClusterPage(c, t, http.StatusUnprocessableEntity, views.ClusterView{Bad: bad, Name: form.Title})
	}
	return h.changedCluster(c, t, err, views.ClusterURL(t.Org.Slug, id), wanted, done)
}

func (h *Handlers) orderCluster(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.ClusterMembersForm](c)
	if err != nil {
		return err
	}
	err = t.OrderCluster(c.Request().Context(), id, form.Revision, ids(form.Moved()))
	if !isFragment(c) || err != nil && !errors.Is(err, store.ErrConflict) {
		return h.changedMembers(c, t, err, id, form, "change the order", "Order saved.")
	}
	// The script has moved the rows already: it needs the next revision, or to say that there is none.
	v := views.ClusterOrderView{Org: t.Org.Slug, ID: id, Revision: form.Revision + 1}
	if err != nil {
		v.Revision, v.Late = form.Revision, true
		return h.write(c, http.StatusUnprocessableEntity, views.ClusterOrder(v))
	}
	return h.write(c, http.StatusOK, views.ClusterOrder(v))
}

func (h *Handlers) mergeClusters(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.ClusterMergeForm](c)
	if err != nil {
		return err
	}
	if form.Other == "" {
		return h.showClusterPage(c, t, http.StatusUnprocessableEntity, views.ClusterView{Bad: store.Invalid{"other": "Choose a cluster."}})
	}
	err = t.MergeClusters(c.Request().Context(), id, ids([]string{form.Other})[0])
	return h.changedMembers(c, t, err, id, views.ClusterMembersForm{}, "merge", "Clusters merged.")
}

func (h *Handlers) splitCluster(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.ClusterMembersForm](c)
	if err != nil {
		return err
	}
	part, err := t.SplitCluster(c.Request().Context(), id, ids(form.IDs), form.Title)
	if err != nil {
		return h.changedMembers(c, t, err, id, form, "split it", "")
	}
	return h.redirect(c, views.ClusterURL(t.Org.Slug, part), "Split off into a cluster of its own.")
}
