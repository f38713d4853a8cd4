package views

// Late is a move that came second: what its sender wanted, what they had typed, and why it was refused. The page around
// it shows what is there now, so that both sides stand on one page. The zero Late is no such move.
type Late struct {
	Wanted string // such as "return revision 3 to the author"
	Typed  string // a reason or note, which must not be lost
	Reason string
}
