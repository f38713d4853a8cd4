package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/html"
)

// importedRows is how many signals the import has that is killed: enough for a second's work or more.
const importedRows = 6000

// killJob kills the program while a job imports signals. The next server takes the job over, and writes every signal once.
func killJob(ctx context.Context, w *world) (string, error) {
	p := w.people[1]
	mark := uuid.NewString()[:8]
	at, err := p.upload(ctx, "/o/"+p.org+"/signals/import", mark+".jsonl", signalLines(mark))
	if err != nil {
		return "", fmt.Errorf("upload: %w", err)
	}
	action, values, err := p.form(ctx, at, "plan")
	if err == nil {
		_, err = p.post(ctx, action, values)
	}
	if err != nil {
		return "", fmt.Errorf("start the import: %w", err)
	}
	w.pause(300, 1800)
	w.program.kill()
	if err := w.program.start(ctx); err != nil {
		return "", err
	}
	for end := time.Now().Add(3 * time.Minute); ; time.Sleep(200 * time.Millisecond) {
		state, err := w.postgres.ask(ctx, `select count(*) from `+schemaOf(p.org)+`.signal_imports where id = $1 and state = 'DONE'`, path.Base(at))
		if err != nil {
			return "", err
		}
		if state == 1 {
			break
		}
		if time.Now().After(end) {
			return "", errors.New("the import was not finished by the next server")
		}
	}
	there, err := w.postgres.ask(ctx, `select count(*) from `+schemaOf(p.org)+`.signals where title like $1`, mark+"%")
	if err == nil && there != importedRows {
		w.problem("%d of %d signals were imported", there, importedRows)
	}
	return "", err
}

func signalLines(mark string) []byte {
	var lines bytes.Buffer
	for i := range importedRows {
		fmt.Fprintf(&lines, `{"external_id":"%s-%d","type":"DOCUMENT","title":"%s %d","text":"An observation of the storm, number %d."}`+"\n", mark, i, mark, i, i)
	}
	return lines.Bytes()
}

// upload sends the form of a page with a file in it, and returns where the answer leads.
func (p *person) upload(ctx context.Context, at, name string, content []byte) (string, error) {
	action, values, err := p.form(ctx, at, "file-form")
	if err != nil {
		return "", err
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field := range values {
		_ = form.WriteField(field, values.Get(field)) // into memory, as all of it
	}
	file, err := form.CreateFormFile("file", name)
	if err != nil {
		return "", err
	}
	_, _ = file.Write(content)
	_ = form.Close()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+p.to.take()+action, &body)
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	return p.redirected(request)
}

// form is a form of a page as it stands there.
func (p *person) form(ctx context.Context, at, id string) (action string, values url.Values, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.to.take()+at, nil)
	if err != nil {
		return "", nil, err
	}
	response, err := p.client.Do(request)
	if err != nil {
		return "", nil, err
	}
	defer response.Body.Close()
	page, err := html.Parse(response.Body)
	if err != nil {
		return "", nil, err
	}
	action, values, found := formOf(page, id)
	if !found {
		return "", nil, fmt.Errorf("%s has no form %q: %s", at, id, response.Status)
	}
	return action, values, nil
}
