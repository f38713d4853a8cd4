package clustering

import "slices"

// explain: the confidence of a member is the share of its nearest neighbours' weight that is in the
// group, times how close it is to the group's centre compared with the closest quarter of the members.
// Central is the member closest to the centre.
func (t *thematic) explain(members []int) ([]explanation, int) {
	facts := make([]explanation, len(members))
	centre := t.centre(members)
	inGroup := make(map[int]bool, len(members))
	for _, i := range members {
		inGroup[i] = true
	}
	close := make([]float64, len(members))
	central, most := members[0], -2.0
	for m, i := range members {
		facts[m].nearest = -1
		if t.node[i] < 0 {
			continue
		}
		close[m] = dot(t.graph.row(t.node[i]), centre)
		if close[m] > most {
			central, most = i, close[m]
		}
		t.explainNearest(&facts[m], i, members, inGroup)
	}
	typical := upperQuartile(close)
	for m := range facts {
		if typical > 0 {
			facts[m].confidence *= min(close[m]/typical, 1)
		}
	}
	return facts, central
}

// explainNearest finds the closest other member, among the neighbours or, if none of them is a member,
// among all members; confidence becomes the share of the neighbours in the group.
func (t *thematic) explainNearest(fact *explanation, i int, members []int, inGroup map[int]bool) {
	inside, all := 0.0, 0.0
	for _, near := range t.graph.near[t.node[i]] {
		other := t.item[near.Index]
		if other < 0 || near.Similarity <= t.floor {
			continue
		}
		all += float64(near.Similarity - t.floor)
		if inGroup[other] {
			inside += float64(near.Similarity - t.floor)
			if fact.nearest < 0 {
				fact.nearest, fact.similarity = other, float64(near.Similarity)
			}
		}
	}
	if all > 0 {
		fact.confidence = inside / all
	}
	if fact.nearest >= 0 {
		return
	}
	vector := widen(t.graph.row(t.node[i]))
	for _, other := range members {
		if other == i || t.node[other] < 0 {
			continue
		}
		if s := dot(t.graph.row(t.node[other]), vector); fact.nearest < 0 || s > fact.similarity {
			fact.nearest, fact.similarity = other, s
		}
	}
}

// centre is the mean direction of the members, of length one, or zero.
func (t *thematic) centre(members []int) []float64 {
	centre := make([]float64, t.graph.width)
	for _, i := range members {
		if t.node[i] < 0 {
			continue
		}
		for d, x := range t.graph.row(t.node[i]) {
			centre[d] += float64(x)
		}
	}
	normalise(centre)
	return centre
}

// upperQuartile is the value that a quarter of the values reach.
func upperQuartile(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)*3/4]
}
