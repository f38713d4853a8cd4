package views

import (
	"strconv"

	"surrealm/store"
)

// SignalMoveView is the page that decides whether a signal goes to another realm.
type SignalMoveView struct {
	Org    string
	Realms []store.RealmChoice
	Plan   store.SignalMove
	Form   SignalMoveForm
	Bad    store.Invalid
	Late   Late
}

// SignalMoveForm is a realm to move to, and the revision that was seen.
type SignalMoveForm struct {
	Realm    string `form:"realm"`
	Revision int    `form:"revision"`
}

// planned says that the page knows the consequences of a move.
func (v SignalMoveView) planned() bool { return v.Plan.To != "" }

// consequences are what the move does, in sentences.
func (v SignalMoveView) consequences() []string {
	var out []string
	switch n := len(v.Plan.Gain); {
	case n == 0:
		out = append(out, "Nobody sees it who does not see it now.")
	default:
		out = append(out, people(n)+" will see it who cannot see it now.")
	}
	if v.Plan.Lose == 0 {
		out = append(out, "Nobody loses sight of it.")
	} else {
		out = append(out, people(v.Plan.Lose)+" will no longer see it.")
	}
	if n := v.Plan.Shares; n == 1 {
		out = append(out, "It is taken back from the realm that it is shared with.")
	} else if n > 1 {
		out = append(out, "It is taken back from the "+strconv.Itoa(n)+" realms that it is shared with.")
	}
	if len(v.Plan.Clusters) == 0 {
		out = append(out, "It leaves no cluster.")
	}
	return out
}

func people(n int) string {
	if n == 1 {
		return "One person"
	}
	return strconv.Itoa(n) + " people"
}
