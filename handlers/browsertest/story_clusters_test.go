package browsertest

import (
	"fmt"
	"testing"
)

// findsClusters lets the machine look for themes, sees how far it is, and accepts what it suggests.
func (st *story) findsClusters(t *testing.T) {
	ann := st.ann
	ann.open(t, st.org+"/clusters/runs?realm=night-shift")
	ann.follow(t, "button", "Find clusters", "main")
	ann.sees(t, ".run .alert", "30 signals")
	ann.sees(t, "#clusters table", "Suggested")
	ann.follow(t, "button", "Accept", "#clusters table")
	ann.sees(t, ".page-head .badge", "In use")
	ann.sees(t, "#members-title", "signals")
}

// choosesOnTheMap draws a line around the pumps on the map of the realm, and makes a cluster of what is inside.
func (st *story) choosesOnTheMap(t *testing.T) {
	ann := st.ann
	ann.open(t, st.org+realmPath+"/map")
	ann.until(t, "document.querySelector('realm-map')?.points.length === 30", "the dots are not known")
	ann.fills(t, "Search the map", "pump")
	ann.until(t, "document.querySelector('.found').getAttribute('d') !== ''", "the search does not show on the map")
	ann.press(t, "button", "Choose an area")
	box := evaluate[[]float64](t, ann.tab, `(() => {
		document.querySelector('.graph-view').scrollIntoView({ block: 'center', behavior: 'instant' });
		const map = document.querySelector('realm-map'), box = map.svg.getBoundingClientRect();
		const at = map.points.filter((p) => p[3].toLowerCase().includes('pump'));
		const xs = at.map((p) => box.x + p[0] * map.scale), ys = at.map((p) => box.y + p[1] * map.scale);
		return [Math.min(...xs) - 6, Math.min(...ys) - 6, Math.max(...xs) + 6, Math.max(...ys) + 6, at.length];
	})()`)
	ann.drags(t, false, [2]float64{box[0], box[1]}, [2]float64{box[2], box[1]}, [2]float64{box[2], box[3]}, [2]float64{box[0], box[3]})
	ann.until(t, fmt.Sprintf("document.querySelectorAll('[name=ids]:checked').length >= %d", int(box[4])), "the pumps are not chosen")
	ann.follow(t, "button", "Put into cluster")
	ann.fills(t, "Title", "Pumps that leak")
	ann.follow(t, "button", "Make the cluster")
	ann.sees(t, "h1", "Pumps that leak")
	ann.sees(t, "#choose", "Oil below the pump in bay 7")
	st.cluster = ann.path(t)
}
