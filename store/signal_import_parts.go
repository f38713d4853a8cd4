package store

import (
	"context"
	"io"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const (
	importPart  = 4 << 20 // bytes of a part of a file
	importParts = 4       // of them held at once: what reads a zip goes back and forth between its rows and their files
)

// importFile is the file of an import as it is kept, in parts. It is read within the transaction. What reads it may take an error of
// the database for a damaged file, so fault keeps that.
type importFile struct {
	ctx   context.Context
	tx    pgx.Tx
	id    uuid.UUID
	size  int64
	parts []filePart // the one that was read last is the last
	fault error
}

type filePart struct {
	position int64
	bytes    []byte
}

// openImport is the file of an import; it is empty when that has ended.
func openImport(ctx context.Context, tx pgx.Tx, id uuid.UUID) (*importFile, error) {
	size, err := value[int64](ctx, tx, `
		select coalesce(octet_length(i.bytes), 0) + coalesce((
			select sum(octet_length(p.bytes)) from signal_import_parts p where p.realm_id = i.realm_id and p.import_id = i.id), 0)::bigint
		from signal_imports i where i.id = $1`, id)
	return &importFile{ctx: ctx, tx: tx, id: id, size: size}, err
}

// ReadAt is part of io.ReaderAt.
func (f *importFile) ReadAt(to []byte, at int64) (int, error) {
	n := 0
	for n < len(to) {
		if at >= f.size {
			return n, io.EOF
		}
		part, err := f.part(at / importPart)
		if err == nil && int64(len(part)) <= at%importPart {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			f.fault = err
			return n, err
		}
		copied := copy(to[n:], part[at%importPart:])
		n, at = n+copied, at+int64(copied)
	}
	return n, nil
}

func (f *importFile) part(position int64) ([]byte, error) {
	if i := slices.IndexFunc(f.parts, func(p filePart) bool { return p.position == position }); i >= 0 {
		found := f.parts[i]
		f.parts = append(slices.Delete(f.parts, i, i+1), found)
		return found.bytes, nil
	}
	bytes, err := value[[]byte](f.ctx, f.tx, `
		select coalesce(
			(select p.bytes from signal_import_parts p where p.realm_id = i.realm_id and p.import_id = i.id and p.position = $2),
			substr(i.bytes, $2 * $3 + 1, $3), '')
		from signal_imports i where i.id = $1`, f.id, position, importPart)
	if err != nil {
		return nil, err
	}
	if len(f.parts) == importParts {
		f.parts = slices.Delete(f.parts, 0, 1)
	}
	f.parts = append(f.parts, filePart{position, bytes})
	return bytes, nil
}

// firstPart is what an import's own row holds of a file.
func firstPart(file io.ReaderAt, size int64) ([]byte, error) {
	return io.ReadAll(io.NewSectionReader(file, 0, min(size, importPart)))
}

// keepParts keeps what comes after the first part.
func keepParts(ctx context.Context, tx pgx.Tx, id uuid.UUID, file io.ReaderAt, size int64) error {
	buffer := make([]byte, importPart)
	for position := int64(1); position*importPart < size; position++ {
		at := position * importPart
		n, err := io.ReadFull(io.NewSectionReader(file, at, min(size-at, importPart)), buffer[:min(size-at, importPart)])
		if err != nil {
			return err
		}
		_, err = exec(ctx, tx, `
			insert into signal_import_parts (realm_id, import_id, requested_by, position, bytes)
			select realm_id, id, requested_by, $2, $3 from signal_imports where id = $1`, id, position, buffer[:n])
		if err != nil {
			return err
		}
	}
	return nil
}

// dropParts drops what is kept of files of the member's imports that have ended.
func dropParts(ctx context.Context, tx pgx.Tx) error {
	_, err := exec(ctx, tx, `
		delete from signal_import_parts p using signal_imports i
		where i.bytes is null and i.requested_by = current_setting('app.user_id')::uuid and p.realm_id = i.realm_id and p.import_id = i.id`)
	return err
}
