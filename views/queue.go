package views

import (
	"slices"
	"strconv"
	"strings"

	"surrealm/store"
)

// QueueForm is the filter of the queue, as it stands in the URL.
type QueueForm struct {
	State string `form:"state"`
	Kind  string `form:"kind"`
	Page  string `form:"page"`
}

// Filter is the form as the store takes it.
func (f QueueForm) Filter() store.JobFilter {
	return store.JobFilter{State: store.JobState(f.State), Kind: f.Kind, Cursor: f.Page}
}

// QueueView is what the queue's page needs.
type QueueView struct {
	Org   string
	Role  store.Role
	Form  QueueForm
	Queue store.Queue
}

// QueueURL is the work in the background.
func QueueURL(org string) string { return SettingsURL(org) + "/work" }

// jobURL is where a job is stopped or tried again.
func jobURL(org string, job int64, verb string) string {
	return QueueURL(org) + "/" + strconv.FormatInt(job, 10) + "/" + verb
}

func (v QueueView) url(page string) string {
	return QueueURL(v.Org) + "?" + queryOf("state", v.Form.State, "kind", v.Form.Kind, "page", page).Encode()
}

func (v QueueView) previous() string {
	if v.Form.Page == "" {
		return ""
	}
	return v.url("")
}

func (v QueueView) next() string {
	if v.Queue.Next == "" {
		return ""
	}
	return v.url(v.Queue.Next)
}

// count is how many jobs stand so.
func (v QueueView) count(states ...store.JobState) string {
	n := 0
	for _, c := range v.Queue.Counts {
		if slices.Contains(states, c.State) {
			n += c.Jobs
		}
	}
	return strconv.Itoa(n)
}

// moves says that something on the page will change by itself.
func (v QueueView) moves() bool {
	return v.count(store.JobWaiting, store.JobRunning, store.JobRetrying) != "0"
}

var jobStateLabels = map[store.JobState]struct{ tone, label string }{
	store.JobWaiting: {"neutral", "Waiting"}, store.JobRunning: {"info", "Under way"}, store.JobRetrying: {"warn", "Will be tried again"},
	store.JobDone: {"good", "Done"}, store.JobFailed: {"bad", "Failed"}, store.JobStopped: {"neutral", "Stopped"},
}

// jobKinds says in plain words what jobs do.
var jobKinds = map[string]string{
	"embed_signals":   "Reading signals for the search",
	"find_clusters":   "Search for clusters",
	"write_synthesis": "Writing a synthesis",
	"import_signals":  "Import of signals",
	"verify_audit":    "Check of the audit log",
	"delete_realm":    "Deletion of a realm, when it is due",
	"delete_org":      "Deletion of the organisation, when it is due",
}

func jobKind(kind string) string {
	if label := jobKinds[kind]; label != "" {
		return label
	}
	label := strings.ReplaceAll(kind, "_", " ")
	return strings.ToUpper(label[:1]) + label[1:]
}

func jobStateOptions() []Option {
	options := []Option{{Value: "", Label: "Any status"}}
	for _, s := range store.JobStates {
		options = append(options, Option{Value: string(s), Label: jobStateLabels[s].label})
	}
	return options
}

func (v QueueView) kindOptions() []Option {
	kinds := []string{}
	for _, c := range v.Queue.Counts {
		if !slices.Contains(kinds, c.Kind) {
			kinds = append(kinds, c.Kind)
		}
	}
	if v.Form.Kind != "" && !slices.Contains(kinds, v.Form.Kind) {
		kinds = append(kinds, v.Form.Kind)
	}
	options := []Option{{Value: "", Label: "Any kind"}}
	for _, k := range kinds {
		options = append(options, Option{Value: k, Label: jobKind(k)})
	}
	return options
}

func tries(n int) string {
	if n == 1 {
		return "one try"
	}
	return strconv.Itoa(n) + " tries"
}

// jobTries is how often a job was tried, as a sentence where something went wrong.
func jobTries(j store.Job) string {
	switch {
	case j.State == store.JobFailed:
		return "Given up after " + tries(j.Attempt) + ". Why is in the server's log, under job " + strconv.FormatInt(j.ID, 10) + "."
	case j.State == store.JobRetrying:
		return "Try " + strconv.Itoa(j.Attempt) + " of " + strconv.Itoa(j.MaxAttempts) + " failed. Why is in the server's log, under job " + strconv.FormatInt(j.ID, 10) + "."
	case j.Attempt > 1:
		return tries(j.Attempt)
	}
	return ""
}
