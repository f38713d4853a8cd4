package handlers

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/store/exchange"
	"surrealm/views"
)

func (h *Handlers) newSignalImport(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.SignalImportForm](c)
	if err != nil {
		return err
	}
	return h.showNewImport(c, t, http.StatusOK, views.NewSignalImport{Form: form})
}

func (h *Handlers) showNewImport(c echo.Context, t *store.Tenant, status int, v views.NewSignalImport) error {
	choices, err := t.CaptureChoices(c.Request().Context())
	if err != nil {
		return err
	}
	v.Org, v.Realms = t.Org.Slug, choices.Realms
	return h.show(c, status, "Import signals", views.NewSignalImportPage(v))
}

// importPatience is how long the server waits for the file of an import, and for its answer to be taken: a gigabyte needs more than a page.
const importPatience = 30 * time.Minute

// uploadSignalImport takes a file and looks through it. What is in it becomes signals only when the person has seen how.
func (h *Handlers) uploadSignalImport(c echo.Context, t *store.Tenant) error {
	wait := http.NewResponseController(c.Response())
	end := time.Now().Add(importPatience) // of the connection, so by the clock that it goes by
	if err := errors.Join(wait.SetReadDeadline(end), wait.SetWriteDeadline(end)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	defer forgetUploads(c)
	form, err := bindForm[views.SignalImportForm](c)
	if err != nil {
		return err
	}
	sent, fault, done, err := readImport(c, form)
	if err != nil {
		return err
	}
	defer done()
	bad, id := store.Invalid{"file": fault}, uuid.Nil
	if fault == "" {
		bad = nil
		id, err = t.UploadImport(c.Request().Context(), sent)
	}
	if errors.As(err, &bad) || bad != nil {
		return h.showNewImport(c, t, http.StatusUnprocessableEntity, views.NewSignalImport{Form: form, FileName: sent.FileName, Bad: bad})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.SignalImportURL(t.Org.Slug, id), "")
}

// readImport is the file of the form, or what was pasted in its place, until done is called. The fault is what is wrong with the file.
func readImport(c echo.Context, form views.SignalImportForm) (sent store.NewImport, fault string, done func(), err error) {
	sent, done = form.Import(), func() {}
	file := upload(c, "file")
	if file != nil {
		content, err := file.Open()
		if err != nil {
			return sent, "", done, err
		}
		sent.File, sent.Size, sent.FileName = content, file.Size, fileName(file.Filename)
		done = func() { _ = content.Close() } // it was read
	}
	if sent.Size == 0 {
		return sent, "Choose a file with signals, or paste some.", done, nil
	}
	if sent.Format == "" {
		head := make([]byte, min(sent.Size, 8<<10))
		if _, err := sent.File.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
			return sent, "", done, err
		}
		sent.Format = exchange.Detect(sent.FileName, head)
	}
	if sent.Format == "" {
		fault = "It is not clear what kind of file this is. Choose it below."
	} else if limit := sent.Format.Limit(); sent.Size > limit {
		fault = tooLargeFile(limit).Error()
	}
	return sent, fault, done, nil
}

func (h *Handlers) showSignalImport(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return h.showImport(c, t, http.StatusOK, id, views.SignalImportView{})
}

func (h *Handlers) showImport(c echo.Context, t *store.Tenant, status int, id uuid.UUID, v views.SignalImportView) error {
	found, err := t.SignalImport(c.Request().Context(), id)
	if err != nil {
		return err
	}
	v.Org, v.Import = t.Org.Slug, found
	return h.show(c, status, "Import of "+found.FileName, views.SignalImportPage(v))
}

// startSignalImport keeps how the file is to be read, and starts the import unless the person only wants to look at it again.
func (h *Handlers) startSignalImport(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.ImportPlanForm](c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	err = t.PlanImport(ctx, id, form.Plan())
	if err == nil && !form.Looks() {
		err = t.StartImport(ctx, id)
	}
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showImport(c, t, http.StatusUnprocessableEntity, id, views.SignalImportView{Bad: bad})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.SignalImportURL(t.Org.Slug, id), "")
}

func (h *Handlers) cancelSignalImport(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := t.CancelImport(c.Request().Context(), id); err != nil {
		return err
	}
	return h.redirect(c, views.SignalImportURL(t.Org.Slug, id), "Import stopped. Nothing was imported.")
}

// downloadImportProblems sends a table of the rows that could not be read, with what is wrong with each.
func (h *Handlers) downloadImportProblems(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	problems, err := t.ImportProblems(c.Request().Context(), id)
	if err != nil {
		return err
	}
	table := [][]string{{"row", "field", "problem"}}
	for _, p := range problems {
		table = append(table, []string{p.Row, p.Field, p.Problem})
	}
	var out bytes.Buffer
	if err := exchange.WriteTable(&out, table); err != nil {
		return err
	}
	return download(c, "text/csv; charset=utf-8", "problems.csv", out.Bytes())
}
