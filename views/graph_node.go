package views

import (
	"math"
	"strconv"

	"github.com/a-h/templ"
)

// The methods below are what the template of a drawing needs of a step.

// Class is the list of CSS classes of the step.
func (n NodeView) Class() string {
	class := "node " + n.style.class
	if n.Mark != "" {
		class += " " + string(n.Mark)
	}
	if n.Selected {
		class += " selected"
	}
	if len(n.Problems) > 0 {
		class += " troubled"
	}
	return class
}

// Place moves the step to where it stands.
func (n NodeView) Place() string { return "translate(" + num(n.X) + " " + num(n.Y) + ")" }

// Outline is the path around the step.
func (n NodeView) Outline() string { return n.style.outline(n.W, n.H) }

// Halo is the outline of the ring around a step that is selected or focused.
func (n NodeView) Halo() string { return box(10)(n.W+12, n.H+12) }

// Detail is the path of the lines inside the outline; empty for most kinds.
func (n NodeView) Detail() string {
	if n.style.detail == nil {
		return ""
	}
	return n.style.detail(n.W, n.H)
}

// Icon is the name of the kind's icon.
func (n NodeView) Icon() string { return n.style.icon }

// IconPlace moves and scales the icon.
func (n NodeView) IconPlace() string {
	return "translate(" + num(n.style.insetX) + " " + num(n.style.insetY+nodePadding-1) + ") scale(0.6)"
}

// KindX and KindY are where the line with number and kind starts.
func (n NodeView) KindX() string { return num(n.style.insetX + 20) }

// KindY is the base line of the number and the kind.
func (n NodeView) KindY() string { return num(n.style.insetY + nodePadding + 10) }

// Kind is the number and the kind in plain words.
func (n NodeView) Kind() string {
	if n.Number == 0 {
		return n.Type.Label()
	}
	return strconv.Itoa(n.Number) + " · " + n.Type.Label()
}

// TextX is where each line of the label starts.
func (n NodeView) TextX() string { return num(n.style.insetX) }

// LineY is the base line of line i of the label.
func (n NodeView) LineY(i int) string {
	return num(n.style.insetY + nodePadding + nodeHead + float64(i)*nodeLine + 12)
}

// fixedLength makes a viewer that lacks Inter fit its own face to the room that
// the line has. A page brings the face along and needs no such help.
func fixedLength(alone bool, line string, size float64) templ.Attributes {
	if !alone {
		return nil
	}
	return templ.Attributes{"textLength": num(drawnWidth(line, size) * boldness), "lengthAdjust": "spacingAndGlyphs"}
}

// SignPlace is where the mark of a change sits: the upper right corner.
func (n NodeView) SignPlace() string { return "translate(" + num(n.W-8) + " 2)" }

// TroublePlace is where the mark of a problem sits: the upper left corner.
func (n NodeView) TroublePlace() string { return "translate(6 2)" }

// Name is the step in one line for assistive technology.
func (n NodeView) Name() string {
	name := n.Type.Label() + ": " + n.Label
	if n.Number > 0 {
		name = strconv.Itoa(n.Number) + ". " + name
	}
	if n.Mark != "" {
		name += ", " + n.Mark.Word()
	}
	for _, p := range n.Problems {
		name += ". " + p
	}
	return name
}

// num writes a coordinate with at most one decimal place.
func num(f float64) string {
	return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64)
}

// Class is the list of CSS classes of the connection.
func (e EdgeView) Class() string {
	class := "edge"
	if e.Loop {
		class += " loop"
	}
	if e.Mark != "" {
		class += " " + string(e.Mark)
	}
	if e.Selected {
		class += " selected"
	}
	if len(e.Problems) > 0 {
		class += " troubled"
	}
	return class
}

// LineY is the base line of line i of the connection's text.
func (e EdgeView) LineY(i int) string { return num(e.LabelY + float64(i)*edgeLine + edgeLine - 2) }

// LabelLeft is the left edge of the connection's text; LabelX is its middle.
func (e EdgeView) LabelLeft() string { return num(e.LabelX - e.LabelW/2) }
