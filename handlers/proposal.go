package handlers

import (
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/store/sop"
	"surrealm/views"
)

func (h *Handlers) listProposals(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.ProposalFilterForm](c)
	if err != nil {
		return err
	}
	form = form.Tidy(t.Role)
	list, err := t.Proposals(c.Request().Context(), form.Filter())
	if err != nil {
		return err
	}
	knowWaiting(c, list.Waiting+list.Mine)
	return h.show(c, http.StatusOK, "Proposals", views.ProposalList(t.Org.Slug, t.Role, form, list))
}

// countWaiting answers what the navigation fetches into itself on pages that do not know the number anyway.
func (h *Handlers) countWaiting(c echo.Context, t *store.Tenant) error {
	waiting, err := t.WaitingCount(c.Request().Context())
	if err != nil {
		return err
	}
	return h.write(c, http.StatusOK, views.NavCount(waiting))
}

func (h *Handlers) newProposal(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return h.showNewProposal(c, t, id, http.StatusOK, views.ProposalForm{}, nil)
}

func (h *Handlers) showNewProposal(c echo.Context, t *store.Tenant, sopID uuid.UUID, status int, form views.ProposalForm, bad store.Invalid) error {
	base, err := t.SOPPage(c.Request().Context(), sopID)
	if err != nil {
		return err
	}
	if base.Status != store.VersionCertified {
		return store.Conflict{Reason: "Changes are proposed to the certified version. This one is not, or no longer."}
	}
	return h.show(c, status, "Propose a change", views.ProposeChange(t.Org.Slug, base, form, bad))
}

// propose starts a proposal and leads to the editor, or to its changes when a file brought them.
func (h *Handlers) propose(c echo.Context, t *store.Tenant) error {
	sopID, err := pathID(c, "id")
	if err != nil {
		return err
	}
	form, err := bindForm[views.ProposalForm](c)
	if err != nil {
		return err
	}
	file, err := uploaded(c)
	if err != nil {
		return err
	}
	if file != "" {
		form.File = file
	}
	id, err := t.ProposeChange(c.Request().Context(), sopID, form.Input())
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showNewProposal(c, t, sopID, http.StatusUnprocessableEntity, form, bad)
	} else if err != nil {
		return err
	}
	if form.File != "" {
		return h.redirect(c, views.ProposalTabURL(t.Org.Slug, id, "changes"), "Proposal started. Look at the changes, then submit it.")
	}
	return h.redirect(c, views.ProposalActionURL(t.Org.Slug, id, "edit"), "Proposal started. Change the steps, then submit it.")
}

func (h *Handlers) showProposal(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	query, err := bindQuery[views.ProposalQuery](c)
	if err != nil {
		return err
	}
	view, err := h.proposalView(c, t, id, query)
	if err != nil {
		return err
	}
	return h.showProposalView(c, http.StatusOK, view)
}

// proposalView reads a proposal for the member who asks.
func (h *Handlers) proposalView(c echo.Context, t *store.Tenant, id uuid.UUID, query views.ProposalQuery) (views.ProposalView, error) {
	page, err := t.ProposalPage(c.Request().Context(), id, query.Revision, query.Earlier())
	if err != nil {
		return views.ProposalView{}, err
	}
	view := views.NewProposalView(t.Org.Slug, t.Role, t.User.ID, page, query)
	view.NeedsPassword = h.needsPassword(c)
	return view, nil
}

func (h *Handlers) showProposalView(c echo.Context, status int, view views.ProposalView) error {
	return h.show(c, status, view.Title, views.ProposalPage(view))
}

func (h *Handlers) editProposalTexts(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	p, err := t.Proposal(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if p.AuthorID != t.User.ID {
		return store.ErrForbidden
	}
	form := views.ProposalForm{Title: p.Title, Rationale: p.Rationale, EditRevision: p.EditRevision}
	return h.show(c, http.StatusOK, "Title and reasons", views.ProposalTexts(t.Org.Slug, p, form, nil, nil))
}

func (h *Handlers) updateProposalTexts(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.ProposalForm](c)
	if err != nil {
		return err
	}
	err = t.ChangeProposal(c.Request().Context(), id, form.EditRevision, form.Title, form.Rationale)
	bad := (store.Invalid)(nil)
	if err == nil {
		return h.redirect(c, views.ProposalURL(t.Org.Slug, id), "Saved.")
	}
	late := errors.Is(err, store.ErrConflict)
	if !errors.As(err, &bad) && !late {
		return err
	}
	p, reading := t.Proposal(c.Request().Context(), id)
	if reading != nil {
		return reading
	}
	if !late {
		return h.show(c, http.StatusUnprocessableEntity, "Title and reasons", views.ProposalTexts(t.Org.Slug, p, form, bad, nil))
	}
	if !p.Status.Unfinished() {
		return err
	}
	form.EditRevision = p.EditRevision
	saved := views.ProposalForm{Title: p.Title, Rationale: p.Rationale}
	return h.show(c, http.StatusConflict, "Title and reasons", views.ProposalTexts(t.Org.Slug, p, form, nil, &saved))
}

// exportChange sends the proposed graph with its reasons as a file that a proposal can start from.
func (h *Handlers) exportChange(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	p, err := t.Proposal(c.Request().Context(), id)
	if err != nil {
		return err
	}
	document := sop.Document{Kind: sop.ChangeDocument, Rationale: p.Rationale, Graph: p.Graph}
	return download(c, "application/json", views.ProposalFileName(p), document.Export())
}
