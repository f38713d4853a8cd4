package signature

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// FileFormat is the first value of a verification file.
const FileFormat = "surrealm.signatures.v1"

// maxFile bounds what VerifyFile reads: a graph has at most 256 KiB, a line of versions some hundreds.
const maxFile = 16 << 20

// ErrNotFile says that a file is something else than a verification file.
var ErrNotFile = errors.New("this is not a Surrealm signature file")

// File carries one version of an SOP to someone who wants to check it without our database: the graph
// itself, the chain of versions up to it, and every signature with its public key.
type File struct {
	Format     string          `json:"format"`
	Org        string          `json:"org"`
	OrgName    string          `json:"org_name"`
	Line       string          `json:"line"`
	SOP        string          `json:"sop"`
	Version    VersionRecord   `json:"version"`
	Graph      json.RawMessage `json:"graph"`
	Earlier    []VersionRecord `json:"earlier"` // oldest first, without gaps in the chain
	Signatures []FileSignature `json:"signatures"`
}

// VersionRecord is one link of the chain of versions.
type VersionRecord struct {
	Version      int    `json:"version"`
	Title        string `json:"title"`
	GraphHash    string `json:"graph_hash"`
	VersionHash  string `json:"version_hash"`
	PreviousHash string `json:"previous_hash"` // empty for the first
}

// FileSignature is one signature. Statement holds the exact bytes that were signed, as a string.
type FileSignature struct {
	Statement    string     `json:"statement"`
	Signature    []byte     `json:"signature"`
	PublicKey    []byte     `json:"public_key"`
	SignerName   string     `json:"signer_name"`
	KeyState     KeyState   `json:"key_state"`
	RetiredAt    *time.Time `json:"retired_at,omitempty"`
	RevokedAt    *time.Time `json:"revoked_at,omitempty"`
	RevokeReason string     `json:"revoke_reason,omitempty"`
}

// NewFileSignature puts a stored signature into the form of the file.
func NewFileSignature(signed Signed) (FileSignature, error) {
	s, err := ParseStatement(signed.Statement)
	if err != nil {
		return FileSignature{}, err
	}
	f := FileSignature{
		Statement: string(signed.Statement), Signature: signed.Signature, PublicKey: signed.Key.Public,
		SignerName: s.SignerName, KeyState: signed.Key.State(), RevokeReason: signed.Key.RevokeReason,
	}
	if at := signed.Key.RetiredAt.UTC(); !at.IsZero() {
		f.RetiredAt = &at
	}
	if at := signed.Key.RevokedAt.UTC(); !at.IsZero() {
		f.RevokedAt = &at
	}
	return f, nil
}

// WriteTo writes the file as JSON that people can read, with Format filled in.
func (f File) WriteTo(w io.Writer) (int64, error) {
	f.Format = FileFormat
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(f); err != nil {
		return 0, fmt.Errorf("write the signature file: %w", err)
	}
	return b.WriteTo(w)
}

// readFile reads a file strictly: known fields only, and nothing after it.
func readFile(r io.Reader) (File, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return File{}, fmt.Errorf("read the signature file: %w", err)
	}
	if len(data) > maxFile {
		return File{}, fmt.Errorf("%w: it is too long", ErrNotFile)
	}
	var f File
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return File{}, fmt.Errorf("%w: %w", ErrNotFile, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return File{}, fmt.Errorf("%w: it goes on after its end", ErrNotFile)
	}
	if f.Format != FileFormat {
		return File{}, fmt.Errorf("%w of the form %s that this program knows", ErrNotFile, FileFormat)
	}
	return f, nil
}
