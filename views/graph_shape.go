package views

import (
	"fmt"

	"surrealm/store/sop"
)

// nodeStyle is how a kind of step is drawn: a shape of its own, a colour of its
// own (the class) and an icon, so that no kind is told by colour alone.
type nodeStyle struct {
	class   string
	icon    string
	insetX  float64 // room that the shape takes from the text at each side
	insetY  float64 // and above it
	outline func(w, h float64) string
	detail  func(w, h float64) string // lines inside the outline, or nil
}

// styleOf returns the style of a kind; an unknown kind is drawn as a plain box.
func styleOf(kind sop.NodeType) nodeStyle {
	if style, ok := nodeStyles[kind]; ok {
		return style
	}
	return nodeStyle{class: "unknown", icon: "circle-help", insetX: 14, outline: box(2)}
}

var nodeStyles = map[sop.NodeType]nodeStyle{
	sop.InformationGather: {class: "gather", icon: "clipboard-list", insetX: 26, outline: slanted},
	sop.Assessment:        {class: "assess", icon: "scale", insetX: 20, outline: box(22)},
	sop.Decision:          {class: "decide", icon: "split", insetX: 30, outline: pointed},
	sop.ActionDigital:     {class: "digital", icon: "monitor", insetX: 20, outline: box(4), detail: sideBars},
	sop.ActionPhysical:    {class: "physical", icon: "hand", insetX: 16, outline: box(2), detail: floorBar},
	sop.Checkpoint:        {class: "checkpoint", icon: "shield-check", insetX: 18, outline: octagon},
	sop.Escalation:        {class: "escalate", icon: "siren", insetX: 16, insetY: 12, outline: roofed},
	sop.Documentation:     {class: "document", icon: "file-text", insetX: 16, outline: sheet},
	sop.Handover:          {class: "handover", icon: "arrow-right-left", insetX: 26, outline: arrow},
}

// box is a rectangle with round corners.
func box(r float64) func(w, h float64) string {
	return func(w, h float64) string {
		return fmt.Sprintf("M%[3]g 0H%[1]gA%[3]g %[3]g 0 0 1 %[2]g %[3]gV%[4]gA%[3]g %[3]g 0 0 1 %[1]g %[5]gH%[3]gA%[3]g %[3]g 0 0 1 0 %[4]gV%[3]gA%[3]g %[3]g 0 0 1 %[3]g 0Z",
			w-r, w, r, h-r, h)
	}
}

// slanted is a parallelogram, the sign for input.
func slanted(w, h float64) string {
	return fmt.Sprintf("M14 0H%gL%g %gH0Z", w, w-14, h)
}

// pointed is a box with a point at each side: a diamond that leaves room for text.
func pointed(w, h float64) string {
	return fmt.Sprintf("M22 0H%gL%g %gL%g %gH22L0 %gZ", w-22, w, h/2, w-22, h, h/2)
}

// octagon is the shape of a stop sign.
func octagon(w, h float64) string {
	return fmt.Sprintf("M12 0H%gL%g 12V%gL%g %gH12L0 %gV12Z", w-12, w, h-12, w-12, h, h-12)
}

// roofed is a box with a gable: it points upwards, to whoever is above.
func roofed(w, h float64) string {
	return fmt.Sprintf("M0 14L%g 0L%g 14V%gH0Z", w/2, w, h)
}

// sheet is a page with a torn lower edge.
func sheet(w, h float64) string {
	return fmt.Sprintf("M0 0H%gV%gC%g %g %g %g %g %gC%g %g %g %g 0 %gZ",
		w, h-5, w*0.8, h-14, w*0.65, h-10, w*0.5, h-5, w*0.35, h, w*0.2, h+3, h-5)
}

// arrow points to whoever takes over.
func arrow(w, h float64) string {
	return fmt.Sprintf("M0 0H%gL%g %gL%g %gH0L12 %gZ", w-18, w, h/2, w-18, h, h/2)
}

// sideBars are the two lines of a routine that a machine runs.
func sideBars(w, h float64) string {
	return fmt.Sprintf("M8 0V%gM%g 0V%g", h, w-8, h)
}

// floorBar is the ground on which a person stands.
func floorBar(w, h float64) string {
	return fmt.Sprintf("M0 %gH%g", h-2.5, w)
}
