package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"surrealm/store/storetest"
)

// asProgram makes this test binary behave as surrealm itself, so that tests can send it signals.
const asProgram = "SURREALM_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	storetest.Main(m)
}

// call runs the program in this process and returns its exit code and what it printed.
func call(t *testing.T, env []string, input string, args ...string) (code int, out, complaints string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(process{
		ctx: t.Context(), hurry: make(chan struct{}), args: args, env: env,
		in: strings.NewReader(input), out: &stdout, err: &stderr,
	})
	return code, stdout.String(), stderr.String()
}

// expect calls the program and fails the test unless it ends with the code.
func expect(t *testing.T, code int, env []string, args ...string) (out, complaints string) {
	t.Helper()
	got, out, complaints := call(t, env, "", args...)
	if got != code {
		t.Fatalf("surrealm %s ended with %d:\n%s%s", strings.Join(args, " "), got, out, complaints)
	}
	return out, complaints
}

// contains fails the test unless the text has every part.
func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in:\n%s", part, text)
		}
	}
}

// folder is a data folder that the user postgres can pass through, which t.TempDir is not when root runs the tests.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "surrealm-cmd-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // what stays is in the folder for temporary files
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "data")
}

// external is the environment for a fresh database on the tests' server, with a data folder.
func external(t *testing.T) (env []string, dsn func(role string) string) {
	t.Helper()
	_, dsn = storetest.FreshDatabase(t)
	return []string{
		"DATABASE_URL=" + dsn("surrealm_web"), "CONTROL_DATABASE_URL=" + dsn("surrealm_ctl"),
		"MIGRATE_DATABASE_URL=" + dsn("surrealm_migrator"), "DATA_DIR=" + folder(t),
	}, dsn
}

// child is the program as a process of its own.
type child struct {
	t     *testing.T
	cmd   *exec.Cmd
	URL   string
	ended chan struct{}

	mu  sync.Mutex
	out strings.Builder
}

// spawn starts the program. It is killed at the end of the test if it still runs.
func spawn(t *testing.T, env []string, args ...string) *child {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{t: t, cmd: exec.Command(program, args...), ended: make(chan struct{})}
	c.cmd.Env = append([]string{asProgram + "=1", "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir()}, env...)
	reader, writer := io.Pipe()
	c.cmd.Stdout, c.cmd.Stderr = writer, writer
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var read sync.WaitGroup
	read.Go(func() { c.read(reader) })
	go func() {
		_ = c.cmd.Wait() // the code is in ProcessState
		_ = writer.Close()
		read.Wait()
		close(c.ended)
	}()
	t.Cleanup(func() {
		_ = c.cmd.Process.Kill() // it has ended, unless the test failed
		<-c.ended
	})
	return c
}

func (c *child) read(output io.Reader) {
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		c.mu.Lock()
		c.out.WriteString(lines.Text() + "\n")
		c.mu.Unlock()
	}
}

func (c *child) output() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.String()
}

// await waits until the program printed something.
func (c *child) await(text string) {
	c.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if strings.Contains(c.output(), text) {
			return
		}
		select {
		case <-c.ended:
			if !strings.Contains(c.output(), text) {
				c.t.Fatalf("it ended with %d and without %q:\n%s", c.cmd.ProcessState.ExitCode(), text, c.output())
			}
		default:
		}
	}
	c.t.Fatalf("it did not print %q:\n%s", text, c.output())
}

// wait waits for the end and returns the exit code.
func (c *child) wait() int {
	c.t.Helper()
	select {
	case <-c.ended:
		return c.cmd.ProcessState.ExitCode()
	case <-time.After(time.Minute):
		c.t.Fatalf("it did not end:\n%s", c.output())
		return -1
	}
}

// stop asks the program to stop and expects it to do so cleanly.
func (c *child) stop() {
	c.t.Helper()
	c.signal(syscall.SIGTERM)
	if code := c.wait(); code != 0 {
		c.t.Errorf("it ended with %d:\n%s", code, c.output())
	}
}

func (c *child) signal(s os.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		c.t.Fatal(err)
	}
}

// serve starts a server on a free port and returns it when it answers.
func serve(t *testing.T, env []string, args ...string) *child {
	t.Helper()
	c := spawn(t, env, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	const ready = "Surrealm is ready at "
	c.await("Press Ctrl-C")
	_, rest, _ := strings.Cut(c.output(), ready)
	c.URL, _, _ = strings.Cut(rest, "\n")
	if status, _ := c.get("/healthz"); status != http.StatusOK {
		t.Fatalf("/healthz answers %d", status)
	}
	return c
}

func (c *child) get(path string) (status int, body string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}
