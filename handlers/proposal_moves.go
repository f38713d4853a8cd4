package handlers

import (
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

// moveProposal runs one move of a proposal: with what was wrong on the same page, or on with a notice.
func (h *Handlers) moveProposal(c echo.Context, t *store.Tenant, name string, move func(id uuid.UUID, sent views.ProposalSent) (done string, err error)) error {
	id, sent, err := bindFormOf[views.ProposalSent](c)
	if err != nil {
		return err
	}
	done, err := move(id, sent)
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		view, err := h.proposalView(c, t, id, views.ProposalQuery{Tab: sent.Tab})
		if err != nil {
			return err
		}
		view.Move, view.Sent, view.Bad = name, sent, bad
		return h.showProposalView(c, http.StatusUnprocessableEntity, view)
	} else if errors.Is(err, store.ErrConflict) && !isFragment(c) {
		view, shown := h.proposalView(c, t, id, views.ProposalQuery{Tab: sent.Tab})
		if shown != nil {
			return shown
		}
		view.Move, view.Sent, view.Late = name, sent, views.LateProposalMove(name, sent, problemOf(err).text)
		return h.showProposalView(c, http.StatusConflict, view)
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.ProposalURL(t.Org.Slug, id), done)
}

func (h *Handlers) submitProposal(c echo.Context, t *store.Tenant) error {
	return h.moveProposal(c, t, "submit", func(id uuid.UUID, sent views.ProposalSent) (string, error) {
		return "Submitted for review.", t.SubmitProposal(c.Request().Context(), id, sent.Revision, sent.Note)
	})
}

func (h *Handlers) withdrawProposal(c echo.Context, t *store.Tenant) error {
	return h.moveProposal(c, t, "withdraw", func(id uuid.UUID, sent views.ProposalSent) (string, error) {
		return "Proposal withdrawn.", t.WithdrawProposal(c.Request().Context(), id, store.ProposalStatus(sent.Status), sent.Revision)
	})
}

func (h *Handlers) reviewProposal(c echo.Context, t *store.Tenant) error {
	return h.moveProposal(c, t, "review", func(id uuid.UUID, sent views.ProposalSent) (string, error) {
		if err := h.stepUp(c, sent.Password); err != nil {
			return "", err
		}
		return "Your verdict is signed.", t.Review(c.Request().Context(), id, sent.Revision, store.Verdict(sent.Verdict), sent.Reason)
	})
}

func (h *Handlers) applyProposal(c echo.Context, t *store.Tenant) error {
	return h.moveProposal(c, t, "apply", func(id uuid.UUID, sent views.ProposalSent) (string, error) {
		_, err := t.ApplyProposal(c.Request().Context(), id, sent.Revision)
		return "Applied. The change is in force.", err
	})
}

func (h *Handlers) showRebase(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	form, err := bindQuery[views.RebaseForm](c)
	if err != nil {
		return err
	}
	return h.rebasePage(c, t, id, http.StatusOK, form, nil)
}

func (h *Handlers) rebasePage(c echo.Context, t *store.Tenant, id uuid.UUID, status int, form views.RebaseForm, bad store.Invalid) error {
	rebase, err := t.RebaseOf(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return h.show(c, status, "Bring up to date", views.RebasePage(views.RebaseView{Org: t.Org.Slug, Rebase: rebase, Form: form, Bad: bad}))
}

func (h *Handlers) rebaseProposal(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.RebaseForm](c)
	if err != nil {
		return err
	}
	onto, err := uuid.Parse(form.Onto)
	if err != nil {
		return store.ErrNotFound
	}
	superseded, err := t.RebaseProposal(c.Request().Context(), id, form.EditRevision, onto, form.Choices())
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.rebasePage(c, t, id, http.StatusUnprocessableEntity, form, bad)
	} else if err != nil {
		return err
	}
	if superseded {
		return h.redirect(c, views.ProposalURL(t.Org.Slug, id), "Nothing is left to propose: the certified version has it already.")
	}
	return h.redirect(c, views.ProposalTabURL(t.Org.Slug, id, "changes"), "Up to date. Look at the changes, then submit.")
}
