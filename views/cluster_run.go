package views

import (
	"fmt"
	"strconv"
	"strings"

	"surrealm/store"
)

// ClusterRunForm is a search for clusters as it was typed.
type ClusterRunForm struct {
	Realm      string `form:"realm"` // slug
	Kind       string `form:"kind"`
	Resolution string `form:"resolution"`
	Reach      string `form:"reach"`
	Pause      string `form:"pause_minutes"`
}

// Options are the numbers of the form, with those that are none.
func (f ClusterRunForm) Options() (store.RunOptions, store.Invalid) {
	var o store.RunOptions
	bad := store.Invalid{}
	for name, field := range map[string]struct {
		text string
		into *float64
	}{"resolution": {f.Resolution, &o.Resolution}, "reach": {f.Reach, &o.Reach}, "pause_minutes": {f.Pause, &o.Pause}} {
		if strings.TrimSpace(field.text) == "" {
			continue
		}
		n := numberIn(field.text)
		if n == nil || *n == 0 {
			bad[name] = "Give a number, or nothing."
			continue
		}
		*field.into = *n
	}
	return o, bad
}

// ClusterRunsView is the page on which a search for clusters is asked for.
type ClusterRunsView struct {
	Org    string
	Form   ClusterRunForm
	Realms []store.RealmChoice // that the member may add to
	Bad    store.Invalid
}

func (v ClusterRunsView) realmOptions() []Option {
	return ClusterFormView{Choices: store.ClusterChoices{Realms: v.Realms}}.realmOptions()
}

var runKindHints = map[store.RunKind]string{
	store.Thematic: "Signals whose texts mean something alike. It also draws the map of the realm.",
	store.Temporal: "Signals that were captured in one go, with a pause before and after.",
	store.Spatial:  "Signals that were captured near one another. Those without a place stay out.",
}

func runKindOptions() []Option {
	options := []Option{}
	for _, kind := range store.RunKinds {
		options = append(options, Option{Value: string(kind), Label: kind.Label(), Hint: runKindHints[kind]})
	}
	return options
}

// ClusterRunView is one run. OnList says that it stands above the list of clusters, which is to be read again when the run ends.
type ClusterRunView struct {
	Org    string
	Run    store.ClusterRun
	OnList bool
	Polled bool // this is the answer to a poll
}

func (v ClusterRunView) pollURL() string {
	if v.OnList {
		return ClusterRunURL(v.Org, v.Run.ID) + "?list=on"
	}
	return ClusterRunURL(v.Org, v.Run.ID)
}

func runTone(r store.ClusterRun) string {
	switch r.State {
	case "DONE":
		return "good"
	case "FAILED":
		return "bad"
	case "CANCELLED":
		return "warn"
	}
	return "info"
}

// runTitle says how a run stands.
func runTitle(r store.ClusterRun) string {
	what := "The search " + strings.ToLower(r.Kind.Label())
	switch r.State {
	case "WAITING":
		return what + " waits for its turn"
	case "RUNNING":
		return what + " is at work"
	case "DONE":
		return what + " is done"
	case "FAILED":
		return what + " failed"
	}
	return what + " was stopped"
}

// runResult is what a run that is done came to, in a sentence.
func runResult(r store.ClusterRun) string {
	parts := []string{signalsText(r.Signals)}
	if r.Clusters > 0 || r.Clustered == 0 {
		parts = append(parts, counted(r.Clusters, "cluster"))
	}
	if left := r.Signals - r.Clustered; left > 0 {
		parts = append(parts, strconv.Itoa(left)+" in no cluster")
	}
	if r.LeftOut == 1 {
		parts = append(parts, "1 left out because its author has not consented")
	} else if r.LeftOut > 1 {
		parts = append(parts, fmt.Sprintf("%d left out because their authors have not consented", r.LeftOut))
	}
	return strings.Join(parts, ", ") + "."
}
