package views

import (
	"github.com/google/uuid"

	"surrealm/store"
)

// ClusterView is what a cluster's page needs beside the cluster.
type ClusterView struct {
	Org  string
	Role store.Role
	Late Late
	Bad  store.Invalid // what was wrong with a change to it
	Name string        // of a part that could not be split off
}

// edits says whether the page offers changes.
func (v ClusterView) edits(c store.Cluster) bool { return c.Editable && v.Role.Can(store.UseRealms) }

// changes says whether the page offers to change what belongs to the cluster.
func (v ClusterView) changes(c store.Cluster) bool { return v.edits(c) && c.State != "PUBLISHED" }

// proposes says whether the page offers to propose a change to a procedure: from what somebody stands by.
func (v ClusterView) proposes(c store.ClusterPage) bool {
	return v.Role.Can(store.WriteSOPs) && !c.Suggested() && c.State != "ARCHIVED" && len(c.Members) > 0
}

// mergeOptions are the clusters that can be put into this one.
func mergeOptions(c store.ClusterPage) []Option { return linkOptions(c.Parents, "Choose a cluster") }

// ClusterMergeForm names the cluster that goes into another one.
type ClusterMergeForm struct {
	Other string `form:"other"`
}

// ClusterMembersForm names members of a cluster. Order is all of them as they stand, of which Up or Down moves by one place.
type ClusterMembersForm struct {
	IDs   []string `form:"ids"`
	Title string   `form:"title"` // of the part that is split off
	Order []string `form:"order"`
	Up    string   `form:"up"`
	Down  string   `form:"down"`

	Revision int `form:"revision"` // of the cluster whose order it is
}

// ClusterOrderView is the order of a cluster's members, as the form that saves it. Late says that somebody else was faster.
type ClusterOrderView struct {
	Org      string
	ID       uuid.UUID
	Revision int
	Late     bool
}

// Moved is the order after the move.
func (f ClusterMembersForm) Moved() []string {
	for i, id := range f.Order {
		if id == f.Up && i > 0 {
			f.Order[i-1], f.Order[i] = id, f.Order[i-1]
			break
		}
		if id == f.Down && i < len(f.Order)-1 {
			f.Order[i+1], f.Order[i] = id, f.Order[i+1]
			break
		}
	}
	return f.Order
}

// ClusterAddForm is the search for signals to add.
type ClusterAddForm struct {
	Query  string `form:"q"`
	Cursor string `form:"cursor"`
}

// ClusterAddView is the page on which signals are added to a cluster.
type ClusterAddView struct {
	Org     string
	Cluster store.ClusterPage
	Form    ClusterAddForm
	List    store.SignalList
	Bad     store.Invalid
}

// inside says that a signal is in the cluster already.
func (v ClusterAddView) inside(id uuid.UUID) bool {
	for _, member := range v.Cluster.Members {
		if member.ID == id {
			return true
		}
	}
	return false
}

func (v ClusterAddView) cursorURL(cursor string) string {
	if cursor == "" {
		return ""
	}
	return withQuery(ClusterActionURL(v.Org, v.Cluster.ID, "members"), queryOf("q", v.Form.Query, "cursor", cursor))
}
