package views

import (
	"github.com/google/uuid"

	"surrealm/store"
)

// FormKeyField is the name of the hidden field that tells one showing of a form from another.
const FormKeyField = "form_key"

// MadeURL leads to what a form made when it was sent before; "" when it has no page.
func MadeURL(org string, made store.Repeated) string {
	switch made.ObjectType {
	case "signal":
		if made.ObjectID == uuid.Nil {
			return SignalsURL(org)
		}
		return SignalURL(org, made.ObjectID)
	case "cluster":
		return ClusterURL(org, made.ObjectID)
	case "cluster_run":
		return ClusterRunURL(org, made.ObjectID)
	case "synthesis":
		return SynthesisURL(org, made.ObjectID)
	case "realm":
		return RealmsURL(org)
	case "language_model":
		return LLMAccountURL(org, made.ObjectID)
	}
	return objectURL(org, store.AuditEntry{ObjectType: made.ObjectType, ObjectID: &made.ObjectID})
}
