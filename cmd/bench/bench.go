package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// bench collects results.
type bench struct {
	options
	out      io.Writer
	started  time.Time
	measure  string // the one under way
	results  []result
	database *database // that of the measures, once one needed it
}

// result is a line of the output. Ratio is how many times as much as the baseline it is, both measured in this run; it is 0
// for a result that is compared with nothing. Of is the amount that it was measured with, where that is not in the name.
type result struct {
	Name     string  `json:"name"`
	Value    float64 `json:"value"`
	Unit     string  `json:"unit"`
	Ratio    float64 `json:"ratio,omitempty"`
	Baseline string  `json:"baseline,omitempty"`
	Of       string  `json:"of,omitempty"`
}

// report takes a result; its name is that of the measure and the part. of is what it was measured with, if that needs words.
func (b *bench) report(part string, value float64, unit string, of ...string) result {
	return b.add(result{Name: b.name(part), Value: value, Unit: unit, Of: strings.Join(of, ", ")})
}

// compare takes a result together with its ratio to an earlier one.
func (b *bench) compare(part string, value float64, unit string, baseline result) result {
	return b.add(result{Name: b.name(part), Value: value, Unit: unit, Ratio: value / baseline.Value, Baseline: baseline.Name})
}

// ratio takes how many times as often a second the one was done as the other: the median of the rounds is the value.
func (b *bench) ratio(part string, of, to []float64, baseline string) {
	times := median(ratios(of, to))
	b.add(result{Name: b.name(part), Value: times, Unit: "times", Ratio: times, Baseline: baseline,
		Of: fmt.Sprintf("%.4g/s against %.4g/s", median(of), median(to))})
}

func (b *bench) name(part string) string {
	if part == "" {
		return b.measure
	}
	return b.measure + "_" + part
}

func (b *bench) add(r result) result {
	b.results = append(b.results, r)
	line := fmt.Sprintf("%-34s %12.4g %s", r.Name, r.Value, r.Unit)
	if r.Baseline != "" {
		line += fmt.Sprintf("  %.2fx %s", r.Ratio, r.Baseline)
	}
	if r.Of != "" {
		line += "  (" + r.Of + ")"
	}
	fmt.Fprintln(b.out, line)
	return r
}

// rounds is how often things that are compared take turns, so that what else the machine does hits all of them.
func (b *bench) rounds() int {
	if b.Quick {
		return 1
	}
	return 7
}

// spell is how long one of them has its turn.
func (b *bench) spell() time.Duration {
	if b.Quick {
		return 150 * time.Millisecond
	}
	return 700 * time.Millisecond
}

// orgsEach is how many organisations the measures have that need several. Making one is what a quick run spends most of
// its time with.
func (b *bench) orgsEach() int {
	if b.Quick {
		return 8
	}
	return 200
}

// close stops the database of the measures.
func (b *bench) close(ctx context.Context) error {
	if b.database == nil {
		return nil
	}
	return b.database.close(ctx)
}

// seconds returns how long the work takes.
func seconds(work func() error) (float64, error) {
	start := time.Now()
	err := work()
	return time.Since(start).Seconds(), err
}

func sum(numbers []float64) (all float64) {
	for _, n := range numbers {
		all += n
	}
	return all
}

func median(numbers []float64) float64 { return quantile(numbers, 0.5) }

// quantile is the smallest number that a share of the numbers is not above.
func quantile(numbers []float64, share float64) float64 {
	sorted := slices.Sorted(slices.Values(numbers))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

// write writes everything to a file.
func (b *bench) write(path string) error {
	facts, err := b.machine()
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(struct {
		Machine machine  `json:"machine"`
		Quick   bool     `json:"quick,omitempty"`
		Results []result `json:"results"`
	}{facts, b.Quick, b.results}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
