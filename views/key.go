package views

import (
	"strconv"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signature"
)

// RevokeForm is why a key is not to be trusted any more.
type RevokeForm struct {
	Reason string `form:"reason"`
}

// KeysView is what the page of signing keys needs.
type KeysView struct {
	Org     string
	Me      uuid.UUID
	Role    store.Role
	Keys    []store.SigningKey
	Revoke  uuid.UUID // the key whose form was sent with a mistake
	Form    RevokeForm
	Problem string
}

func (v KeysView) mine() (keys []store.SigningKey) {
	for _, key := range v.Keys {
		if key.UserID == v.Me {
			keys = append(keys, key)
		}
	}
	return keys
}

func (v KeysView) others() (keys []store.SigningKey) {
	for _, key := range v.Keys {
		if key.UserID != v.Me {
			keys = append(keys, key)
		}
	}
	return keys
}

// problem is the message for one key's form.
func (v KeysView) problem(key store.SigningKey) string {
	if v.Revoke == key.ID {
		return v.Problem
	}
	return ""
}

func keyState(key store.SigningKey) (tone, label string) {
	switch key.Key().State() {
	case signature.Revoked:
		return "bad", "Revoked"
	case signature.Retired:
		return "neutral", "Replaced"
	}
	return "good", "In use"
}

func keyUse(key store.SigningKey) string {
	text := "made " + shortTime(key.CreatedAt) + " · "
	if key.Signatures == 1 {
		return text + "1 signature"
	}
	return text + strconv.Itoa(key.Signatures) + " signatures"
}

// RotateKeyURL is where a new key is asked for.
func RotateKeyURL(org string) string { return KeysURL(org) + "/rotate" }

// RevokeKeyURL is where a key is revoked.
func RevokeKeyURL(org string, id uuid.UUID) string {
	return KeysURL(org) + "/" + id.String() + "/revoke"
}

func revokeReason(v KeysView, key store.SigningKey) string {
	if v.Revoke == key.ID {
		return v.Form.Reason
	}
	return ""
}
