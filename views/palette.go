package views

import "strconv"

// paletteStart is what the palette offers before anything is typed.
func (f Frame) paletteStart() []PaletteItem {
	items := make([]PaletteItem, 0, len(f.Nav))
	for _, nav := range f.Nav {
		items = append(items, PaletteItem{Label: nav.Label, Kind: "Page", Href: nav.Href, Icon: nav.Icon})
	}
	return items
}

func resultCount(n int) string {
	switch n {
	case 0:
		return "No results"
	case 1:
		return "1 result"
	}
	return strconv.Itoa(n) + " results"
}

func quoted(text string) string { return "“" + text + "”" }
