package handlers

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/store/synthesis"
	"surrealm/views"
)

// subjectOf reads what the path is about.
type subjectOf func(id uuid.UUID) store.Subject

func ofSignal(id uuid.UUID) store.Subject  { return store.Subject{Signal: id} }
func ofCluster(id uuid.UUID) store.Subject { return store.Subject{Cluster: id} }

// listSyntheses makes the handler that lists what is written about something: a section of its page, or a page.
func listSyntheses(about subjectOf) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		id, err := pathID(c, "id")
		if err != nil {
			return err
		}
		return h.showSyntheses(c, t, about(id), http.StatusOK, views.SynthesisForm{}, nil)
	}
}

func (h *Handlers) showSyntheses(c echo.Context, t *store.Tenant, about store.Subject, status int, form views.SynthesisForm, bad store.Invalid) error {
	list, err := t.Syntheses(c.Request().Context(), about)
	if err != nil {
		return err
	}
	v := views.SynthesesView{Org: t.Org.Slug, Role: t.Role, List: list, Form: form, Bad: bad}
	if isFragment(c) {
		return h.write(c, status, views.SynthesesSection(v))
	}
	return h.show(c, status, "Syntheses", views.SynthesesPage(v))
}

// askSynthesis makes the handler that has something written.
func askSynthesis(about subjectOf) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		id, form, err := bindFormOf[views.SynthesisForm](c)
		if err != nil {
			return err
		}
		asked, err := askWriter(c.Request().Context(), t, form, about(id))
		if bad := (store.Invalid)(nil); errors.As(err, &bad) {
			return h.showSyntheses(c, t, about(id), http.StatusUnprocessableEntity, form, bad)
		} else if err != nil {
			return err
		}
		return h.redirect(c, views.SynthesisURL(t.Org.Slug, asked), "")
	}
}

// askWriter asks the writer that the form names: the built-in one, or a language model.
func askWriter(ctx context.Context, t *store.Tenant, form views.SynthesisForm, about store.Subject) (uuid.UUID, error) {
	if form.Writer == "" {
		return t.AskSynthesis(ctx, about, synthesis.Type(form.Type))
	}
	account, err := uuid.Parse(form.Writer)
	if err != nil {
		return uuid.Nil, store.Invalid{"writer": "Choose a writer from the list."}
	}
	return t.AskSynthesisOf(ctx, account, about, synthesis.Type(form.Type))
}

func (h *Handlers) showSynthesis(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return h.showSynthesisView(c, t, id, http.StatusOK, views.SynthesisView{})
}

// showSynthesisView completes the view and shows it. The caller sets what it knows: what was typed, and what is wrong with it.
func (h *Handlers) showSynthesisView(c echo.Context, t *store.Tenant, id uuid.UUID, status int, v views.SynthesisView) error {
	found, err := t.Synthesis(c.Request().Context(), id)
	if err != nil {
		return err
	}
	v.Org, v.Role, v.Page = t.Org.Slug, t.Role, found
	return h.show(c, status, found.Type.Label(), views.SynthesisPage(v))
}

func (h *Handlers) editSynthesis(c echo.Context, t *store.Tenant) error {
	return h.changeSynthesis(c, t, "save your text", "Text saved.", func(id uuid.UUID, form views.SynthesisForm) error {
		return t.EditSynthesis(c.Request().Context(), id, form.Revision, form.Body)
	})
}

func (h *Handlers) confirmSynthesis(c echo.Context, t *store.Tenant) error {
	return h.changeSynthesis(c, t, "confirm it", "Confirmed.", func(id uuid.UUID, form views.SynthesisForm) error {
		return t.ConfirmSynthesis(c.Request().Context(), id, form.Revision)
	})
}

func (h *Handlers) rateSynthesis(c echo.Context, t *store.Tenant) error {
	return h.changeSynthesis(c, t, "rate it", "Rated.", func(id uuid.UUID, form views.SynthesisForm) error {
		return t.RateSynthesis(c.Request().Context(), id, form.Rating)
	})
}

func (h *Handlers) stopSynthesis(c echo.Context, t *store.Tenant) error {
	return h.changeSynthesis(c, t, "stop it", "Stopped.", func(id uuid.UUID, _ views.SynthesisForm) error {
		return t.StopSynthesis(c.Request().Context(), id)
	})
}

func (h *Handlers) retrySynthesis(c echo.Context, t *store.Tenant) error {
	return h.changeSynthesis(c, t, "try again", "", func(id uuid.UUID, form views.SynthesisForm) error {
		if form.Writer == views.WriterHere {
			return t.WriteSynthesisHere(c.Request().Context(), id)
		}
		return t.RetrySynthesis(c.Request().Context(), id)
	})
}

// changeSynthesis answers a change of the synthesis that the path names. wanted says what it does, for who comes second.
func (h *Handlers) changeSynthesis(c echo.Context, t *store.Tenant, wanted, done string, change func(uuid.UUID, views.SynthesisForm) error) error {
	id, form, err := bindFormOf[views.SynthesisForm](c)
	if err != nil {
		return err
	}
	err = change(id, form)
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showSynthesisView(c, t, id, http.StatusUnprocessableEntity, views.SynthesisView{Bad: bad, Body: form.Body})
	}
	if errors.Is(err, store.ErrConflict) && !isFragment(c) {
		late := views.Late{Wanted: wanted, Typed: form.Body, Reason: problemOf(err).text}
		return h.showSynthesisView(c, t, id, http.StatusConflict, views.SynthesisView{Late: late})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.SynthesisURL(t.Org.Slug, id), done)
}

func (h *Handlers) regenerateSynthesis(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	next, err := t.RegenerateSynthesis(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return h.redirect(c, views.SynthesisURL(t.Org.Slug, next), "")
}

func (h *Handlers) deleteSynthesis(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	found, err := t.Synthesis(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if err := t.DeleteSynthesis(c.Request().Context(), id); err != nil {
		return err
	}
	return h.redirect(c, views.SynthesesURL(t.Org.Slug, found.Of()), "Synthesis deleted.")
}

// compareSyntheses shows the text of the path beside that of the query: two of one type about one thing.
func (h *Handlers) compareSyntheses(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	with, err := uuid.Parse(c.QueryParam("with"))
	if err != nil {
		return store.ErrNotFound
	}
	one, err := t.Synthesis(c.Request().Context(), id)
	if err != nil {
		return err
	}
	other, err := t.Synthesis(c.Request().Context(), with)
	if err != nil {
		return err
	}
	if one.Of() != other.Of() || one.Type != other.Type {
		return store.ErrNotFound
	}
	return h.show(c, http.StatusOK, "Two texts compared", views.SynthesisComparison(t.Org.Slug, one, other))
}
