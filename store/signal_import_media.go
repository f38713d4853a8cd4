package store

import (
	"context"
	"io"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/exchange"
	"surrealm/store/signal"
)

// rowFile is the file of a row that becomes the signal of this id.
type rowFile struct {
	signal, id uuid.UUID
	kind       signal.Type
	row        string
	*exchange.File
}

// insertFiles keeps the pictures and recordings of rows that became signals, one at a time in memory. BadFile when one is damaged.
func (t *Tenant) insertFiles(ctx context.Context, tx pgx.Tx, files []rowFile) error {
	made := make([]uuid.UUID, 0, len(files))
	for _, f := range files {
		made = append(made, f.signal)
	}
	there, err := value[[]uuid.UUID](ctx, tx, `select array(select id from signals where id = any ($1))`, made)
	if err != nil {
		return err
	}
	isThere := map[uuid.UUID]bool{}
	for _, id := range there {
		isThere[id] = true
	}
	for _, f := range files {
		if !isThere[f.signal] {
			continue
		}
		if err := t.insertFile(ctx, tx, f); err != nil {
			return err
		}
	}
	return nil
}

// insertFile waits for its turn to hold a file, as an upload does.
func (t *Tenant) insertFile(ctx context.Context, tx pgx.Tx, f rowFile) error {
	release, err := t.store.heavyInside(ctx, tx)
	if err != nil {
		return err
	}
	defer release()
	file, err := f.read()
	if err != nil {
		return err
	}
	return addFile(ctx, tx, f.signal, file)
}

// read takes a file as its upload would be taken: a picture is looked at, and loses what is not the picture.
func (f rowFile) read() (NewFile, error) {
	file := NewFile{ID: f.id, Name: shortName(f.Name)}
	broken := exchange.BadFile{Sentence: "The file of " + f.row + " is damaged."}
	in, err := f.Open()
	if err != nil {
		return file, broken
	}
	defer in.Close()
	if f.kind == signal.PhotoType {
		picture, err := signal.ReadStoredPhoto(in)
		if err != nil {
			return file, broken
		}
		file.MediaType, file.Bytes, file.Thumbnail = picture.ImageType, picture.Image, picture.Thumbnail
		return file, nil
	}
	file.Bytes, err = io.ReadAll(io.LimitReader(in, FileLimit+1))
	if err != nil || len(file.Bytes) > FileLimit {
		return file, broken
	}
	file.MediaType = signal.RecordingType(file.Name, file.Bytes[:min(len(file.Bytes), 512)])
	return file, nil
}
