// Package signature is how people sign for SOPs: certifying a version, or giving a verdict on a proposal.
//
// What is signed is a Statement: one small canonical JSON text that names everything the signature is
// about. It names the organisation, the line, the version, its title and its graph's hash, who signs, in
// which role and with which decision. So a signature cannot be carried over to another version, SOP,
// organisation or person: the statement would still speak of the first one, and Check compares it with
// what the caller expects. Its domain keeps it from ever passing for something else that is signed.
//
// Signatures are Ed25519 over the statement's exact bytes, one key per person at a time. Keys have a
// history: a retired key vouches for what it signed before, a revoked key marks what it signed.
//
// File carries a version with its signatures to someone outside, who needs no database to check it.
// The package holds no SQL and no HTTP, and private keys come and go sealed by the caller.
package signature

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"time"
)

// Sign signs a statement. It fills in the key's fingerprint, and returns the exact bytes that were
// signed, which are what must be stored, and the signature.
func Sign(priv PrivateKey, s Statement) (statement, sig []byte, err error) {
	if priv.key == nil {
		return nil, nil, errors.New("sign: there is no key")
	}
	s.KeyFingerprint = Fingerprint(priv.Public())
	s.SignedAt = s.SignedAt.UTC().Truncate(time.Microsecond)
	statement, err = s.Canonical()
	if err != nil {
		return nil, nil, fmt.Errorf("sign: %w", err)
	}
	return statement, ed25519.Sign(priv.key(), statement), nil
}

// Verify checks that sig is the key's signature over exactly these bytes, and that they are a statement
// which names that key. It does not know what the statement should be about; Check does.
func Verify(pub ed25519.PublicKey, statement, sig []byte) (Statement, error) {
	s, err := ParseStatement(statement)
	if err != nil {
		return Statement{}, err
	}
	if len(pub) != ed25519.PublicKeySize || len(sig) != ed25519.SignatureSize {
		return Statement{}, errors.New("the key or the signature does not have the right length")
	}
	if s.KeyFingerprint != Fingerprint(pub) {
		return Statement{}, errors.New("the statement names another key")
	}
	if !ed25519.Verify(pub, statement, sig) {
		return Statement{}, errors.New("the signature does not belong to the statement")
	}
	return s, nil
}

// Signed is a stored signature with its key as it stands today.
type Signed struct {
	Statement []byte
	Signature []byte
	Key       Key
}

// Verdict is what Check found. Genuine says that this person signed this very thing with this key; OK
// says that the signature also counts today. Reason is a sentence for people when it does not.
type Verdict struct {
	OK        bool
	Genuine   bool
	Reason    string
	Statement Statement // the zero Statement when it could not be verified
}

// Check verifies a signature, holds it against what it should be about, and looks at the key's state.
func Check(signed Signed, want Expected) Verdict {
	s, err := Verify(signed.Key.Public, signed.Statement, signed.Signature)
	if err != nil {
		return Verdict{Reason: sentence(err)}
	}
	if s.Signer != signed.Key.Owner {
		return Verdict{Reason: "The key belongs to another person than the statement names.", Statement: s}
	}
	if err := Matches(s, want); err != nil {
		return Verdict{Reason: sentence(err), Statement: s}
	}
	reason := signed.Key.objection(s.SignedAt)
	return Verdict{OK: reason == "", Genuine: true, Reason: reason, Statement: s}
}

// sentence makes an error's text a sentence.
func sentence(err error) string {
	text := []byte(err.Error())
	return string(bytes.ToUpper(text[:1])) + string(text[1:]) + "."
}
