package pgserver

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// process is a server process from its start to its end.
type process struct {
	pid      int
	ended    chan struct{} // closed when the process has ended
	died     chan error    // one error if it was not told to end, then closed
	stopping atomic.Bool   // it was told to end
	handle   *os.Process
	said     *tail
}

// startProcess starts a command and watches over it.
func startProcess(cmd *exec.Cmd, log io.Writer) (*process, error) {
	said := &tail{next: log}
	cmd.Stdout, cmd.Stderr = said, said
	cmd.WaitDelay = 5 * time.Second // a backend that outlives the server may hold the pipe
	p := &process{ended: make(chan struct{}), died: make(chan error, 1), said: said}

	started := make(chan error)
	go func() {
		// The kernel's promise to end the server with us is tied to the thread that
		// started it, so this thread is kept until the server has ended.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		p.pid, p.handle = cmd.Process.Pid, cmd.Process
		started <- nil

		err := cmd.Wait()
		if !p.stopping.Load() {
			p.died <- fmt.Errorf("PostgreSQL ended unexpectedly: %s", ending(err))
		}
		close(p.died)
		close(p.ended)
	}()
	return p, <-started
}

// signal sends a signal; a process that has ended needs none.
func (p *process) signal(s syscall.Signal) {
	_ = p.handle.Signal(s) // the only error is that the process has ended
}

// lastWords returns the reason a server gave for not starting.
func (p *process) lastWords() string {
	return p.said.reason()
}

// run runs a command to its end and returns what it said as part of the error.
// Like the server it ends when we do.
func run(cmd *exec.Cmd, log io.Writer) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	said := &tail{next: log}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s (%w)", said.reason(), err)
	}
	return nil
}

// ending says how a process ended.
func ending(err error) string {
	if err == nil {
		return "it was stopped by someone else"
	}
	return err.Error()
}

// tail passes on what is written to it and remembers the end of it.
type tail struct {
	next io.Writer // may be nil

	mu   sync.Mutex
	last []byte
}

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = append(t.last, p...)
	if extra := len(t.last) - 4096; extra > 0 {
		t.last = bytes.Clone(t.last[extra:])
	}
	if t.next != nil {
		return t.next.Write(p)
	}
	return len(p), nil
}

// reason returns the last line that names an error, or else the last line.
func (t *tail) reason() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(t.last)), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		for _, mark := range []string{"FATAL:", "PANIC:", "error:"} {
			if _, reason, found := strings.Cut(lines[i], mark); found {
				return strings.TrimSpace(reason)
			}
		}
	}
	if last := lines[len(lines)-1]; last != "" && !strings.Contains(last, "HINT:") {
		return last
	}
	return "it gave no reason here"
}
