package main

import (
	"context"
	"fmt"

	"surrealm/store/clustering"
)

// measureCluster measures the seconds in which a realm's signals are grouped by theme and drawn as a map: from vectors to
// neighbours, groups and points, as the job does it the first time. Promised are 10 s for 5,000 and 90 s for 20,000.
func measureCluster(b *bench) error {
	sizes := []int{5_000, 20_000}
	if b.Quick {
		sizes = []int{500}
	}
	for _, size := range sizes {
		if err := clusterOnce(b, size); err != nil {
			return err
		}
	}
	return nil
}

func clusterOnce(b *bench, size int) error {
	ctx := context.Background()
	items := clustering.Sample(size, 1)
	var graph *clustering.Graph
	near, err := seconds(func() (err error) {
		graph, err = clustering.Nearest(ctx, items, clustering.Neighbours(size), nil)
		return err
	})
	if err != nil {
		return err
	}
	themes, err := seconds(func() error {
		_, err := clustering.Thematic(ctx, items, graph, nil, clustering.Constraints{}, clustering.Options{}, nil)
		return err
	})
	if err != nil {
		return err
	}
	drawn, err := seconds(func() error {
		_, err := clustering.Project(ctx, graph, nil, 1, nil)
		return err
	})
	if err != nil {
		return err
	}
	name := fmt.Sprint(size)
	if size >= 1000 {
		name = fmt.Sprintf("%dk", size/1000)
	}
	b.report(name, near+themes+drawn, "s")
	b.report(name+"_neighbours", near, "s")
	b.report(name+"_themes", themes, "s")
	b.report(name+"_map", drawn, "s")
	return nil
}
