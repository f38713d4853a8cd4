package handlers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"path"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/views"
)

// capture is a new signal as it was sent.
type capture struct {
	form     views.SignalForm // with the text of a text file in it
	fileName string           // "" for no file
	signal   store.NewSignal
}

// readCapture makes a signal of the form and the files that came with it. What the form cannot be is said per field.
func (h *Handlers) readCapture(c echo.Context, form views.SignalForm) (sent capture, bad store.Invalid, err error) {
	sent, bad = capture{form: form}, store.Invalid{}
	file, transcript := upload(c, "file"), upload(c, "transcript_file")
	if transcript != nil {
		if sent.form.Text, err = readText(transcript); err != nil {
			return sent, bad, fileProblem(err, bad, "transcript_file")
		}
		sent.form.Type = string(signal.TransmissionType)
	}
	if file == nil {
		draft, problems := sent.form.Captured("")
		sent.signal = store.NewSignal{Realm: form.Realm, Draft: draft}
		if draft.Type == signal.PhotoType {
			problems["file"] = "Choose a picture."
		}
		return sent, problems, nil
	}
	sent.fileName = fileName(file.Filename)
	head, err := headOf(file)
	if err != nil {
		return sent, bad, err
	}
	chosen := signal.Type(form.Type)
	switch recording := signal.RecordingType(sent.fileName, head); {
	case signal.IsPicture(head) && (chosen == signal.PhotoType || chosen == signal.DocumentType):
		err = h.readPhoto(c.Request().Context(), file, &sent, bad)
	case recording != "" && (chosen == signal.TransmissionType || chosen == signal.DocumentType):
		err = h.readRecording(c.Request().Context(), file, recording, &sent, bad)
	case signal.IsText(head) && chosen != signal.PhotoType:
		err = readTextFile(file, &sent, bad)
	default:
		bad["file"] = map[signal.Type]string{
			signal.PhotoType: "Choose a JPEG, PNG, GIF or WebP picture.", signal.TransmissionType: "Choose a sound or film file.",
		}[chosen]
		if bad["file"] == "" {
			bad["file"] = "Choose a picture, a sound or film file, or a text file."
		}
	}
	sent.signal.Realm = form.Realm
	return sent, bad, fileProblem(err, bad, "file")
}

// readPhoto makes a photo of the file. What the camera wrote fills in what the person left empty.
func (h *Handlers) readPhoto(ctx context.Context, file *multipart.FileHeader, sent *capture, bad store.Invalid) error {
	sent.form.Type = string(signal.PhotoType)
	release, err := h.store.Heavy(ctx)
	if err != nil {
		return err
	}
	defer release()
	content, err := file.Open()
	if err != nil {
		return err
	}
	defer content.Close()
	picture, err := signal.ReadPhoto(content)
	if err != nil {
		return err
	}
	draft, problems := sent.form.Captured(sent.fileName)
	if draft.Place == nil && sent.form.Latitude+sent.form.Longitude == "" {
		draft.Place = picture.Place
	}
	if draft.CapturedAt.IsZero() && picture.TakenAt != nil {
		draft.CapturedAt = *picture.TakenAt
	}
	id := uuid.Must(uuid.NewV7())
	draft.Payload, draft.Metadata = signal.Photo{File: id, OriginalName: sent.fileName}, picture.Facts
	sent.signal.Draft = draft
	sent.signal.File = &store.NewFile{ID: id, Name: sent.fileName, MediaType: picture.ImageType, Bytes: picture.Image, Thumbnail: picture.Thumbnail}
	maps.Copy(bad, problems)
	return nil
}

// readRecording keeps sound or film as it came.
func (h *Handlers) readRecording(ctx context.Context, file *multipart.FileHeader, mediaType string, sent *capture, bad store.Invalid) error {
	sent.form.Type = string(signal.TransmissionType)
	if file.Size > store.FileLimit {
		return tooLargeFile(store.FileLimit)
	}
	draft, problems := sent.form.Captured(sent.fileName)
	id := uuid.Must(uuid.NewV7())
	payload, _ := draft.Payload.(signal.Transmission)
	payload.File = id
	draft.Payload = payload
	draft.Metadata = signal.TransmissionFacts{SourceType: "local", FileSize: file.Size, MIMEType: mediaType}
	if maps.Copy(bad, problems); len(bad) > 0 {
		return nil
	}
	release, err := h.store.Heavy(ctx)
	if err != nil {
		return err
	}
	defer release()
	content, err := readAll(file)
	sent.signal.Draft = draft
	sent.signal.File = &store.NewFile{ID: id, Name: sent.fileName, MediaType: mediaType, Bytes: content}
	return err
}

// readTextFile takes a text file as if it had been pasted. The end of its name says how it is written.
func readTextFile(file *multipart.FileHeader, sent *capture, bad store.Invalid) error {
	content, err := readText(file)
	if err != nil {
		return err
	}
	if strings.TrimSpace(sent.form.Text) != "" {
		bad["file"] = "There is text in the field already. Give the text or the file."
		return nil
	}
	sent.form.Text = content
	switch strings.ToLower(path.Ext(sent.fileName)) {
	case ".md", ".markdown":
		sent.form.Format = string(signal.Markdown)
	case ".html", ".htm":
		sent.form.Format = string(signal.HTML)
	case ".srt", ".vtt":
		sent.form.Type = string(signal.TransmissionType)
	default:
		sent.form.Format = string(signal.Plain)
	}
	draft, problems := sent.form.Captured(sent.fileName)
	sent.signal.Draft = draft
	maps.Copy(bad, problems)
	return nil
}

// fileProblem turns what is wrong with a file into a sentence about its field, and passes on any other error.
func fileProblem(err error, bad store.Invalid, field string) error {
	var photo signal.BadPhoto
	var large tooLargeFile
	switch {
	case errors.As(err, &photo):
		bad[field] = photo.Sentence
	case errors.As(err, &large):
		bad[field] = large.Error()
	default:
		return err
	}
	return nil
}

// tooLargeFile is a file beyond a number of bytes.
type tooLargeFile int64

func (t tooLargeFile) Error() string {
	if t < 1<<20 {
		return fmt.Sprintf("This file is larger than %d KB.", int64(t)>>10)
	}
	return fmt.Sprintf("This file is larger than %d MB.", int64(t)>>20)
}

func readText(file *multipart.FileHeader) (string, error) {
	if file.Size > signal.PayloadLimit {
		return "", tooLargeFile(signal.PayloadLimit)
	}
	content, err := readAll(file)
	return clean(strings.TrimPrefix(string(content), "\ufeff")), err
}

func readAll(file *multipart.FileHeader) ([]byte, error) {
	content, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer content.Close()
	return io.ReadAll(content)
}
