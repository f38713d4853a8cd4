package handlers

import (
	"bytes"
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

// showSOPPage shows a version with what can be done with it. The caller sets the move that was sent with a mistake.
func (h *Handlers) showSOPPage(c echo.Context, t *store.Tenant, id uuid.UUID, status int, life views.SOPLifeView) error {
	page, err := t.SOPPage(c.Request().Context(), id)
	if err != nil {
		return err
	}
	life.Me, life.NeedsPassword = t.User.ID, h.needsPassword(c)
	return h.show(c, status, page.Title, views.SOPPage(views.NewSOPView(t.Org.Slug, t.Role, page, life)))
}

// moveSOP runs one move of a version: with what was wrong on the same page, or on with a notice.
func (h *Handlers) moveSOP(c echo.Context, t *store.Tenant, name string, move func(id uuid.UUID, form views.SOPLifeForm) (done string, err error)) error {
	id, form, err := bindFormOf[views.SOPLifeForm](c)
	if err != nil {
		return err
	}
	done, err := move(id, form)
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showSOPPage(c, t, id, http.StatusUnprocessableEntity, views.SOPLifeView{Move: name, Form: form, Bad: bad})
	} else if errors.Is(err, store.ErrConflict) && !isFragment(c) {
		late := views.LateMove(name, form, problemOf(err).text)
		return h.showSOPPage(c, t, id, http.StatusConflict, views.SOPLifeView{Move: name, Form: form, Late: late})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.SOPURL(t.Org.Slug, id), done)
}

func (h *Handlers) submitSOP(c echo.Context, t *store.Tenant) error {
	return h.moveSOP(c, t, "submit", func(id uuid.UUID, form views.SOPLifeForm) (string, error) {
		return "Submitted for review.", t.SubmitSOP(c.Request().Context(), id, form.Revision)
	})
}

func (h *Handlers) returnSOP(c echo.Context, t *store.Tenant) error {
	return h.moveSOP(c, t, "return", func(id uuid.UUID, form views.SOPLifeForm) (string, error) {
		return "Returned to the author.", t.ReturnSOP(c.Request().Context(), id, form.Revision, form.Reason)
	})
}

func (h *Handlers) certifySOP(c echo.Context, t *store.Tenant) error {
	return h.moveSOP(c, t, "certify", func(id uuid.UUID, form views.SOPLifeForm) (string, error) {
		if err := h.stepUp(c, form.Password); err != nil {
			return "", err
		}
		certified, err := t.CertifySOP(c.Request().Context(), id, form.Revision, form.Reason)
		if certified {
			return "Signed. The version is certified.", err
		}
		return "Signed. The version waits for more signatures.", err
	})
}

func (h *Handlers) deprecateSOP(c echo.Context, t *store.Tenant) error {
	return h.moveSOP(c, t, "deprecate", func(id uuid.UUID, form views.SOPLifeForm) (string, error) {
		return "Version deprecated.", t.DeprecateSOP(c.Request().Context(), id, form.Revision, form.Reason)
	})
}

// downloadSignatures sends a version with its chain and signatures, to be verified elsewhere.
func (h *Handlers) downloadSignatures(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	file, version, err := t.SignatureFile(c.Request().Context(), id)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if _, err := file.WriteTo(&text); err != nil {
		return err
	}
	return download(c, "application/json", views.SOPFileName(version, "signatures.json"), text.Bytes())
}
