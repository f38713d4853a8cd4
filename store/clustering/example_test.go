package clustering_test

import (
	"context"
	"fmt"

	"surrealm/store/clustering"
)

// A job groups a realm's signals and draws its map, now and again later, when a person has decided something.
func Example() {
	ctx := context.Background()
	signals := clustering.Sample(600, 7)

	graph, _ := clustering.Nearest(ctx, signals, clustering.Neighbours(len(signals)), nil)
	first, _ := clustering.Thematic(ctx, signals, graph, nil, clustering.Constraints{}, clustering.Options{}, nil)
	points, _ := clustering.Project(ctx, graph, nil, 1, nil)

	var known []clustering.Known // from the database, the next time
	for _, group := range first.Groups {
		k := clustering.Known{ID: group.ID}
		for _, member := range group.Members {
			k.Members = append(k.Members, member.ID)
		}
		known = append(known, k)
	}
	var decided clustering.Constraints
	decided.Pin(known[0].Members[0], known[1].ID)
	decided.Split(known[2].Members[:10], known[2].Members[10:])
	second, _ := clustering.Thematic(ctx, signals, graph, known, decided, clustering.Options{}, nil)
	again, _ := clustering.Project(ctx, graph, points, 1, nil)

	fmt.Println(len(second.Groups) - len(first.Groups))
	fmt.Println(len(again) == len(points))
	// Output:
	// 1
	// true
}
