package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// bench collects results.
type bench struct {
	quick           bool
	texts, sections string // files for the measure quality
	out             io.Writer
	measure         string // the one under way
	results         []result
}

// result is a line of the output. Ratio is how many times as much as the baseline it is, both measured in this run; it is 0
// for a result that is compared with nothing.
type result struct {
	Name     string  `json:"name"`
	Value    float64 `json:"value"`
	Unit     string  `json:"unit"`
	Ratio    float64 `json:"ratio,omitempty"`
	Baseline string  `json:"baseline,omitempty"`
}

// report takes a result; its name is that of the measure and the part.
func (b *bench) report(part string, value float64, unit string) result {
	return b.add(result{Name: b.measure + "/" + part, Value: value, Unit: unit})
}

// compare takes a result together with its ratio to an earlier one.
func (b *bench) compare(part string, value float64, unit string, baseline result) result {
	return b.add(result{b.measure + "/" + part, value, unit, value / baseline.Value, baseline.Name})
}

func (b *bench) add(r result) result {
	b.results = append(b.results, r)
	line := fmt.Sprintf("%-24s %12.4g %s", r.Name, r.Value, r.Unit)
	if r.Baseline != "" {
		line += fmt.Sprintf("  %.2fx %s", r.Ratio, r.Baseline)
	}
	fmt.Fprintln(b.out, line)
	return r
}

// rounds is how often things that are compared take turns, so that what else the machine does hits all of them.
func (b *bench) rounds() int {
	if b.quick {
		return 1
	}
	return 7
}

// seconds returns how long the work takes.
func seconds(work func() error) (float64, error) {
	start := time.Now()
	err := work()
	return time.Since(start).Seconds(), err
}

// machine is what a number means nothing without.
type machine struct {
	Time      time.Time `json:"time"`
	Processor string    `json:"processor"`
	Cores     int       `json:"cores"`
	System    string    `json:"system"`
	Go        string    `json:"go"`
	Revision  string    `json:"revision,omitempty"`
}

func thisMachine() machine {
	m := machine{
		Time: time.Now().UTC().Truncate(time.Second), Processor: processor(), Cores: runtime.NumCPU(),
		System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(),
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				m.Revision = setting.Value
			}
		}
	}
	return m
}

// processor is the model's name where Linux tells it.
func processor() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "unknown"
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if name, value, _ := strings.Cut(lines.Text(), ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// write writes everything to a file.
func (b *bench) write(path string) error {
	text, err := json.MarshalIndent(struct {
		Machine machine  `json:"machine"`
		Quick   bool     `json:"quick,omitempty"`
		Results []result `json:"results"`
	}{thisMachine(), b.quick, b.results}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
