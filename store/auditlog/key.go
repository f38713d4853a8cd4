package auditlog

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"surrealm/store/keyfile"
)

const (
	signerName  = "surrealm"
	keyFileName = "checkpoint.key"
)

// Signer holds the Ed25519 key that signs checkpoints. Keep it away from the database: the signature
// is worth something only if whoever can rewrite the log cannot sign. It never prints its key.
type Signer struct {
	note        note.Signer
	verifierKey string
}

// LoadOrCreateKey reads the checkpoint key of the data folder, or makes one when there is none. It
// refuses a key file that others than its owner may read. Several processes may call it at once on one
// folder: all get the same key.
func LoadOrCreateKey(dir string) (Signer, error) {
	path := filepath.Join(dir, keyFileName)
	content, err := keyfile.LoadOrCreate(path, func() ([]byte, error) {
		secret, public, err := note.GenerateKey(rand.Reader, signerName)
		return []byte(secret + "\n" + public + "\n"), err
	})
	if err != nil {
		return Signer{}, fmt.Errorf("checkpoint key: %w", err)
	}
	s, err := parseKeyFile(string(content))
	if err != nil {
		return Signer{}, fmt.Errorf("checkpoint key %s: %w", path, err)
	}
	return s, nil
}

// VerifierKey returns the public half in the form "name+hash+key", which anyone may have.
func (s Signer) VerifierKey() string { return s.verifierKey }

// String, GoString, LogValue and MarshalJSON keep the key out of logs and pages.
func (s Signer) String() string { return "***" }

// GoString is for %#v.
func (s Signer) GoString() string { return "***" }

// LogValue is for slog.
func (s Signer) LogValue() slog.Value { return slog.StringValue("***") }

// MarshalJSON is for encoding/json.
func (s Signer) MarshalJSON() ([]byte, error) { return []byte(`"***"`), nil }

// KeyName returns the short name of a verifier key, "name+hash", by which people compare keys.
func KeyName(verifierKey string) string {
	name, rest, _ := strings.Cut(verifierKey, "+")
	hash, key, ok := strings.Cut(rest, "+") // the key itself is base64 and may hold a plus as well
	if !ok || name == "" || hash == "" || key == "" {
		return "(no key)"
	}
	return name + "+" + hash
}

// parseKeyFile reads the two lines of a key file and proves that they belong together.
func parseKeyFile(content string) (Signer, error) {
	secret, public, ok := strings.Cut(strings.TrimSuffix(content, "\n"), "\n")
	signer, err := note.NewSigner(secret)
	if !ok || err != nil {
		return Signer{}, errors.New("the file does not hold a key in the known form")
	}
	s := Signer{note: signer, verifierKey: public}
	probe, err := SignNote("probe\n", s)
	if err != nil {
		return Signer{}, err
	}
	if _, err := OpenNote(probe, public); err != nil {
		return Signer{}, errors.New("the two halves of the key do not belong together")
	}
	return s, nil
}

func canonicalBase64(s string) string {
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(raw)
}
