package views

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"surrealm/store"
)

// The map is drawn in units of a fifth of a degree, equirectangular: landUnits of them to a degree, as in landPath.
const (
	landUnits   = 5
	worldWidth  = 360 * landUnits
	worldHeight = 180 * landUnits
	leastSpan   = 40 // of the part that is shown, in units: outlines are no finer
	markersWide = 30 // how many markers fit side by side without hiding each other
	kmPerDegree = 111.195
)

// worldMap is the part of the world that is drawn, with one marker for signals that would hide each other.
type worldMap struct {
	X, Y, Width, Height float64 // the part, in units
	Markers             []mapMarker
	Circle              *mapCircle // of a search around a place
}

// A mapMarker stands for one signal, or for several that are near each other.
type mapMarker struct {
	X, Y, Latitude, Longitude float64
	Points                    []store.SignalPoint
	Href, Title               string
}

type mapCircle struct{ X, Y, RX, RY float64 }

// worldOf lays out what the page shows: the world, or the surroundings of the place that is searched around.
func worldOf(v SignalListView) worldMap {
	m := worldMap{Width: worldWidth, Height: worldHeight}
	if place := v.Filter.Place(); place != nil {
		x, y := onMap(place.Latitude, place.Longitude)
		km := v.Filter.kilometres()
		ry := km / kmPerDegree * landUnits
		rx := min(ry/max(math.Cos(place.Latitude*math.Pi/180), 0.01), worldWidth)
		m.Circle = &mapCircle{x, y, rx, ry}
		m.Width = math.Min(worldWidth, math.Max(leastSpan, 2.6*math.Max(rx, 2*ry)))
		m.Height = m.Width / 2
		m.X = math.Min(math.Max(x-m.Width/2, 0), worldWidth-m.Width)
		m.Y = math.Min(math.Max(y-m.Height/2, 0), worldHeight-m.Height)
	}
	m.Markers = markersOf(v, m.Width)
	return m
}

func onMap(latitude, longitude float64) (x, y float64) {
	return (longitude + 180) * landUnits, (90 - latitude) * landUnits
}

// markersOf puts signals together that are nearer to the first of them than a marker is wide. The largest come first, so that small
// ones lie on top.
func markersOf(v SignalListView, width float64) []mapMarker {
	type place struct{ x, y float64 }
	var first []place
	var groups [][]store.SignalPoint
	side := width / markersWide
	for _, p := range v.Map.Points {
		x, y := onMap(p.Latitude, p.Longitude)
		at := slices.IndexFunc(first, func(f place) bool { return math.Hypot(f.x-x, f.y-y) < side })
		if at < 0 {
			at, first, groups = len(first), append(first, place{x, y}), append(groups, nil)
		}
		groups[at] = append(groups[at], p)
	}
	markers := make([]mapMarker, 0, len(groups))
	for _, points := range groups {
		markers = append(markers, markerOf(v, points, width))
	}
	slices.SortStableFunc(markers, func(a, b mapMarker) int { return cmp.Compare(len(b.Points), len(a.Points)) })
	return markers
}

func markerOf(v SignalListView, points []store.SignalPoint, width float64) mapMarker {
	m := mapMarker{Points: points}
	for _, p := range points {
		m.Latitude += p.Latitude / float64(len(points))
		m.Longitude += p.Longitude / float64(len(points))
	}
	m.X, m.Y = onMap(m.Latitude, m.Longitude)
	if len(points) == 1 {
		m.Title, m.Href = points[0].Title, SignalURL(v.Org, points[0].ID)
		return m
	}
	farthest := 0.0
	for _, p := range points {
		farthest = math.Max(farthest, kilometresBetween(m.Latitude, m.Longitude, p.Latitude, p.Longitude))
	}
	m.Title = fmt.Sprintf("%s near %s", signalsText(len(points)), degreesText(m.Latitude, m.Longitude))
	m.Href = v.Filter.changed(v.Org, func(f *SignalFilterForm) {
		f.Near, f.Radius = degreesText(m.Latitude, m.Longitude), strconv.Itoa(int(math.Ceil(farthest*1.1))+1)
		if farthest < 1 || width <= leastSpan { // a closer look would not part them
			f.View = ""
		}
	})
	return m
}

// kilometresBetween is the distance along the surface, as the store's filter measures it.
func kilometresBetween(lat1, lon1, lat2, lon2 float64) float64 {
	const degree = math.Pi / 180
	sinLat, sinLon := math.Sin((lat2-lat1)*degree/2), math.Sin((lon2-lon1)*degree/2)
	h := sinLat*sinLat + math.Cos(lat1*degree)*math.Cos(lat2*degree)*sinLon*sinLon
	return 2 * 6371.0088 * math.Asin(math.Sqrt(math.Min(1, h)))
}

// degreesText is a place with a hundred metres or so of precision.
func degreesText(latitude, longitude float64) string {
	return strconv.FormatFloat(latitude, 'f', 3, 64) + "," + strconv.FormatFloat(longitude, 'f', 3, 64)
}

// nearURL is the map around a place.
func (v SignalListView) nearURL(latitude, longitude float64) string {
	return v.Filter.changed(v.Org, func(f *SignalFilterForm) { f.Near = degreesText(latitude, longitude) })
}

// Sizes in units of the drawing grow with the part that is shown, so that on the screen they stay.
func (m worldMap) unit(n float64) string { return svgNumber(n * m.Width / worldWidth) }

func (m worldMap) viewBox() string {
	return svgNumber(m.X) + " " + svgNumber(m.Y) + " " + svgNumber(m.Width) + " " + svgNumber(m.Height)
}

func (m worldMap) radius(marker mapMarker) string {
	if len(marker.Points) == 1 {
		return m.unit(9)
	}
	return m.unit(14 + 6*math.Log10(float64(len(marker.Points))))
}

func svgNumber(n float64) string { return strconv.FormatFloat(n, 'f', 2, 64) }

// titlesOf are the first titles of a marker's signals.
func (m mapMarker) titlesOf() []store.SignalPoint { return m.Points[:min(3, len(m.Points))] }
