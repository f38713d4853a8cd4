package layout

// slideRuns takes out turns that cost nothing to avoid. The simplex does not
// mind whether a line goes aside in one turn or in two; a reader does. So every
// straight run of a connection moves in line with the run above or below it
// where there is room.
func (s *sheet) slideRuns() {
	const rounds = 3
	for range rounds {
		moved := false
		for edge := range s.chain {
			if s.slideChain(edge) {
				moved = true
			}
		}
		if !moved {
			return
		}
	}
}

// slideChain moves the runs of one connection; ends at boxes stay.
func (s *sheet) slideChain(edge int) bool {
	chain := s.chain[edge]
	moved := false
	for begin := 0; begin < len(chain); {
		if s.items[chain[begin]].kind == boxItem {
			begin++
			continue
		}
		end := begin + 1
		for end < len(chain) && s.items[chain[end]].kind != boxItem && s.x[chain[end]] == s.x[chain[begin]] {
			end++
		}
		run := chain[begin:end]
		above, below := s.lineAt(chain, begin-1, edge), s.lineAt(chain, end, edge)
		here := s.x[run[0]]
		turnsSame := above != nil && below != nil && (*above < here) == (*below > here)
		if turnsSame && *above != here && *below != here {
			// The line steps aside twice in one direction: once is enough.
			if s.moveRun(run, *below) || s.moveRun(run, *above) {
				moved = true
			}
		}
		begin = end
	}
	return moved
}

// lineAt is the x of the connection beyond a run: that of the next item, or of
// the end of the line at a box.
func (s *sheet) lineAt(chain []int, k, edge int) *float64 {
	if k < 0 || k >= len(chain) {
		return nil
	}
	if s.items[chain[k]].kind != boxItem {
		return &s.x[chain[k]]
	}
	if k == 0 {
		return &s.port[s.linkBetween(chain[0], edge)][0]
	}
	return &s.port[s.linkBetween(chain[k-1], edge)][1]
}

// moveRun moves the items to x if every row has room.
func (s *sheet) moveRun(run []int, x float64) bool {
	for _, i := range run {
		items := s.ordered[s.items[i].row]
		at := s.pos[i]
		if at > 0 && x-s.x[items[at-1]] < s.gap(items[at-1], i) {
			return false
		}
		if at+1 < len(items) && s.x[items[at+1]]-x < s.gap(i, items[at+1]) {
			return false
		}
	}
	for _, i := range run {
		s.x[i] = x
		for _, l := range s.items[i].up {
			s.port[l][1] = x
		}
		for _, l := range s.items[i].down {
			s.port[l][0] = x
		}
	}
	return true
}
