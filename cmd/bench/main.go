// Command bench measures what Surrealm promises to be fast at, beside what it is compared with, on this machine and in one
// run. `make bench` runs all measures. Each prints lines
//
//	name value unit [ratio-to baseline]
//
// and all of them go into a JSON file together with what machine it was. A measure is one function in a file of its name,
// and a line in the list below.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// measure is one thing to measure. Its results are named for it.
type measure struct {
	name, help string
	run        func(b *bench) error
}

var measures = []measure{
	{"embed", "the sentence encoder, against plain loops", measureEmbed},
	{"quality", "how many of the first ten are of the same section, by words, by meaning and by both", measureQuality},
	{"cluster", "groups by theme and the map of 5,000 and 20,000 signals", measureCluster},
}

type options struct {
	Only  string `placeholder:"NAME" help:"Run this measure only: ${names}."`
	Quick bool   `help:"Measure for a short time, to see that it works."`
	Texts string `type:"existingfile" placeholder:"FILE" help:"Signals for the measure quality, as JSON lines."`
	Kinds string `name:"sections" type:"existingfile" placeholder:"FILE" help:"Their sections: external id, tab, section."`
	JSON  string `name:"json" default:"bench.json" placeholder:"FILE" help:"Where the results go beside the screen. Default: ${default}."`
}

func main() {
	var names []string
	for _, m := range measures {
		names = append(names, m.name)
	}
	var o options
	kong.Parse(&o, kong.Name("bench"), kong.Vars{"names": strings.Join(names, ", ")})
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	b := &bench{quick: o.Quick, texts: o.Texts, sections: o.Kinds, out: os.Stdout}
	found := false
	for _, m := range measures {
		if o.Only != "" && o.Only != m.name {
			continue
		}
		found = true
		b.measure = m.name
		if err := m.run(b); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	if !found {
		return fmt.Errorf("there is no measure %q; see --help", o.Only)
	}
	return b.write(o.JSON)
}
