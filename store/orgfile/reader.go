package orgfile

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash"
	"io"

	"surrealm/store/auditlog"
)

// maxManifest is the longest manifest that is read: some 100,000 members and jobs.
const maxManifest = 256 << 20

// File is a file that was opened, and whose seal holds.
type File struct {
	Manifest
	zip *zip.Reader
}

// Open reads the manifest of a file, after its seal held against a verifier key that the caller trusts. ErrFormat,
// ErrChanged, or why the seal does not hold.
func Open(r io.ReaderAt, size int64, trustedKey string) (File, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return File{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	f := File{zip: archive}
	text, err := f.read("manifest.json")
	if err != nil {
		return File{}, err
	}
	if err := json.Unmarshal(text, &f.Manifest); err != nil || f.Format != Format {
		return File{}, ErrFormat
	}
	seal, err := f.read("seal")
	if err != nil {
		return File{}, err
	}
	sum := sha256.Sum256(text)
	signed, err := auditlog.OpenNote(seal, trustedKey)
	if err != nil {
		return File{}, fmt.Errorf("the seal of the file: %w", err)
	}
	if signed != sealText(f.Org, sum[:]) {
		return File{}, ErrChanged
	}
	return f, nil
}

func (f File) read(name string) ([]byte, error) {
	part, err := f.zip.Open(name)
	if err != nil {
		return nil, ErrFormat
	}
	defer part.Close()
	text, err := io.ReadAll(io.LimitReader(part, maxManifest))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrChanged, err)
	}
	return text, nil
}

// Table opens the rows of a table. Reading ends with ErrChanged when they are not the rows that were exported.
func (f File) Table(t Table) (*Rows, error) {
	part, err := f.zip.Open("tables/" + t.Name)
	if err != nil {
		return nil, fmt.Errorf("%w: the table %s is not in it", ErrChanged, t.Name)
	}
	return &Rows{part: part, sum: sha256.New(), want: t.SHA256}, nil
}

// Rows are the rows of one table.
type Rows struct {
	part io.ReadCloser
	sum  hash.Hash
	want []byte
	err  error
}

// Read is part of io.Reader.
func (r *Rows) Read(p []byte) (int, error) {
	n, err := r.part.Read(p)
	r.sum.Write(p[:n])
	switch {
	case err == io.EOF && !bytes.Equal(r.sum.Sum(nil), r.want):
		err, r.err = ErrChanged, ErrChanged
	case err != nil && err != io.EOF:
		err = fmt.Errorf("%w: %w", ErrChanged, err)
		r.err = err
	}
	return n, err
}

// Err is why reading ended early, for whoever gave the rows away to be read; nil when it did not.
func (r *Rows) Err() error { return r.err }

// Close ends reading.
func (r *Rows) Close() error { return r.part.Close() }
