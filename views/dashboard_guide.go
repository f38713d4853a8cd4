package views

import "surrealm/store"

// A guideStep is one thing on the way from an empty organisation to a surrogate at work.
type guideStep struct {
	Title, Text  string
	Action, Href string // what does it; Href is empty for those who may not, and before its turn
	Done, Next   bool   // Next is the first that can be done now
}

// settingUp says whether the way in is shown instead of the sizes of things: until a surrogate was active for the first
// time, and to those who cannot go that way only while there is nothing at all.
func settingUp(can FrameCan, d store.Dashboard) bool {
	return !d.Counts.Started && (can.WriteSurrogates || d.Counts.Surrogates == 0)
}

func guideSteps(org string, can FrameCan, c store.DashboardCounts) []guideStep {
	steps := []guideStep{
		{Title: "A surrogate", Text: "An AI agent with a role and limits.", Done: c.Surrogates > 0},
		{Title: "A procedure", Text: "What the surrogate does, step by step: from a template, from a file, or written here.", Done: c.Procedures > 0},
		{Title: "A reviewer", Text: "Somebody else who may sign. Nobody certifies their own work.", Done: c.People > 1},
		{Title: "A certified version", Text: "You submit the procedure, the reviewer signs it.", Done: c.Certified > 0},
		{Title: "An active surrogate", Text: "It follows the certified version. From then on, changes go through proposals.", Done: c.Started},
	}
	offer := func(i int, may bool, action, href string) {
		if may {
			steps[i].Action, steps[i].Href = action, href
		}
	}
	offer(0, can.WriteSurrogates, "Define a surrogate", NewSurrogateURL(org))
	offer(1, can.WriteSOPs && c.Surrogates > 0, "Write a procedure", NewSOPURL(org))
	offer(2, can.ManageMembers, "Invite a reviewer", InviteReviewerURL(org))
	offer(3, c.Procedures > 0, "Go to the procedures", SOPsURL(org))
	offer(4, c.Certified > 0, "Go to the surrogates", SurrogatesURL(org))
	for i := range steps {
		if !steps[i].Done && steps[i].Href != "" {
			steps[i].Next = true
			break
		}
	}
	return steps
}

// An act is something that happened, and how many times it did lately.
type act struct {
	store.AuditEntry
	Times int
}

// maxActs is how many lines of activity the start page has.
const maxActs = 8

// folded are the newest different sentences of a log, each with the newest of its entries: somebody who captures twenty
// signals in a row leaves one line.
func folded(entries []store.AuditEntry) []act {
	var acts []act
	at := map[string]int{}
	for _, e := range entries {
		if i, ok := at[e.Sentence()]; ok {
			acts[i].Times++
		} else if len(acts) < maxActs {
			at[e.Sentence()] = len(acts)
			acts = append(acts, act{e, 1})
		}
	}
	return acts
}
