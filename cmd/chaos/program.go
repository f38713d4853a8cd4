package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"surrealm/store"
)

// startWithin is how long the program may take until it is ready, recovery of the database included.
const startWithin = 60 * time.Second

// program is a child process that serves, and is started anew on the same address after it was killed.
type program struct {
	world   *world
	name    string
	listen  string
	metrics string
	extra   []string
	process *exec.Cmd
	ended   chan struct{}
}

// newProgram chooses addresses for a program and starts it.
func (w *world) newProgram(ctx context.Context, name string, extra ...string) (*program, error) {
	listen, err := freeAddress()
	if err != nil {
		return nil, err
	}
	metrics, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p := &program{world: w, name: name, listen: listen, metrics: metrics, extra: extra}
	return p, p.start(ctx)
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// start starts the program and returns when it is ready.
func (p *program) start(ctx context.Context) error {
	log, err := os.OpenFile(filepath.Join(p.world.dir, p.name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	p.process = exec.Command(p.world.options.Surrealm, append([]string{"serve", "--skip-migrate"}, p.extra...)...)
	p.process.Env = append(os.Environ(),
		"LISTEN_ADDR="+p.listen, "METRICS_ADDR="+p.metrics, "DATA_DIR="+p.world.dataDir(), "REQUESTS_PER_SECOND=0",
		"DATABASE_URL="+p.world.postgres.proxied(store.RoleWeb),
		"CONTROL_DATABASE_URL="+p.world.postgres.proxied(store.RoleControl),
		"MIGRATE_DATABASE_URL="+p.world.postgres.proxied(store.RoleMigrator))
	p.process.Stdout, p.process.Stderr = log, log
	p.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.process.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	p.ended = ended
	go func(process *exec.Cmd) { _ = process.Wait(); close(ended) }(p.process) // how it ended stands in its log
	return p.awaitReady(ctx)
}

func (p *program) awaitReady(ctx context.Context) error {
	for end := time.Now().Add(startWithin); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		response, err := http.Get("http://" + p.listen + "/readyz")
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-p.ended:
			return fmt.Errorf("%s ended by itself; see %s", p.name, filepath.Join(p.world.dir, p.name+".log"))
		default:
		}
	}
	return fmt.Errorf("%s is not ready after %v", p.name, startWithin)
}

// kill ends the program without a word, and returns when it is gone.
func (p *program) kill() {
	_ = p.process.Process.Kill() // it may be gone already
	<-p.ended
}

// terminate asks the program to end, and says whether it did so in good order within its time.
func (p *program) terminate() error {
	if err := p.process.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		p.kill()
		return fmt.Errorf("%s does not end when it is told to", p.name)
	}
	if code := p.process.ProcessState.ExitCode(); code != 0 {
		return fmt.Errorf("%s ended with %d when it was told to end", p.name, code)
	}
	return nil
}

var goroutineLine = regexp.MustCompile(`^go_goroutines (\d+)`)

// goroutines is how many the program has.
func (p *program) goroutines() (int, error) {
	response, err := http.Get("http://" + p.metrics + "/metrics")
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(io.LimitReader(response.Body, 1<<20))
	for lines.Scan() {
		if found := goroutineLine.FindStringSubmatch(lines.Text()); found != nil {
			return strconv.Atoi(found[1])
		}
	}
	return 0, fmt.Errorf("%s tells no number of goroutines", p.name)
}

// addresses are where people go: one after the other, as through a load balancer.
type addresses struct {
	list atomic.Pointer[[]string]
	next atomic.Uint64
}

func (a *addresses) set(list ...string) { a.list.Store(&list) }

func (a *addresses) take() string {
	list := *a.list.Load()
	return list[a.next.Add(1)%uint64(len(list))]
}
