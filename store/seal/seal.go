// Package seal keeps secrets at rest: private signing keys, webhook secrets, keys of outside services.
//
// It is envelope encryption. Every organisation has a data key that seals its secrets. The database
// stores that key only wrapped, which is sealed with the master key, and the master key never enters
// the database: it comes from a file or the environment. So a stolen database dump opens nothing, and
// changing the master key means wrapping a few short keys afresh (Master.Rewrap), not every secret.
//
// Each sealed value is bound to its place: organisation, table, column and row are authenticated along
// with it. A value copied to another row or another organisation does not open, so nobody who can
// write to the database can hand themselves somebody else's secret.
//
// The cipher is AES-256-GCM with a random nonce. A sealed value is
//
//	version (1 byte) | key id (8 bytes) | nonce (12 bytes) | ciphertext and tag
//
// and the version and key id are authenticated too. The package holds no SQL.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
)

const (
	version   = 1
	keySize   = 32
	idSize    = 8
	nonceSize = 12
	tagSize   = 16
	headSize  = 1 + idSize
)

var (
	// ErrWrongKey says that a value was sealed with another key than the one at hand.
	ErrWrongKey = errors.New("it was sealed with another key")
	// ErrDamaged says that a value was changed, or stands in another place than it was sealed for.
	ErrDamaged = errors.New("it was changed, or moved from another place")
	errNoKey   = errors.New("there is no key")
)

// box is AES-256-GCM with the header in front. The cipher, and with it the key, is held by a function:
// fmt calls no String method on a field that is not exported, and for a verb that does not fit it
// prints even what a pointer points to, but it never looks into a function.
type box struct {
	aead func() cipher.AEAD
	id   [idSize]byte
}

func newBox(key []byte) (box, error) {
	if len(key) != keySize {
		return box{}, fmt.Errorf("a key has %d bytes, not %d", keySize, len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return box{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return box{}, err
	}
	sum := sha256.Sum256(key)
	return box{aead: func() cipher.AEAD { return aead }, id: [idSize]byte(sum[:idSize])}, nil
}

func (b box) seal(place, plaintext []byte) ([]byte, error) {
	if b.aead == nil {
		return nil, errNoKey
	}
	sealed := make([]byte, 0, headSize+nonceSize+len(plaintext)+tagSize)
	sealed = append(append(sealed, version), b.id[:]...)
	return b.aead().Seal(sealed, nil, plaintext, append(sealed[:headSize:headSize], place...)), nil
}

func (b box) open(place, sealed []byte) ([]byte, error) {
	switch {
	case b.aead == nil:
		return nil, errNoKey
	case len(sealed) < headSize+nonceSize+tagSize:
		return nil, fmt.Errorf("%w: it is too short", ErrDamaged)
	case sealed[0] != version:
		return nil, fmt.Errorf("%w: its version is %d, this program knows %d", ErrDamaged, sealed[0], version)
	case [idSize]byte(sealed[1:headSize]) != b.id:
		return nil, fmt.Errorf("%w: with %x, and this is %x", ErrWrongKey, sealed[1:headSize], b.id)
	}
	plaintext, err := b.aead().Open(nil, nil, sealed[headSize:], append(sealed[:headSize:headSize], place...))
	if err != nil {
		return nil, ErrDamaged
	}
	return plaintext, nil
}

func (b box) name() string { return hex.EncodeToString(b.id[:]) }

// placeOf joins parts so that no two different lists give the same bytes: each has its length in front.
func placeOf(parts ...string) []byte {
	var place []byte
	for _, part := range parts {
		place = binary.BigEndian.AppendUint32(place, uint32(len(part)))
		place = append(place, part...)
	}
	return place
}
