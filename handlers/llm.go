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

func (h *Handlers) listModels(c echo.Context, t *store.Tenant) error {
	list, err := t.LLMAccounts(c.Request().Context())
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "Language models", views.LLMAccountsPage(views.LLMAccountsView{Org: t.Org.Slug, Role: t.Role, List: list}))
}

func (h *Handlers) newModel(c echo.Context, t *store.Tenant) error {
	return h.modelForm(c, t, http.StatusOK, views.LLMAccountView{Form: views.NewLLMAccountForm()})
}

// modelForm shows the form that adds a language model. A key that was typed is not sent back.
func (h *Handlers) modelForm(c echo.Context, t *store.Tenant, status int, v views.LLMAccountView) error {
	v.Org, v.Role, v.Form.Key, v.NeedsPassword = t.Org.Slug, t.Role, "", h.needsPassword(c)
	return h.show(c, status, "Add a language model", views.LLMAccountPage(v))
}

func (h *Handlers) addModel(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.LLMAccountForm](c)
	if err != nil {
		return err
	}
	var id uuid.UUID
	if err = h.stepUp(c, form.Password); err == nil {
		id, err = t.AddLLMAccount(c.Request().Context(), form.Input())
	}
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.modelForm(c, t, http.StatusUnprocessableEntity, views.LLMAccountView{Form: form, Bad: withKeyAgain(form, bad)})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.LLMAccountURL(t.Org.Slug, id), "Language model added. Test it before others use it.")
}

// withKeyAgain says that a key has to be entered again: it was thrown away with the form that was refused.
func withKeyAgain(form views.LLMAccountForm, bad store.Invalid) store.Invalid {
	if form.Key != "" && bad["key"] == "" {
		bad["key"] = "Enter the key again: it is not sent back to the page."
	}
	return bad
}

func (h *Handlers) showModel(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	found, err := t.LLMAccount(c.Request().Context(), id)
	if err != nil {
		return err
	}
	v := views.LLMAccountView{Org: t.Org.Slug, Role: t.Role, Page: found, Form: views.LLMAccountFormOf(found.LLMAccount), NeedsPassword: h.needsPassword(c)}
	if isFragment(c) { // asked for by the test that is under way
		return h.write(c, http.StatusOK, views.LLMTrial(v))
	}
	return h.show(c, http.StatusOK, found.Name, views.LLMAccountPage(v))
}

// refusedModel shows a language model again, with what was typed where it can be.
func (h *Handlers) refusedModel(c echo.Context, t *store.Tenant, id uuid.UUID, status int, v views.LLMAccountView) error {
	found, err := t.LLMAccount(c.Request().Context(), id)
	if err != nil {
		return err
	}
	v.Org, v.Role, v.Page, v.NeedsPassword = t.Org.Slug, t.Role, found, h.needsPassword(c)
	if v.Late.Wanted != "" {
		v.Form = views.LLMAccountFormOf(found.LLMAccount)
	}
	v.Form.Key = ""
	return h.show(c, status, found.Name, views.LLMAccountPage(v))
}

func (h *Handlers) updateModel(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.LLMAccountForm](c)
	if err != nil {
		return err
	}
	err = h.saveModel(c, t, id, form)
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.refusedModel(c, t, id, http.StatusUnprocessableEntity, views.LLMAccountView{Form: form, Bad: withKeyAgain(form, bad)})
	}
	if errors.Is(err, store.ErrConflict) && !isFragment(c) {
		return h.refusedModel(c, t, id, http.StatusConflict, views.LLMAccountView{Late: views.Late{Wanted: "save your changes", Typed: form.Typed(), Reason: problemOf(err).text}})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.LLMAccountURL(t.Org.Slug, id), "Saved.")
}

// saveModel saves what was typed. Whoever changes where texts go, or the key that goes along, knows the password.
func (h *Handlers) saveModel(c echo.Context, t *store.Tenant, id uuid.UUID, form views.LLMAccountForm) error {
	before, err := t.LLMAccount(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if form.Redirects(before.LLMAccount) {
		if err := h.stepUp(c, form.Password); err != nil {
			return err
		}
	}
	return t.UpdateLLMAccount(c.Request().Context(), id, form.Revision, form.Input())
}

// moveModel makes the handler of one change of a language model. wanted says what it does, for who comes second.
func moveModel(change func(*store.Tenant, context.Context, uuid.UUID) error, wanted, done string) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		id, err := pathID(c, "id")
		if err != nil {
			return err
		}
		err = change(t, c.Request().Context(), id)
		if errors.Is(err, store.ErrConflict) && !isFragment(c) {
			return h.refusedModel(c, t, id, http.StatusConflict, views.LLMAccountView{Late: views.Late{Wanted: wanted, Reason: problemOf(err).text}})
		} else if err != nil {
			return err
		}
		return h.redirect(c, views.LLMAccountURL(t.Org.Slug, id), done)
	}
}

func (h *Handlers) deleteModel(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := t.DeleteLLMAccount(c.Request().Context(), id); err != nil {
		return err
	}
	return h.redirect(c, views.LLMAccountsURL(t.Org.Slug), "Language model deleted, and its key with it.")
}

func (h *Handlers) listModelCalls(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.LLMLedgerForm](c)
	if err != nil {
		return err
	}
	found, err := t.LLMCalls(c.Request().Context(), form.Filter())
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "Calls and costs", views.LLMLedger(views.LLMLedgerView{Org: t.Org.Slug, Form: form, Models: found.Accounts, Page: found.Page}))
}
