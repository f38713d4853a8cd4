package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/views"
)

// changeSignals does one thing to the chosen signals, to all of them or to none. They were chosen in a list or on a map.
func (h *Handlers) changeSignals(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.SignalBulkForm](c)
	if err != nil {
		return err
	}
	filter, err := signalFilterOf(form.Back)
	if err != nil {
		return err
	}
	chosen, to := ids(form.IDs), filter.URL(t.Org.Slug)
	refuse := func(status int, bad store.Invalid) error {
		return h.showSignals(c, t, status, views.SignalListView{Filter: filter, Selected: chosen, Bad: bad, BulkTag: form.Tag})
	}
	if form.Map != "" {
		looked, err := mapFormOf(form.Back)
		if err != nil {
			return err
		}
		to = looked.URL(t.Org.Slug, form.Map)
		refuse = func(status int, bad store.Invalid) error {
			return h.showMap(c, t, form.Map, status, views.RealmMapView{Form: looked, Selected: chosen, Bad: bad, BulkTag: form.Tag})
		}
	}
	if form.Do == "cluster" {
		return h.groupSignals(c, t, form, to, refuse)
	}
	change, done := bulkChange(form)
	n, err := t.ChangeSignals(c.Request().Context(), chosen, change)
	var bad store.Invalid
	switch {
	case errors.As(err, &bad):
		if bad[""] == "" {
			bad[""] = firstMessage(bad)
		}
		return refuse(http.StatusUnprocessableEntity, bad)
	case errors.Is(err, store.ErrForbidden):
		return refuse(http.StatusForbidden, store.Invalid{"": "You may only read one of the chosen signals, or more, and it is all or nothing. Take them out and try again."})
	case errors.Is(err, store.ErrNotFound):
		return refuse(http.StatusNotFound, store.Invalid{"": "One of the chosen signals is not there any more. Choose again."})
	case err != nil:
		return err
	}
	if change.Delete {
		undo := url.Values{"do": {"restore"}, "back": {form.Back}, "map": {form.Map}, "ids": form.IDs}
		return h.redirectWithUndo(c, to, fmt.Sprintf(done, signalsText(n)), views.SignalBulkURL(t.Org.Slug), undo)
	}
	return h.redirect(c, to, fmt.Sprintf(done, signalsText(n)))
}

// groupSignals puts the chosen signals into a cluster that is there, or shows the form of a new one that begins with them.
func (h *Handlers) groupSignals(c echo.Context, t *store.Tenant, form views.SignalBulkForm, to string, refuse func(int, store.Invalid) error) error {
	ctx, chosen := c.Request().Context(), ids(form.IDs)
	realm, err := t.RealmOfSignals(ctx, chosen)
	if err == nil && form.Cluster == "" {
		return h.showNewCluster(c, t, http.StatusOK, views.ClusterForm{Realm: realm, Type: "COLLECTION", IDs: form.IDs}, nil)
	}
	if err == nil {
		err = t.AddToCluster(ctx, ids([]string{form.Cluster})[0], chosen)
	}
	var bad store.Invalid
	switch {
	case errors.As(err, &bad):
		return refuse(http.StatusUnprocessableEntity, store.Invalid{"": firstMessage(bad)})
	case errors.Is(err, store.ErrForbidden):
		return refuse(http.StatusForbidden, store.Invalid{"": "You may look at this cluster, but not change it. Choose another one."})
	case errors.Is(err, store.ErrNotFound):
		return refuse(http.StatusNotFound, store.Invalid{"": "One of the chosen signals or the cluster is not there any more. Choose again."})
	case err != nil:
		return err
	}
	return h.redirect(c, to, fmt.Sprintf("%s put into the cluster.", signalsText(len(chosen))))
}

// bulkChange is a form as the store takes it, and the notice after it.
func bulkChange(form views.SignalBulkForm) (change store.SignalsChange, done string) {
	switch form.Do {
	case "tag":
		return store.SignalsChange{AddTag: orSpace(form.Tag)}, "%s tagged."
	case "untag":
		return store.SignalsChange{RemoveTag: orSpace(form.Tag)}, "The tag was taken off %s."
	case "archive":
		return store.SignalsChange{Status: signal.Archived}, "%s archived."
	case "activate":
		return store.SignalsChange{Status: signal.Active}, "%s put into use."
	case "move":
		return store.SignalsChange{Realm: orSpace(form.Realm)}, "%s moved."
	case "delete":
		return store.SignalsChange{Delete: true}, "%s put into the bin."
	case "restore":
		return store.SignalsChange{Restore: true}, "%s taken out of the bin."
	}
	return store.SignalsChange{}, ""
}

// orSpace keeps an empty field apart from one that is not meant: the store then says what is wrong with it.
func orSpace(text string) string {
	if text == "" {
		return " "
	}
	return text
}

func signalsText(n int) string {
	if n == 1 {
		return "1 signal"
	}
	return fmt.Sprintf("%d signals", n)
}
