package clustering

import (
	"slices"

	"github.com/google/uuid"
)

// Constraints are what people decided; later runs obey them. Where two contradict each other a pin beats
// a separation, a separation beats a tie, and in a list the earlier beats the later: put the newest first.
// What lost is in Result.Refused. Ids of items that are not part of the run are ignored.
type Constraints struct {
	Together [][2]uuid.UUID          // these two share a group
	Apart    [][2]uuid.UUID          // these two never share a group
	Pinned   map[uuid.UUID]uuid.UUID // item to the id of the cluster it stays in
	// Outside says which clusters an item was taken out of. It may land in any other group. A pin to the
	// same cluster beats it. Items tied to it leave with it.
	Outside map[uuid.UUID][]uuid.UUID
}

// Merge ties the items together: a merged cluster stays one. It undoes earlier separations among them and
// comes before earlier ties.
func (c *Constraints) Merge(items ...uuid.UUID) {
	c.Apart = slices.DeleteFunc(slices.Clone(c.Apart), func(pair [2]uuid.UUID) bool {
		return slices.Contains(items, pair[0]) && slices.Contains(items, pair[1])
	})
	var chain [][2]uuid.UUID
	for i := 1; i < len(items); i++ {
		chain = append(chain, [2]uuid.UUID{items[0], items[i]})
	}
	c.Together = append(chain, c.Together...)
}

// Split keeps each part together and the parts away from one another. It undoes earlier ties between the
// parts and comes before earlier separations.
func (c *Constraints) Split(parts ...[]uuid.UUID) {
	part := map[uuid.UUID]int{}
	for p, items := range parts {
		for _, item := range items {
			part[item] = p
		}
	}
	c.Together = slices.DeleteFunc(slices.Clone(c.Together), func(pair [2]uuid.UUID) bool {
		one, hasOne := part[pair[0]]
		other, hasOther := part[pair[1]]
		return hasOne && hasOther && one != other
	})
	var apart [][2]uuid.UUID
	for p, items := range parts {
		c.Merge(items...)
		for _, other := range parts[:p] {
			if len(items) > 0 && len(other) > 0 {
				apart = append(apart, [2]uuid.UUID{other[0], items[0]})
			}
		}
	}
	c.Apart = append(apart, c.Apart...)
}

// Pin keeps the item in the cluster, whatever the machine thinks.
func (c *Constraints) Pin(item, cluster uuid.UUID) {
	if c.Pinned == nil {
		c.Pinned = map[uuid.UUID]uuid.UUID{}
	}
	c.Pinned[item] = cluster
}
