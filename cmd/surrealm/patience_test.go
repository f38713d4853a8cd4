package main

import (
	"bufio"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// Clients that are slow on purpose, each a hundred times. The server lets go of all of them, and others are answered meanwhile.
func TestSlowClientsDoNotHoldTheServer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ sends, answer string }{
		"nothing at all":                    {"", ""},
		"half a head":                       {"POST /echo HTTP/1.1\r\nHost: x\r\nX-A: ", ""},
		"a head without a body":             {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx", "400"},
		"a part of a chunked body":          {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "400"},
		"a body to who takes none":          {"POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx", "200"},
		"a request, and then nothing":       {"GET /small HTTP/1.1\r\nHost: x\r\n\r\n", "200"},
		"a request whose answer it lets be": {"GET /large HTTP/1.1\r\nHost: x\r\n\r\n", "unread"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := slowSite(t)
			var wait sync.WaitGroup
			for range 100 {
				conn, err := net.Dial("tcp", strings.TrimPrefix(site.URL, "http://"))
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = conn.Close() }) // the server has closed it
				if _, err := io.WriteString(conn, c.sends); err != nil {
					t.Fatal(err)
				}
				wait.Go(func() { letGo(t, conn, c.answer, site.refused) })
			}
			response, err := http.Get(site.URL + "/small")
			if err != nil || response.StatusCode != http.StatusOK {
				t.Fatalf("another client: %v, %v", response, err)
			}
			_ = response.Body.Close() // the status was all
			wait.Wait()
		})
	}
}

// letGo waits until the server ends a connection. For an answer that nobody reads it waits until the server stops writing.
func letGo(t *testing.T, conn net.Conn, answer string, refused chan error) {
	if answer == "unread" {
		if err := <-refused; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the answer ended with %v", err)
		}
		return
	}
	if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Error(err)
	}
	got, err := io.ReadAll(conn)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the server still waits")
	}
	if !strings.HasPrefix(string(got), strings.TrimSpace("HTTP/1.1 "+answer)) && answer != "" || answer == "" && len(got) > 0 && !strings.HasPrefix(string(got), "HTTP/1.1 4") {
		t.Errorf("answered %q", got)
	}
}

type slow struct {
	*httptest.Server
	refused chan error // one for each answer that could not be written
}

// slowSite is a server with little patience.
func slowSite(t *testing.T) slow {
	t.Helper()
	refused := make(chan error, 1000)
	mux := http.NewServeMux()
	mux.HandleFunc("/small", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "small") })
	mux.HandleFunc("/ignore", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ignored") })
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
		}
	})
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) {
		block := make([]byte, 1<<20)
		for range 64 {
			if _, err := w.Write(block); err != nil {
				refused <- err
				return
			}
		}
		refused <- nil
	})
	const short = time.Second // long enough for a busy machine to read a head and to say why it gives up
	server := httptest.NewUnstartedServer(nil)
	server.Config = newHTTPServer(mux, patience{head: short, request: 2 * short, answer: 6 * short, next: short}, slog.New(slog.DiscardHandler))
	server.Start()
	t.Cleanup(server.Close)
	return slow{server, refused}
}

func TestAHeadThatIsTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	site := slowSite(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(site.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET /small HTTP/1.1\r\nHost: x\r\nX-A: "+strings.Repeat("x", 2*maxHead)+"\r\n\r\n") // the server may stop reading before the end
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Fatalf("answered %v, %v", response, err)
	}
	_ = response.Body.Close() // the status was all
}

func TestTheServerWaitsForNobodyForEver(t *testing.T) {
	t.Parallel()
	s := newHTTPServer(nil, usualPatience, slog.New(slog.DiscardHandler))
	for name, limit := range map[string]time.Duration{"head": s.ReadHeaderTimeout, "request": s.ReadTimeout, "answer": s.WriteTimeout, "next": s.IdleTimeout} {
		if limit <= 0 || limit > 2*time.Minute {
			t.Errorf("%s: waits %s", name, limit)
		}
	}
}
