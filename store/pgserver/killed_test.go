package pgserver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// helperVariable makes the test binary start a server in the folder it names,
// instead of running tests.
const helperVariable = "PGSERVER_TEST_DATA_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperVariable); dir != "" {
		os.Exit(help(dir))
	}
	os.Exit(m.Run())
}

// help starts a server, prints its process number, and stops it when its input ends.
func help(dir string) int {
	server, err := Start(context.Background(), Options{DataDir: dir})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(server.process.pid)
	_, _ = io.Copy(io.Discard, os.Stdin) // ends when the test closes the pipe
	if err := server.Stop(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// helper returns a command that runs help, from a program file anyone can run.
func helper(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	program, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(filepath.Dir(newDataDir(t)), "helper")
	if err := os.WriteFile(path, program, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path)
	cmd.Env = append(os.Environ(), helperVariable+"="+dir)
	cmd.Stderr = os.Stderr
	return cmd
}

// startHelper runs the command and returns the server's process number.
func startHelper(t *testing.T, cmd *exec.Cmd) (server int, stdin io.Closer) {
	t.Helper()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	server, err = strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	return server, stdin
}

func TestTheServerEndsWithAKilledProgram(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	cmd := helper(t, dir)
	pid, _ := startHelper(t, cmd)

	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed

	server := startServer(t, dir) // at once: it waits for the other to finish
	if (postmaster{pid: pid}).alive(server.dirs.data) {
		t.Errorf("the server %d is still there", pid)
	}
}

func TestAnInterruptedFirstStartLeavesNothingHalf(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	for wait := range 4 {
		cmd := helper(t, dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(wait) * 150 * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
	}

	server := startServer(t, dir)

	mustQuery(t, server, "select ''")
	// What a killed initdb still wrote while the server began is gone after the next start.
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	startServer(t, dir)
	if left, _ := filepath.Glob(filepath.Join(dir, "initdb-*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

// As root this tries an ordinary user; as an ordinary user all the other tests do.
func TestAnOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return
	}
	account, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, err := strconv.Atoi(account.Uid)
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Dir(newDataDir(t))
	if err := os.Chown(home, uid, -1); err != nil {
		t.Fatal(err)
	}
	cmd := helper(t, filepath.Join(home, "made", "database"))
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}

	pid, stdin := startHelper(t, cmd)
	info, err := os.Stat(fmt.Sprintf("/proc/%d", pid))
	if err != nil {
		t.Fatal(err)
	}
	if ownerOf(info) != uid {
		t.Errorf("the server runs as user %d, want %d", ownerOf(info), uid)
	}
	if err := errors.Join(stdin.Close(), cmd.Wait()); err != nil {
		t.Error(err)
	}

	// Root can go on with the data, and leaves it to the ordinary user.
	server := startServer(t, filepath.Join(home, "made", "database"))
	mustQuery(t, server, "select ''")
	stopServer(t, server)
	_, stdin = startHelper(t, again(cmd))
	if err := stdin.Close(); err != nil {
		t.Error(err)
	}
}

// again returns a command like one that has run.
func again(cmd *exec.Cmd) *exec.Cmd {
	return &exec.Cmd{Path: cmd.Path, Args: cmd.Args, Env: cmd.Env, Stderr: cmd.Stderr, SysProcAttr: cmd.SysProcAttr}
}

func TestRootCannotUseAFolderThatPostgresCannotEnter(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return
	}
	closed := filepath.Join(filepath.Dir(newDataDir(t)), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}

	_, err := Start(t.Context(), Options{DataDir: filepath.Join(closed, "database")})

	want := "PostgreSQL does not run as root but as postgres, who cannot enter " + closed +
		": choose another data folder, or allow it with chmod o+x " + closed
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}
