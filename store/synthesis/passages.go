package synthesis

// Passages cuts a signal's text into passages of whole sentences, each at most size bytes where a sentence is not longer by
// itself. None crosses an empty line.
func Passages(s Signal, size int) []Passage {
	var passages []Passage
	for _, at := range sentencesOf(s.Text) {
		if n := len(passages); n > 0 {
			last := &passages[n-1]
			if at.to-last.From <= size && !breaksHere(s.Text[last.To:at.from], s.Text[at.from:]) {
				last.To = at.to
				continue
			}
		}
		passages = append(passages, Passage{s.ID, at.from, at.to})
	}
	return passages
}
