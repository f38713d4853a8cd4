package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// outcome is what one fault did.
type outcome struct {
	writes   int           // acknowledged while the fault lasted
	repeats  int           // tries that were not acknowledged and sent again
	recovery time.Duration // from the end of the fault to the next acknowledged write
	skipped  string        // why this fault cannot be caused here
	problems []string      // what was lost, doubled, half done or leaked
	broken   error         // why nothing can go on after it
}

func (o outcome) line(name string) string {
	switch {
	case o.skipped != "":
		return fmt.Sprintf("%-20s skipped: %s", name, o.skipped)
	case len(o.problems) > 0:
		return fmt.Sprintf("%-20s LOST: %s", name, strings.Join(o.problems, "; "))
	}
	return fmt.Sprintf("%-20s %4d writes, %4d sent again, back after %v", name, o.writes, o.repeats, o.recovery.Round(time.Millisecond))
}

// table sums up all faults by name.
type table struct {
	names    []string
	outcomes map[string][]outcome
}

func (t *table) add(name string, o outcome) {
	if t.outcomes == nil {
		t.outcomes = map[string][]outcome{}
	}
	if _, known := t.outcomes[name]; !known {
		t.names = append(t.names, name)
	}
	t.outcomes[name] = append(t.outcomes[name], o)
}

// lost says that anything at all went wrong.
func (t *table) lost() bool {
	for _, list := range t.outcomes {
		if slices.ContainsFunc(list, func(o outcome) bool { return len(o.problems) > 0 || o.broken != nil }) {
			return true
		}
	}
	return false
}

func (t *table) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nfault\ttimes\twrites\tsent again\tback after, median\tworst\tlost")
	for _, name := range t.names {
		var sum outcome
		var back []time.Duration
		times, lost := 0, 0
		for _, o := range t.outcomes[name] {
			if o.skipped != "" {
				continue
			}
			times++
			sum.writes += o.writes
			sum.repeats += o.repeats
			lost += len(o.problems)
			back = append(back, o.recovery.Round(time.Millisecond))
		}
		if times == 0 {
			fmt.Fprintf(w, "%s\t0\t\t\t\t\t%s\n", name, t.outcomes[name][0].skipped)
			continue
		}
		slices.Sort(back)
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%v\t%v\t%d\n", name, times, sum.writes, sum.repeats, back[len(back)/2], back[len(back)-1], lost)
	}
	_ = w.Flush() // to the screen
}
