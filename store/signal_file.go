package store

import (
	"context"
	"crypto/sha256"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// SignalFile is a picture or recording that belongs to a signal, without its bytes.
type SignalFile struct {
	ID        uuid.UUID `db:"id"`
	Name      string    `db:"name"`
	MediaType string    `db:"media_type"`
	Size      int64     `db:"size"` // bytes
}

// SignalFileHead is a file, or its thumbnail, before its bytes.
type SignalFileHead struct {
	Name      string `db:"name"`
	MediaType string `db:"media_type"`
	Size      int64  `db:"size"`
	Hash      []byte `db:"sha256"` // of the file
}

// FileLimit is how large a file of a signal may be, in bytes.
const FileLimit = 64 << 20

// NewFile is a file that comes with a signal, of at most FileLimit bytes. Its thumbnail is a JPEG or a PNG.
type NewFile struct {
	ID        uuid.UUID
	Name      string
	MediaType string
	Bytes     []byte
	Thumbnail []byte
}

func signalFiles(ctx context.Context, tx pgx.Tx, id uuid.UUID) ([]SignalFile, error) {
	return many[SignalFile](ctx, tx, `
		select id, name, media_type, length(bytes) as size
		from signal_files where signal_id = $1 order by created_at, id`, id)
}

// addFile keeps a file with its signal, in the transaction that makes the signal.
func addFile(ctx context.Context, tx pgx.Tx, id uuid.UUID, file NewFile) error {
	hash := sha256.Sum256(file.Bytes)
	_, err := tx.Exec(ctx, `
		insert into signal_files (id, realm_id, signal_id, visibility, signal_author, reaches, reaches_all, name, media_type, bytes, thumbnail, sha256)
		select $1, realm_id, id, visibility, created_by, reaches, reaches_all, $3, $4, $5, $6, $7 from signals where id = $2`,
		file.ID, id, file.Name, file.MediaType, file.Bytes, file.Thumbnail, hash[:])
	return err
}

// thumbnailType is how a thumbnail is written.
const thumbnailType = `case when substring(thumbnail for 4) = '\x89504e47'::bytea then 'image/png' else 'image/jpeg' end`

// SignalFile says what a file of a signal that the member may see is, or its thumbnail.
func (t *Tenant) SignalFile(ctx context.Context, id, file uuid.UUID, thumbnail bool) (SignalFileHead, error) {
	var found SignalFileHead
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		found, err = one[SignalFileHead](ctx, tx, `
			select name, case when $3 then `+thumbnailType+` else media_type end as media_type,
				length(case when $3 then thumbnail else bytes end) as size, sha256
			from signal_files
			where signal_id = $1 and id = $2 and (not $3 or thumbnail is not null)`, id, file, thumbnail)
		return err
	})
	return found, err
}

// SignalFilePart returns some bytes of a file, or of its thumbnail, so that a film that is wound on is not read from its beginning. The
// database reads that part alone, because pictures, sound and film are stored as they are: they cannot be compressed further.
func (t *Tenant) SignalFilePart(ctx context.Context, id, file uuid.UUID, thumbnail bool, from, size int64) ([]byte, error) {
	var part []byte
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		part, err = value[[]byte](ctx, tx, `
			select substring(case when $3 then thumbnail else bytes end from $4::int + 1 for $5::int)
			from signal_files where signal_id = $1 and id = $2`, id, file, thumbnail, from, size)
		return err
	})
	return part, err
}
