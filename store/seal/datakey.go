package seal

import (
	"errors"
	"fmt"
	"log/slog"
)

const (
	hidden      = "***"
	valueDomain = "surrealm.seal.value.v1"
)

// AAD is the place of a sealed value. All four parts are needed; Org must be the data key's own.
type AAD struct {
	Org, Table, Column, Row string
}

// DataKey seals the secrets of one organisation. The zero DataKey holds no key.
type DataKey struct {
	box box
	org string
}

// Seal encrypts plaintext for one place. Sealing the same text twice gives different bytes.
func (k DataKey) Seal(aad AAD, plaintext []byte) ([]byte, error) {
	if err := k.check(aad); err != nil {
		return nil, fmt.Errorf("seal %s.%s: %w", aad.Table, aad.Column, err)
	}
	sealed, err := k.box.seal(aad.place(), plaintext)
	if err != nil {
		return nil, fmt.Errorf("seal %s.%s: %w", aad.Table, aad.Column, err)
	}
	return sealed, nil
}

// Open decrypts what Seal made for the same place. ErrDamaged means that it was changed or moved.
func (k DataKey) Open(aad AAD, sealed []byte) ([]byte, error) {
	if err := k.check(aad); err != nil {
		return nil, fmt.Errorf("open %s.%s: %w", aad.Table, aad.Column, err)
	}
	plaintext, err := k.box.open(aad.place(), sealed)
	if err != nil {
		return nil, fmt.Errorf("open %s.%s: %w", aad.Table, aad.Column, err)
	}
	return plaintext, nil
}

func (k DataKey) check(aad AAD) error {
	if aad.Org == "" || aad.Table == "" || aad.Column == "" || aad.Row == "" {
		return errors.New("its place is not fully named")
	}
	if aad.Org != k.org && k.box.aead != nil {
		return errors.New("the key belongs to another organisation")
	}
	return nil
}

func (a AAD) place() []byte { return placeOf(valueDomain, a.Org, a.Table, a.Column, a.Row) }

// String, GoString, LogValue and MarshalJSON keep the key out of logs and pages.
func (k DataKey) String() string { return hidden }

// GoString is for %#v.
func (k DataKey) GoString() string { return hidden }

// LogValue is for slog.
func (k DataKey) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON is for encoding/json.
func (k DataKey) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }
