package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"surrealm/store/storetest"
)

func TestServeKeepsItsData(t *testing.T) {
	t.Parallel()
	env := []string{"DATA_DIR=" + folder(t)}
	first := serve(t, env, "--with-demo")
	contains(t, first.output(), demoAuthor.Email, demoReviewer.Email, demoPassword)
	if status, body := first.get("/login"); status != http.StatusOK || !strings.Contains(body, "password") {
		t.Errorf("/login answers %d", status)
	}

	// Beside a running server, commands use its database, and a second server is refused.
	out, _ := expect(t, 0, env, "tenants", "list")
	contains(t, out, demoSlug)
	_, complaints := expect(t, 1, env, "serve", "--listen", strings.TrimPrefix(first.URL, "http://"))
	contains(t, complaints, "in use by another program")
	_, complaints = expect(t, 1, env, "serve", "--listen", "127.0.0.1:0")
	contains(t, complaints, "already in use")
	first.stop()
	if strings.Contains(first.output(), "level=ERROR") {
		t.Errorf("errors in the log:\n%s", first.output())
	}

	second := serve(t, env, "--with-demo")
	second.stop()
	out, _ = expect(t, 0, env, "tenants", "list") // starts the database for itself
	if strings.Count(out, demoSlug) != 1 {
		t.Errorf("organisations after a restart:\n%s", out)
	}
	out, _ = expect(t, 0, append(env, "LISTEN_ADDR=127.0.0.1:0"), "doctor")
	contains(t, out, "All is well")
}

// TestRequestsUnderWayAreFinished sends half a request, tells the server to stop, and then sends the rest.
func TestRequestsUnderWayAreFinished(t *testing.T) {
	t.Parallel()
	env, _ := external(t)
	server := serve(t, env)
	conn := half(t, server)
	server.signal(syscall.SIGINT)
	server.await("stopping")
	if _, err := io.WriteString(conn, "d"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || response.StatusCode != http.StatusUnprocessableEntity {
		t.Fatalf("answer to the request under way: %v, %v", response, err)
	}
	_ = response.Body.Close() // the status was all
	if code := server.wait(); code != 0 {
		t.Errorf("it ended with %d", code)
	}
}

func TestASecondSignalDoesNotWait(t *testing.T) {
	t.Parallel()
	env, _ := external(t)
	server := serve(t, env)
	half(t, server)
	server.signal(syscall.SIGINT)
	server.await("stopping")
	start := time.Now()
	server.signal(syscall.SIGINT)
	server.wait()
	if took := time.Since(start); took > drainFor/2 {
		t.Errorf("it took %s", took)
	}
}

// half sends all of a login but its last byte.
func half(t *testing.T, server *child) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // the server may have closed it
	body := "email=nobody@example.com&password=wrong"
	_, err = fmt.Fprintf(conn, "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		len(body)+1, body)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond) // until the server has begun with it
	return conn
}

func TestServersShareADatabase(t *testing.T) {
	t.Parallel()
	env, _ := external(t)
	one, two := serve(t, env), serve(t, env)
	for _, server := range []*child{one, two} {
		if status, _ := server.get("/login"); status != http.StatusOK {
			t.Errorf("/login answers %d", status)
		}
	}
	one.stop()
	if status, _ := two.get("/healthz"); status != http.StatusOK {
		t.Errorf("the other server answers %d", status)
	}
	two.stop()
}

func TestServeRefusesADatabaseThatDoesNotKeepTenantsApart(t *testing.T) {
	t.Parallel()
	env, dsn := external(t)
	storetest.Exec(t, dsn("postgres"), `grant execute on function pg_catalog.set_config(text, text, boolean) to public`)
	storetest.Exec(t, dsn("postgres"), `create table public.mine (id int); alter table public.mine owner to surrealm_web`)
	serving := append(env, "LISTEN_ADDR=127.0.0.1:0")
	_, complaints := expect(t, 1, serving, "serve")
	contains(t, complaints, "nothing is served", "set-config", "ownership", "surrealm_web owns")
	out, _ := expect(t, 1, serving, "doctor")
	contains(t, out, "PROBLEM  set-config", "PROBLEM  ownership")

	// The weaker door is accepted by name; the rest is not.
	_, complaints = expect(t, 1, append(serving, "ACCEPT_WEAKER_DOOR=set-config"), "serve")
	contains(t, complaints, "WEAKER ISOLATION", "surrealm_web owns")
}

func TestUnusableFolders(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, complaints := expect(t, 1, []string{"DATA_DIR=" + file, "LISTEN_ADDR=127.0.0.1:0"}, "serve")
	contains(t, complaints, "the data folder "+file+" cannot be written to")
	_, complaints = expect(t, 1, []string{"DATA_DIR=" + filepath.Join(t.TempDir(), "none")}, "tenants", "list")
	contains(t, complaints, "there is no database here yet")
}

func TestServeEndsWithItsDatabase(t *testing.T) {
	t.Parallel()
	data := folder(t)
	server := serve(t, []string{"DATA_DIR=" + data})
	text, err := os.ReadFile(filepath.Join(data, "database", "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if code := server.wait(); code != 1 {
		t.Errorf("it ended with %d", code)
	}
	contains(t, server.output(), "the database ended by itself")
	serve(t, []string{"DATA_DIR=" + data}).stop()
}
