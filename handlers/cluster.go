package handlers

import (
	"context"
	"errors"
	"maps"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) listClusters(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.ClusterFilterForm](c)
	if err != nil {
		return err
	}
	list, err := t.Clusters(c.Request().Context(), form.Filter())
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "Clusters", views.ClusterList(views.ClusterListView{Org: t.Org.Slug, Can: frameOrg(t).Can, Filter: form, List: list}))
}

func (h *Handlers) newCluster(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.ClusterForm](c)
	if err != nil {
		return err
	}
	return h.showNewCluster(c, t, http.StatusOK, views.ClusterForm{Realm: form.Realm, Type: "COLLECTION", IDs: form.IDs}, nil)
}

// showNewCluster shows the form of a new cluster, with what was typed and what is wrong with it.
func (h *Handlers) showNewCluster(c echo.Context, t *store.Tenant, status int, form views.ClusterForm, bad store.Invalid) error {
	choices, err := t.ClusterChoices(c.Request().Context(), form.Realm)
	if err != nil {
		return err
	}
	v := views.ClusterFormView{Org: t.Org.Slug, Form: form, Choices: choices, Bad: bad}
	return h.show(c, status, "New cluster", views.NewCluster(v))
}

func (h *Handlers) createCluster(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.ClusterForm](c)
	if err != nil {
		return err
	}
	input, bad := form.Input()
	if len(bad) > 0 {
		return h.showNewCluster(c, t, http.StatusUnprocessableEntity, form, bad)
	}
	id, err := t.CreateCluster(c.Request().Context(), form.Realm, input, ids(form.IDs)...)
	if errors.As(err, &bad) {
		return h.showNewCluster(c, t, http.StatusUnprocessableEntity, form, bad)
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.ClusterURL(t.Org.Slug, id), "Cluster made.")
}

func (h *Handlers) showCluster(c echo.Context, t *store.Tenant) error {
	return h.showClusterPage(c, t, http.StatusOK, views.ClusterView{})
}

// showClusterPage completes the view of the cluster that the path names, and shows it.
func (h *Handlers) showClusterPage(c echo.Context, t *store.Tenant, status int, v views.ClusterView) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	cluster, err := t.Cluster(c.Request().Context(), id)
	if err != nil {
		return err
	}
	v.Org, v.Role = t.Org.Slug, t.Role
	return h.show(c, status, cluster.Title, views.ClusterPage(v, cluster))
}

// editableCluster is the cluster that the path names, when this member may change it.
func editableCluster(c echo.Context, t *store.Tenant) (store.ClusterPage, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return store.ClusterPage{}, err
	}
	cluster, err := t.Cluster(c.Request().Context(), id)
	if err == nil && !cluster.Editable {
		err = store.ErrRealmRole
	}
	return cluster, err
}

func clusterForm(t *store.Tenant, cluster store.ClusterPage, form views.ClusterForm, bad store.Invalid) views.ClusterFormView {
	form.Realm = cluster.RealmSlug
	return views.ClusterFormView{Org: t.Org.Slug, ID: cluster.ID, Machine: cluster.Machine, Form: form,
		Choices: store.ClusterChoices{Parents: cluster.Parents}, Bad: bad}
}

func (h *Handlers) editCluster(c echo.Context, t *store.Tenant) error {
	cluster, err := editableCluster(c, t)
	if err != nil {
		return err
	}
	form := views.EditClusterForm(cluster.Cluster)
	return h.show(c, http.StatusOK, "Edit "+cluster.Title, views.EditCluster(clusterForm(t, cluster, form, nil), cluster.Cluster))
}

func (h *Handlers) updateCluster(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.ClusterForm](c)
	if err != nil {
		return err
	}
	cluster, err := editableCluster(c, t)
	if err != nil {
		return err
	}
	input, bad := form.Input()
	if len(bad) == 0 {
		err = t.UpdateCluster(c.Request().Context(), cluster.ID, form.Revision, input)
	}
	var refused store.Invalid
	if errors.As(err, &refused) {
		maps.Copy(bad, refused)
	}
	if len(bad) > 0 {
		return h.show(c, http.StatusUnprocessableEntity, "Edit "+cluster.Title, views.EditCluster(clusterForm(t, cluster, form, bad), cluster.Cluster))
	}
	if errors.Is(err, store.ErrConflict) {
		return h.clusterConflict(c, t, form)
	}
	if err != nil {
		return err
	}
	return h.redirect(c, views.ClusterURL(t.Org.Slug, cluster.ID), "Cluster saved.")
}

// clusterConflict shows both sides and offers to save what was typed on top of what is there now.
func (h *Handlers) clusterConflict(c echo.Context, t *store.Tenant, mine views.ClusterForm) error {
	now, err := editableCluster(c, t)
	if err != nil {
		return err
	}
	mine.Revision = now.Revision
	v := clusterForm(t, now, mine, nil)
	conflict := views.ClusterConflict{Mine: mine, Theirs: views.EditClusterForm(now.Cluster)}
	return h.show(c, http.StatusConflict, "Somebody else saved first", views.ClusterConflictPage(v, conflict))
}

// moveCluster makes the handler of one step in a cluster's life; wanted says what it does, for who comes second, and done is the notice after it.
func moveCluster(step func(*store.Tenant, context.Context, uuid.UUID, int) error, wanted, done string) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		id, form, err := bindFormOf[views.RevisionForm](c)
		if err != nil {
			return err
		}
		err = step(t, c.Request().Context(), id, form.Revision)
		return h.changedCluster(c, t, err, views.ClusterURL(t.Org.Slug, id), wanted, done)
	}
}

// changedCluster answers a change of the cluster that the path names. wanted says what it does, for who comes second.
func (h *Handlers) changedCluster(c echo.Context, t *store.Tenant, err error, to, wanted, done string) error {
	if errors.Is(err, store.ErrForbidden) {
		return store.ErrRealmRole
	}
	if errors.Is(err, store.ErrConflict) && !isFragment(c) {
		return h.showClusterPage(c, t, http.StatusConflict, views.ClusterView{Late: views.Late{Wanted: wanted, Reason: problemOf(err).text}})
	} else if err != nil {
		return err
	}
	return h.redirect(c, to, done)
}

func (h *Handlers) deleteCluster(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.RevisionForm](c)
	if err != nil {
		return err
	}
	cluster, err := editableCluster(c, t)
	if err != nil {
		return err
	}
	err = t.DeleteCluster(c.Request().Context(), cluster.ID, form.Revision)
	return h.changedCluster(c, t, err, views.RealmClustersURL(t.Org.Slug, cluster.RealmSlug), "delete it", "Cluster deleted. Its signals are still there.")
}
