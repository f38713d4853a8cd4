package orgfile

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/json"
	"io"

	"surrealm/store/auditlog"
)

// Writer writes a file, table by table, and holds none of it in memory.
type Writer struct{ zip *zip.Writer }

// NewWriter begins a file.
func NewWriter(w io.Writer) *Writer { return &Writer{zip.NewWriter(w)} }

// Table lets fill write the rows of one table, and returns their SHA-256.
func (w *Writer) Table(name string, fill func(io.Writer) error) ([]byte, error) {
	part, err := w.zip.Create("tables/" + name)
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	if err := fill(io.MultiWriter(part, sum)); err != nil {
		return nil, err
	}
	return sum.Sum(nil), nil
}

// Close writes the manifest and seals it.
func (w *Writer) Close(m Manifest, signer auditlog.Signer) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	seal, err := auditlog.SignNote(sealText(m.Org, sum[:]), signer)
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{"manifest.json": text, "seal": seal} {
		part, err := w.zip.Create(name)
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			return err
		}
	}
	return w.zip.Close()
}
