package store

import (
	"context"
	"crypto/sha256"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// SignalFile is a picture or recording that belongs to a signal, without its bytes.
type SignalFile struct {
	ID           uuid.UUID `db:"id"`
	Name         string    `db:"name"`
	MediaType    string    `db:"media_type"`
	Size         int64     `db:"size"` // bytes
	HasThumbnail bool      `db:"has_thumbnail"`
}

// SignalBytes is the content of a file, as it goes to the browser.
type SignalBytes struct {
	Name      string `db:"name"`
	MediaType string `db:"media_type"`
	Bytes     []byte `db:"bytes"`
	Hash      []byte `db:"sha256"`
}

// NewFile is a file that comes with a signal. Its bytes are at most 64 MiB; a thumbnail is a JPEG.
type NewFile struct {
	ID        uuid.UUID
	Name      string
	MediaType string
	Bytes     []byte
	Thumbnail []byte
}

func signalFiles(ctx context.Context, tx pgx.Tx, id uuid.UUID) ([]SignalFile, error) {
	return many[SignalFile](ctx, tx, `
		select id, name, media_type, length(bytes) as size, thumbnail is not null as has_thumbnail
		from signal_files where signal_id = $1 order by created_at, id`, id)
}

// addFile keeps a file with its signal, in the transaction that makes the signal.
func addFile(ctx context.Context, tx pgx.Tx, id uuid.UUID, file NewFile) error {
	hash := sha256.Sum256(file.Bytes)
	_, err := tx.Exec(ctx, `
		insert into signal_files (id, realm_id, signal_id, visibility, signal_author, name, media_type, bytes, thumbnail, sha256)
		select $1, realm_id, id, visibility, created_by, $3, $4, $5, $6, $7 from signals where id = $2`,
		file.ID, id, file.Name, file.MediaType, file.Bytes, file.Thumbnail, hash[:])
	return err
}

// SignalFile returns a file of a signal that the member may see, or its thumbnail.
func (t *Tenant) SignalFile(ctx context.Context, id, file uuid.UUID, thumbnail bool) (SignalBytes, error) {
	var found SignalBytes
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		found, err = one[SignalBytes](ctx, tx, `
			select name, case when $3 then 'image/jpeg' else media_type end as media_type,
				case when $3 then thumbnail else bytes end as bytes, sha256
			from signal_files
			where signal_id = $1 and id = $2 and (not $3 or thumbnail is not null)`, id, file, thumbnail)
		return err
	})
	return found, err
}
