package views

import (
	"strconv"

	"surrealm/store"
	"surrealm/store/sop"
)

// SOPCompareView is two versions of one procedure, the older one first.
type SOPCompareView struct {
	Org          string
	Older, Newer store.SOP
	Versions     []store.SOPVersion // of the line, to choose others
	changes      ProposalView       // nobody's proposal: only its difference, which the cards draw
}

// NewSOPCompareView compares two versions in the order of their numbers.
func NewSOPCompareView(org string, one, other store.SOP, versions []store.SOPVersion) SOPCompareView {
	if one.Version > other.Version {
		one, other = other, one
	}
	v := SOPCompareView{Org: org, Older: one, Newer: other, Versions: versions}
	v.changes.Diff = sop.Compare(one.Graph, other.Graph)
	return v
}

func (v SOPCompareView) title() string {
	return "Version " + strconv.Itoa(v.Older.Version) + " and version " + strconv.Itoa(v.Newer.Version)
}

// drawing is both versions in one, each changed element linked to its card.
func (v SOPCompareView) drawing() GraphView {
	diff := v.changes.Diff
	return NewGraphView(v.Newer.Graph, GraphOptions{
		Title: v.title(), Diff: &diff, HideText: true,
		LinkNode: func(id string) string {
			return v.changes.cardLink(store.OnNode, id, diff.StatusOfNode(id))
		},
		LinkEdge: func(id string) string {
			return v.changes.cardLink(store.OnEdge, id, diff.StatusOfEdge(id))
		},
	})
}

// texts are the changes outside of the graph.
func (v SOPCompareView) texts() []changeField {
	var fields []changeField
	for _, text := range []struct{ title, before, after string }{
		{"Title", v.Older.Title, v.Newer.Title},
		{"Description", v.Older.Description, v.Newer.Description},
		{"Source", v.Older.Source, v.Newer.Source},
	} {
		if text.before != text.after {
			fields = append(fields, changeField{Title: text.title, Runs: sop.Words(text.before, text.after)})
		}
	}
	return fields
}

func (v SOPCompareView) same() bool { return v.changes.Diff.Empty() && len(v.texts()) == 0 }

// choices are the versions to compare with.
func (v SOPCompareView) choices() []Option {
	options := make([]Option, 0, len(v.Versions))
	for _, other := range v.Versions {
		options = append(options, Option{Value: other.ID.String(), Label: "Version " + strconv.Itoa(other.Version) + " · " + statusLabel(string(other.Status))})
	}
	return options
}
