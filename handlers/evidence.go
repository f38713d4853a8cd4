package handlers

import (
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

// originOf reads what the path says that a proposal grows from.
type originOf func(id uuid.UUID) store.EvidenceOrigin

func fromCluster(id uuid.UUID) store.EvidenceOrigin   { return store.EvidenceOrigin{Cluster: id} }
func fromSynthesis(id uuid.UUID) store.EvidenceOrigin { return store.EvidenceOrigin{Synthesis: id} }

// showEvidenceForm makes the handler that opens the form of a proposal that grows from something.
func showEvidenceForm(of originOf) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		id, err := pathID(c, "id")
		if err != nil {
			return err
		}
		asked, err := bindQuery[views.EvidenceForm](c)
		if err != nil {
			return err
		}
		source, err := t.EvidenceSource(c.Request().Context(), of(id), nil)
		if err != nil {
			return err
		}
		form := views.EvidenceForm{New: asked.New, SOP: asked.SOP, Surrogate: asked.Surrogate}.Starting(source)
		return h.showEvidence(c, http.StatusOK, views.NewEvidenceFormView(t.Org.Slug, t.Org.Name, source, form, nil))
	}
}

func (h *Handlers) showEvidence(c echo.Context, status int, v views.EvidenceFormView) error {
	return h.show(c, status, "Propose a change to a procedure", views.ProposeFromEvidence(v))
}

// startFromEvidence makes the handler that starts the proposal, or the procedure, and leads to the editor. The form's other buttons
// draft the text anew or narrow the list of procedures.
func startFromEvidence(of originOf) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		id, form, err := bindFormOf[views.EvidenceForm](c)
		if err != nil {
			return err
		}
		if form.Do != "" {
			return h.redraft(c, t, of(id), form)
		}
		return h.start(c, t, of(id), form)
	}
}

func (h *Handlers) redraft(c echo.Context, t *store.Tenant, from store.EvidenceOrigin, form views.EvidenceForm) error {
	source, err := t.EvidenceSource(c.Request().Context(), from, form.Offered())
	if err != nil {
		return h.evidenceLost(c, t, form, err)
	}
	before := ""
	if form.Do == "draft" {
		if form.Reasons != form.Drafted {
			before = form.Reasons
		}
		form = form.Draft(source)
	}
	v := views.NewEvidenceFormView(t.Org.Slug, t.Org.Name, source, form, nil)
	v.Before = before
	return h.showEvidence(c, http.StatusOK, v)
}

func (h *Handlers) start(c echo.Context, t *store.Tenant, from store.EvidenceOrigin, form views.EvidenceForm) error {
	ctx := c.Request().Context()
	var made uuid.UUID
	var err error
	if form.New != "" {
		made, err = t.StartSOPFromEvidence(ctx, form.Procedure(), form.Evidence(from))
	} else {
		sop, texts := form.Proposal()
		made, err = t.ProposeFromEvidence(ctx, sop, texts, form.Evidence(from))
	}
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		source, err := t.EvidenceSource(ctx, from, form.Offered())
		if err != nil {
			return h.evidenceLost(c, t, form, err)
		}
		return h.showEvidence(c, http.StatusUnprocessableEntity, views.NewEvidenceFormView(t.Org.Slug, t.Org.Name, source, form, bad))
	} else if err != nil {
		return h.evidenceLost(c, t, form, err)
	}
	if form.New != "" {
		return h.redirect(c, views.SOPActionURL(t.Org.Slug, made, "edit"), "Draft created. Its evidence is kept with it.")
	}
	return h.redirect(c, views.ProposalActionURL(t.Org.Slug, made, "edit"), "Proposal started. Change the steps, then submit it.")
}

// evidenceLost answers when what the proposal was to grow from is gone: with what was typed.
func (h *Handlers) evidenceLost(c echo.Context, t *store.Tenant, form views.EvidenceForm, err error) error {
	if !errors.Is(err, store.ErrConflict) && !errors.Is(err, store.ErrNotFound) || form.Title+form.Reasons == "" {
		return err
	}
	p := problemOf(err)
	return h.show(c, p.status, "It was not started", views.EvidenceLost(t.Org.Slug, form, p.text))
}
