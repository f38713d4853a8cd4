package seal

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"surrealm/store/keyfile"
)

const wrapDomain = "surrealm.seal.datakey.v1"

// Master is the master key. It only ever wraps data keys. The zero Master holds no key.
type Master struct{ box box }

// LoadMasterKey reads the master key from a file, or makes one when there is no such file. It refuses
// a file that others than its owner may read. Losing the file loses every secret sealed under it, so it
// belongs into the backups, but not beside those of the database.
func LoadMasterKey(path string) (Master, error) {
	content, err := keyfile.LoadOrCreate(path, func() ([]byte, error) {
		key := make([]byte, keySize)
		rand.Read(key) // never fails: without randomness the program stops
		return []byte(base64.StdEncoding.EncodeToString(key) + "\n"), nil
	})
	if err != nil {
		return Master{}, fmt.Errorf("master key: %w", err)
	}
	m, err := ParseMasterKey(string(content))
	if err != nil {
		return Master{}, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// ParseMasterKey reads a master key from text, such as an environment value: 32 bytes in base64 or in
// hexadecimal. The error never repeats the text.
func ParseMasterKey(text string) (Master, error) {
	text = strings.TrimSpace(text)
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != keySize {
		key, err = base64.StdEncoding.Strict().DecodeString(text)
	}
	if err != nil || len(key) != keySize {
		return Master{}, errors.New("the master key must be 32 bytes in base64 or hexadecimal")
	}
	if [keySize]byte(key) == [keySize]byte{} {
		return Master{}, errors.New("the master key is all zeros: make one with openssl rand -base64 32")
	}
	b, err := newBox(key)
	return Master{box: b}, err
}

// ID names the key without giving anything away: the start of its SHA-256, in hexadecimal.
func (m Master) ID() string { return m.box.name() }

// WrapKey makes a new data key for an organisation and returns it wrapped, as it is stored.
func (m Master) WrapKey(org string) ([]byte, error) {
	key := make([]byte, keySize)
	rand.Read(key) // never fails: without randomness the program stops
	return m.wrap(org, key)
}

// Open unwraps the data key of an organisation. ErrWrongKey means that another master key wrapped it,
// ErrDamaged that it was changed or belongs to another organisation.
func (m Master) Open(org string, wrapped []byte) (DataKey, error) {
	key, err := m.unwrap(org, wrapped)
	if err != nil {
		return DataKey{}, err
	}
	b, err := newBox(key)
	return DataKey{box: b, org: org}, err
}

// Rewrap wraps an organisation's data key with the next master key. The data key and everything sealed
// with it stay as they are. A key that the next master has wrapped already is returned as it is, so a
// rotation that was interrupted can be run again.
func (m Master) Rewrap(org string, wrapped []byte, next Master) ([]byte, error) {
	if _, err := next.unwrap(org, wrapped); err == nil {
		return wrapped, nil
	}
	key, err := m.unwrap(org, wrapped)
	if err != nil {
		return nil, err
	}
	return next.wrap(org, key)
}

func (m Master) wrap(org string, key []byte) ([]byte, error) {
	if org == "" {
		return nil, errors.New("wrap data key: no organisation is named")
	}
	wrapped, err := m.box.seal(placeOf(wrapDomain, org), key)
	if err != nil {
		return nil, fmt.Errorf("wrap data key: %w", err)
	}
	return wrapped, nil
}

func (m Master) unwrap(org string, wrapped []byte) ([]byte, error) {
	key, err := m.box.open(placeOf(wrapDomain, org), wrapped)
	if err != nil {
		return nil, fmt.Errorf("open the data key of organisation %s with the master key: %w", org, err)
	}
	return key, nil
}

// String, GoString, LogValue and MarshalJSON keep the key out of logs and pages.
func (m Master) String() string { return hidden }

// GoString is for %#v.
func (m Master) GoString() string { return hidden }

// LogValue is for slog.
func (m Master) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON is for encoding/json.
func (m Master) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }
