package views

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
)

// What lies too close is one marker, which leads to a search around it that finds all of it, and in the end to the list.
func TestAMarkerLeadsToAllThatItHides(t *testing.T) {
	t.Parallel()
	points := []store.SignalPoint{
		{ID: uuid.New(), Title: "Hamburg", Latitude: 53.55, Longitude: 9.99},
		{ID: uuid.New(), Title: "Berlin", Latitude: 52.52, Longitude: 13.41},
		{ID: uuid.New(), Title: "Sydney", Latitude: -33.87, Longitude: 151.21},
	}
	v := SignalListView{Org: "o", Filter: SignalFilterForm{View: "map", Types: []string{"DOCUMENT"}}, Map: store.SignalMap{Points: points}}
	world := worldOf(v)
	if len(world.Markers) != 2 || len(world.Markers[0].Points) != 2 || world.Markers[1].Href != SignalURL("o", points[2].ID) {
		t.Fatalf("markers are %+v", world.Markers)
	}
	address, err := url.Parse(world.Markers[0].Href)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	closer := SignalFilterForm{View: query.Get("view"), Near: query.Get("near"), Radius: query.Get("radius"), Types: query["type"]}
	place := closer.Place()
	if place == nil || closer.View != "map" || len(closer.Types) != 1 {
		t.Fatalf("the marker leads to %s", address)
	}
	for _, p := range points[:2] {
		if km := kilometresBetween(place.Latitude, place.Longitude, p.Latitude, p.Longitude); km > closer.kilometres() {
			t.Errorf("%s is %.0f km from the centre, outside of %.0f", p.Title, km, closer.kilometres())
		}
	}
	v.Filter, v.Map.Points = closer, points[:2]
	if near := worldOf(v); len(near.Markers) != 2 || near.Width >= worldWidth || near.Circle == nil {
		t.Errorf("a closer look shows %+v", near)
	}
	points[1].Latitude, points[1].Longitude = points[0].Latitude, points[0].Longitude
	if same := worldOf(v).Markers; len(same) != 1 || strings.Contains(same[0].Href, "view=") {
		t.Errorf("one and the same place leads to %+v", same)
	}
}

func TestTheMapStaysOnTheWorld(t *testing.T) {
	t.Parallel()
	for _, f := range []SignalFilterForm{
		{}, {Near: "90,0", Radius: "1"}, {Near: "-90,180", Radius: "20000"}, {Near: "0,-180"}, {Near: "89.999,179.999", Radius: "0.001"},
	} {
		m := worldOf(SignalListView{Filter: f})
		if m.X < 0 || m.Y < 0 || m.X+m.Width > worldWidth+0.01 || m.Y+m.Height > worldHeight+0.01 || m.Width < leastSpan {
			t.Errorf("near %q: %s", f.Near, m.viewBox())
		}
	}
}
