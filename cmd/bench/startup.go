package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"surrealm/store/datadir"
)

// measureStartup measures serve as people run it, with a database of its own: from nothing to the first page, from existing data
// to the first page, the size of the program, and its memory at rest and after it was asked for pages by 8 connections.
func measureStartup(b *bench) error {
	ctx := context.Background()
	program, err := b.program()
	if err != nil {
		return err
	}
	data := filepath.Join(b.database.dir, "startup")
	first, err := startServe(ctx, program, data, nil)
	if err != nil {
		return err
	}
	b.report("first", first.ready.Seconds(), "s", "with no data yet")
	if err := first.stop(); err != nil {
		return err
	}
	again, err := startServe(ctx, program, data, nil)
	if err != nil {
		return err
	}
	b.report("", again.ready.Seconds(), "s", "with existing data")
	info, err := os.Stat(program)
	if err != nil {
		return err
	}
	b.add(result{Name: "binary", Value: float64(info.Size()) / (1 << 20), Unit: "MB"})
	b.add(result{Name: "memory_idle", Value: again.memory(), Unit: "MB"})
	if _, err := ask(again.address, "/login", "", 8, b.spell()); err != nil {
		return err
	}
	b.add(result{Name: "memory_after_load", Value: again.memory(), Unit: "MB"})
	return again.stop()
}

// startLimit is how long serve may take to answer.
const startLimit = 2 * time.Minute

// serve is a server in a process of its own.
type serve struct {
	command *exec.Cmd
	address string
	ready   time.Duration // from its start to the first page
}

// startServe starts surrealm serve with a data folder, which is made, and waits for its first page.
func startServe(ctx context.Context, program, data string, env []string) (*serve, error) {
	if err := os.MkdirAll(data, 0o711); err != nil {
		return nil, err
	}
	models := filepath.Join(data, "models")
	if err := os.Symlink(datadir.Models(datadir.Find(os.Getenv)), models); err != nil && !os.IsExist(err) {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s := &serve{address: address, command: exec.CommandContext(ctx, program, "serve", "--listen", address, "--data-dir", data)}
	s.command.Env = append(append(os.Environ(), "REQUESTS_PER_SECOND=0"), env...)
	var said strings.Builder
	s.command.Stderr = &said
	start := time.Now()
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	for time.Since(start) < startLimit {
		response, err := http.Get("http://" + address + "/login")
		if err == nil {
			_, err = io.Copy(io.Discard, response.Body)
			response.Body.Close()
			if err == nil && response.StatusCode == http.StatusOK {
				s.ready = time.Since(start)
				return s, nil
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	_ = s.stop() // what it said is worth more than why it cannot be stopped
	return nil, fmt.Errorf("serve does not answer: %s", said.String())
}

// freeAddress is one that nobody listens on.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// memory is what the process holds, in MB.
func (s *serve) memory() float64 {
	return float64(kilobytes(fmt.Sprintf("/proc/%d/status", s.command.Process.Pid), "VmRSS")) / 1024
}

func (s *serve) stop() error {
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return s.command.Wait()
}
