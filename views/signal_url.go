package views

import (
	"net/url"

	"github.com/google/uuid"
)

// SignalActionURL is below a signal: edit, delete, restore, move, notes, share, share/revoke, similar.
func SignalActionURL(org string, id uuid.UUID, action string) string {
	return SignalURL(org, id) + "/" + action
}

// SignalNoteURL is where an own note is taken back.
func SignalNoteURL(org string, id, note uuid.UUID) string {
	return SignalActionURL(org, id, "notes/"+note.String()+"/remove")
}

// SignalThumbnailURL is the small picture of a file.
func SignalThumbnailURL(org string, id, file uuid.UUID) string {
	return SignalFileURL(org, id, file) + "/thumbnail"
}

// SignalTagURL is the list of the signals with a tag.
func SignalTagURL(org, tag string) string {
	return SignalsURL(org) + "?" + url.Values{"tag": {tag}}.Encode()
}

// SignalRealmURL is the list of the signals of a realm.
func SignalRealmURL(org, realm string) string {
	return SignalsURL(org) + "?" + url.Values{"realm": {realm}}.Encode()
}
