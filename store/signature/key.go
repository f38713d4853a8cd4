package signature

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// KeyState is where a key is in its life.
type KeyState string

// A person has at most one live key. Retired: replaced, and good for what it signed until then.
// Revoked: no longer trusted, and everything it signed is marked.
const (
	Live    KeyState = "LIVE"
	Retired KeyState = "RETIRED"
	Revoked KeyState = "REVOKED"
)

// Key is the public half of a person's key and its history. Owner is the person's user id.
type Key struct {
	Public       ed25519.PublicKey
	Owner        string
	RetiredAt    time.Time // zero while it is live
	RevokedAt    time.Time // zero unless it was revoked
	RevokeReason string
}

// State returns where the key is in its life.
func (k Key) State() KeyState {
	switch {
	case !k.RevokedAt.IsZero():
		return Revoked
	case !k.RetiredAt.IsZero():
		return Retired
	default:
		return Live
	}
}

// objection is the sentence against a genuine signature of that time, empty when there is none. A
// revoked key's earlier signatures are objected to as well: a thief can write any time into a statement.
func (k Key) objection(signedAt time.Time) string {
	switch {
	case k.State() == Revoked && k.RevokeReason != "":
		return fmt.Sprintf("The signature is genuine, but its key was revoked on %s: %s", day(k.RevokedAt), k.RevokeReason)
	case k.State() == Revoked:
		return fmt.Sprintf("The signature is genuine, but its key was revoked on %s.", day(k.RevokedAt))
	case k.State() == Retired && signedAt.After(k.RetiredAt):
		return fmt.Sprintf("The signature is dated after its key was retired on %s.", day(k.RetiredAt))
	default:
		return ""
	}
}

// Fingerprint names a public key: "SHA256:" and the SHA-256 of its 32 bytes in base64 without padding.
func Fingerprint(pub ed25519.PublicKey) string {
	sum := sha256.Sum256(pub)
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
}

// PrivateKey is the secret half of a person's key. It never prints itself. The zero PrivateKey holds no
// key: it cannot sign.
type PrivateKey struct {
	key func() ed25519.PrivateKey // fmt looks behind pointers in some cases, into functions never
}

// GenerateKey makes a new key.
func GenerateKey() (PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return PrivateKey{}, fmt.Errorf("make a signing key: %w", err)
	}
	return PrivateKey{key: func() ed25519.PrivateKey { return key }}, nil
}

// ParsePrivateKey reads what Bytes returned.
func ParsePrivateKey(seed []byte) (PrivateKey, error) {
	if len(seed) != ed25519.SeedSize {
		return PrivateKey{}, errors.New("the signing key does not have the right length")
	}
	key := ed25519.NewKeyFromSeed(seed)
	return PrivateKey{key: func() ed25519.PrivateKey { return key }}, nil
}

// Bytes returns the 32 secret bytes, to be sealed at once.
func (p PrivateKey) Bytes() []byte { return p.key().Seed() }

// Public returns the public half.
func (p PrivateKey) Public() ed25519.PublicKey { return p.key().Public().(ed25519.PublicKey) }

// String, GoString, LogValue and MarshalJSON keep the key out of logs and pages.
func (p PrivateKey) String() string { return "***" }

// GoString is for %#v.
func (p PrivateKey) GoString() string { return "***" }

// LogValue is for slog.
func (p PrivateKey) LogValue() slog.Value { return slog.StringValue("***") }

// MarshalJSON is for encoding/json.
func (p PrivateKey) MarshalJSON() ([]byte, error) { return []byte(`"***"`), nil }

func day(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }
