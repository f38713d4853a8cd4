package handlers

import (
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

// holderOf reads what the path says that evidence stands behind.
type holderOf func(id uuid.UUID) store.EvidenceHolder

func behindProposal(id uuid.UUID) store.EvidenceHolder { return store.EvidenceHolder{Proposal: id} }
func behindVersion(id uuid.UUID) store.EvidenceHolder  { return store.EvidenceHolder{Version: id} }

// findEvidence makes the handler of the page where its author attaches signals.
func findEvidence(of holderOf) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		id, err := pathID(c, "id")
		if err != nil {
			return err
		}
		form, err := bindQuery[views.AttachForm](c)
		if err != nil {
			return err
		}
		return h.showAttach(c, t, of(id), http.StatusOK, form, nil)
	}
}

// showAttach shows what a search among the signals that the author may see finds.
func (h *Handlers) showAttach(c echo.Context, t *store.Tenant, to store.EvidenceHolder, status int, form views.AttachForm, bad store.Invalid) error {
	v, err := attachView(c, t, to)
	if err != nil {
		return err
	}
	v.Form, v.Bad = form, bad
	v.List, err = t.Signals(c.Request().Context(), store.SignalFilter{Query: form.Query, Cursor: form.Cursor})
	if err != nil {
		return err
	}
	return h.show(c, status, "Attach signals", views.AttachEvidence(v))
}

// attachView begins the page for a proposal or a version, if it is the author's turn.
func attachView(c echo.Context, t *store.Tenant, to store.EvidenceHolder) (v views.AttachView, err error) {
	var author uuid.UUID
	var open bool
	if to.Proposal != uuid.Nil {
		found, err := t.ProposalPage(c.Request().Context(), to.Proposal, 0, 0)
		if err != nil {
			return v, err
		}
		v, author, open = views.AttachToProposal(t.Org.Slug, found), found.AuthorID, found.EvidenceOpen()
	} else {
		found, err := t.SOPPage(c.Request().Context(), to.Version)
		if err != nil {
			return v, err
		}
		v, author, open = views.AttachToVersion(t.Org.Slug, found), found.CreatedBy, found.EvidenceOpen()
	}
	if author != t.User.ID {
		return v, store.ErrForbidden
	}
	if !open {
		return v, store.Conflict{Reason: "Its evidence is under review or settled, so it stays as it is."}
	}
	return v, nil
}

// attachEvidence makes the handler that attaches what was chosen.
func attachEvidence(of holderOf) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		id, form, err := bindFormOf[views.AttachedForm](c)
		if err != nil {
			return err
		}
		numbers, err := t.AttachEvidence(c.Request().Context(), of(id), ids(form.IDs))
		if bad := (store.Invalid)(nil); errors.As(err, &bad) {
			return h.showAttach(c, t, of(id), http.StatusUnprocessableEntity, views.AttachForm{}, bad)
		} else if err != nil {
			return err
		}
		return h.redirect(c, views.EvidenceHolderURL(t.Org.Slug, of(id)), views.Attached(numbers))
	}
}

// removeEvidence makes the handler that takes one link off.
func removeEvidence(of holderOf) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		id, err := pathID(c, "id")
		if err != nil {
			return err
		}
		evidence, err := pathID(c, "evidence")
		if err != nil {
			return err
		}
		number, err := t.RemoveEvidence(c.Request().Context(), of(id), evidence)
		if err != nil {
			return err
		}
		return h.redirect(c, views.EvidenceHolderURL(t.Org.Slug, of(id)), views.Removed(number, of(id)))
	}
}
