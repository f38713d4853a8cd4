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

// tickViewed keeps which changed steps a reviewer has looked at, and answers htmx with the step's card.
func (h *Handlers) tickViewed(c echo.Context, t *store.Tenant) error {
	id, sent, err := bindFormOf[views.ProposalSent](c)
	if err != nil {
		return err
	}
	if err := t.SetViewed(c.Request().Context(), id, sent.Revision, sent.Step, sent.Viewed != ""); err != nil {
		return err
	}
	if !isFragment(c) {
		return h.redirect(c, views.ProposalChangeURL(t.Org.Slug, id, sent.Revision, store.OnNode, sent.Step), "")
	}
	view, err := h.proposalView(c, t, id, views.ProposalQuery{Tab: "changes", Revision: sent.Revision})
	if err != nil {
		return err
	}
	return h.write(c, http.StatusOK, views.ViewedCard(view, sent.Step))
}

// addComment starts a thread or answers in one. htmx gets the thread, or all threads of the step or connection.
func (h *Handlers) addComment(c echo.Context, t *store.Tenant) error {
	id, sent, err := bindFormOf[views.ProposalSent](c)
	if err != nil {
		return err
	}
	made, err := t.AddComment(c.Request().Context(), id, sent.Comment())
	bad := (store.Invalid)(nil)
	if errors.As(err, &bad) {
		return h.badComment(c, t, id, sent, bad)
	} else if err != nil {
		return err
	}
	if thread, err := uuid.Parse(sent.Thread); err == nil {
		made = thread
	}
	if isFragment(c) {
		return h.showThreads(c, t, id, http.StatusOK, views.ProposalSent{Thread: sent.Thread, Target: sent.Target, TargetID: sent.TargetID, Revision: sent.Revision, Tab: sent.Tab}, nil)
	}
	return h.redirect(c, commentPlace(t.Org.Slug, id, made, sent), "Comment added.")
}

// commentPlace is where a comment without script leads back to.
func commentPlace(org string, id, thread uuid.UUID, sent views.ProposalSent) string {
	target := store.CommentTarget(sent.Target)
	if sent.Tab == "changes" && sent.Thread == "" && target != store.OnGraph {
		return views.ProposalChangeURL(org, id, sent.Revision, target, sent.TargetID)
	}
	return views.ProposalThreadURL(org, id, thread)
}

func (h *Handlers) badComment(c echo.Context, t *store.Tenant, id uuid.UUID, sent views.ProposalSent, bad store.Invalid) error {
	if isFragment(c) {
		return h.showThreads(c, t, id, http.StatusUnprocessableEntity, sent, bad)
	}
	view, err := h.proposalView(c, t, id, views.ProposalQuery{Tab: sent.Tab})
	if err != nil {
		return err
	}
	view.Move, view.Sent, view.Bad = "comment", sent, bad
	return h.showProposalView(c, http.StatusUnprocessableEntity, view)
}

// showThreads answers htmx: with one thread, or with all of a step or a connection. bad is what was wrong with sent.
func (h *Handlers) showThreads(c echo.Context, t *store.Tenant, id uuid.UUID, status int, sent views.ProposalSent, bad store.Invalid) error {
	view, err := h.proposalView(c, t, id, views.ProposalQuery{Tab: sent.Tab})
	if err != nil {
		return err
	}
	if bad != nil {
		view.Move, view.Sent, view.Bad = "comment", sent, bad
	}
	return h.write(c, status, views.ThreadsAgain(view, sent))
}

// markThread makes the handler that resolves or reopens a thread.
func markThread(mark func(*store.Tenant, context.Context, uuid.UUID, uuid.UUID) error, done string) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		id, err := pathID(c, "id")
		if err != nil {
			return err
		}
		thread, err := pathID(c, "thread")
		if err != nil {
			return err
		}
		sent, err := bindForm[views.ProposalSent](c)
		if err != nil {
			return err
		}
		if err := mark(t, c.Request().Context(), id, thread); err != nil {
			return err
		}
		if isFragment(c) {
			toast(c, done)
			return h.showThreads(c, t, id, http.StatusOK, views.ProposalSent{Thread: thread.String(), Tab: sent.Tab}, nil)
		}
		return h.redirect(c, views.ProposalThreadURL(t.Org.Slug, id, thread), done)
	}
}
