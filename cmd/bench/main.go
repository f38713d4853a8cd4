// Command bench measures what Surrealm promises to be fast at, beside what it is compared with, on this machine and in one
// run. `make bench` runs all measures. Each prints lines
//
//	name value unit [ratio-to baseline] (of what)
//
// and all of them go into a JSON file together with what machine it was. A measure is one function in a file of its name,
// and a line in the list below. What needs a database gets one of its own, as safe as one that people's data is in.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// measure is one thing to measure. Its results have names that begin with its own, but for those in also.
type measure struct {
	name, help string
	run        func(b *bench) error
	also       []string
}

// gives says whether a measure has results of a name, or of names that begin so: scoped_read_8 for scoped_read.
func (m measure) gives(name string) bool {
	return name == m.name || slices.Contains(m.also, name) || strings.HasPrefix(name, m.name+"_")
}

// Those that make many organisations come late: a catalogue of thousands of tables slows the others.
var measures = []measure{
	{"scoped_read", "a list inside the tenant, against the same statement unscoped", measureScopedRead, nil},
	{"html_list", "the page of 20 surrogates", measureHTMLList, nil},
	{"proposal_page", "the page of a change to a procedure of 40 steps", measureProposalPage, nil},
	{"create_surrogate", "creating a surrogate with its audit entry", measureCreateSurrogate, nil},
	{"audit", "appending to the audit log, verifying it, and the size of a proof", measureAudit, []string{"audit_append", "audit_verify", "proof_size"}},
	{"search", "a search by words and meaning over 100,000 signals", measureSearch, nil},
	{"startup", "starting serve, the size of the program, and its memory", measureStartup, []string{"binary", "memory_idle", "memory_after_load"}},
	{"embed", "the sentence encoder, against plain loops", measureEmbed, nil},
	{"quality", "how many of the first ten are of the same section, by words, by meaning and by both", measureQuality, nil},
	{"cluster", "groups by theme and the map of 5,000 and 20,000 signals", measureCluster, nil},
	{"register_org", "making an organisation", measureRegisterOrg, nil},
	{"migrate_tenants", "bringing 200 organisations to a new version", measureMigrateTenants, nil},
	{"tenants", "lists at random among 1,000 organisations", measureTenants, nil},
}

type options struct {
	Only    []string `placeholder:"NAME" help:"Run these measures only, separated by commas: ${names}, or the name of one of their results."`
	Quick   bool     `help:"Measure small amounts for a short time, to see that it works: under a minute in all."`
	Tenants int      `default:"1000" placeholder:"N" help:"How many organisations the measure tenants makes. Default: ${default}."`
	Texts   string   `type:"existingfile" placeholder:"FILE" help:"Signals for the measure quality, as JSON lines."`
	Kinds   string   `name:"sections" type:"existingfile" placeholder:"FILE" help:"Their sections: external id, tab, section."`
	Profile string   `placeholder:"FILE" help:"Write a profile of this program's processor time, for go tool pprof."`
	JSON    string   `name:"json" default:"bench.json" placeholder:"FILE" help:"Where the results go beside the screen. Default: ${default}."`
}

func main() {
	var o options
	kong.Parse(&o, kong.Name("bench"), kong.Vars{"names": strings.Join(names(), ", ")})
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func names() []string {
	var all []string
	for _, m := range measures {
		all = append(all, m.name)
	}
	return all
}

// choose returns the measures that give what is asked for, all of them for nothing.
func choose(only []string) ([]measure, error) {
	if len(only) == 0 {
		return measures, nil
	}
	for _, name := range only {
		if !slices.ContainsFunc(measures, func(m measure) bool { return m.gives(name) }) {
			return nil, fmt.Errorf("there is no measure %q; see --help", name)
		}
	}
	return slices.DeleteFunc(slices.Clone(measures), func(m measure) bool { return !slices.ContainsFunc(only, m.gives) }), nil
}

func run(o options) (err error) {
	chosen, err := choose(o.Only)
	if err != nil {
		return err
	}
	b := &bench{options: o, out: os.Stdout, started: time.Now()}
	defer func() { err = errors.Join(err, b.close(context.Background())) }()
	if o.Profile != "" {
		file, err := os.Create(o.Profile)
		if err != nil {
			return err
		}
		defer file.Close()
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	for _, m := range chosen {
		b.measure = m.name
		before := len(b.results)
		took, err := seconds(func() error { return m.run(b) })
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		if len(b.results) > before { // it may have been left out
			b.add(result{Name: m.name + "_took", Value: took, Unit: "s"})
		}
	}
	return b.write(o.JSON)
}
