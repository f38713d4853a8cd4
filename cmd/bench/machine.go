package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"surrealm/store/pgserver"
)

// machine is what a number means nothing without.
type machine struct {
	Time      time.Time `json:"time"`
	Seconds   float64   `json:"seconds"` // how long the run took
	Processor string    `json:"processor"`
	Cores     int       `json:"cores"`
	MemoryMB  int       `json:"memory_mb"`
	Load      []float64 `json:"load"` // averages of 1, 5 and 15 minutes at the end: the run's own, and whatever else ran
	System    string    `json:"system"`
	Go        string    `json:"go"`
	Postgres  string    `json:"postgres,omitempty"`
	Settings  string    `json:"postgres_settings,omitempty"`
	Revision  string    `json:"revision,omitempty"`
}

func (b *bench) machine() (machine, error) {
	m := machine{
		Time: time.Now().UTC().Truncate(time.Second), Seconds: time.Since(b.started).Round(time.Second).Seconds(),
		Processor: field("/proc/cpuinfo", "model name"), Cores: runtime.NumCPU(), MemoryMB: kilobytes("/proc/meminfo", "MemTotal") / 1024,
		Load: loadAverages(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Revision: revision(),
	}
	if found, err := pgserver.Find(); err == nil {
		m.Postgres = found.Version
	}
	if b.database == nil {
		return m, nil
	}
	err := b.database.super.QueryRow(context.Background(), `
		select string_agg(name || '=' || setting, ' ' order by name)
		from pg_settings
		where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'data_checksums')`).Scan(&m.Settings)
	return m, err
}

// revision is the commit that was built, with a plus when files were changed since; "" outside of a clone.
func revision() string {
	out, err := exec.Command("git", "describe", "--always", "--abbrev=12", "--dirty=+").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// field is a value of a file of lines "name: value", as Linux has them; "unknown" elsewhere.
func field(path, name string) string {
	file, err := os.Open(path)
	if err != nil {
		return "unknown"
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if found, value, _ := strings.Cut(lines.Text(), ":"); strings.TrimSpace(found) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// kilobytes is such a value of so many kB, or 0.
func kilobytes(path, name string) int {
	n, _ := strconv.Atoi(strings.TrimSuffix(field(path, name), " kB"))
	return n
}

func loadAverages() []float64 {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return nil
	}
	var loads []float64
	for _, word := range strings.Fields(string(text))[:3] {
		load, _ := strconv.ParseFloat(word, 64)
		loads = append(loads, load)
	}
	return loads
}
