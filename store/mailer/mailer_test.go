package mailer

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"mime"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"surrealm/store"
)

func TestNewReadsTheAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"smtp://user:secret@mail.example.com:587": "",
		"smtps://mail.example.com":                "",
		"smtp://127.0.0.1:2525/":                  "",
		"smtp://":                                 "is given as",
		"http://mail.example.com":                 "is given as",
		"mail.example.com:25":                     "cannot be read",
		"smtp://user:secret@mail.example.com:0":   "port",
		"smtp://user:sec ret@mail.example.com":    "cannot be read",
	} {
		_, err := New(address, "Surrealm <surrealm@example.com>")
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) && want != "cannot be read" {
			t.Errorf("%s: %v", address, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
	if _, err := New("smtp://127.0.0.1:2525", "nobody"); err == nil {
		t.Error("took a sender that is no address")
	}
}

func TestSendHandsOverPlainText(t *testing.T) {
	t.Parallel()
	server := startServer(t, "")
	smtp := newMailer(t, server)
	m := letter()
	m.Subject = "Zoë invites you\r\nBcc: everybody@example.com"
	m.Body = "Grüß dich,\n\n.\nopen this:\nhttp://127.0.0.1/invitations/" + strings.Repeat("a", 120) + "\n"

	if err := smtp.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}

	got := <-server.received
	if got.from != "surrealm@example.com" || got.to != "ada@example.com" {
		t.Errorf("envelope: %+v", got)
	}
	message, err := mail.ReadMessage(strings.NewReader(got.data))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil || !strings.HasPrefix(subject, "Zoë invites you") {
		t.Errorf("subject = %q, %v", subject, err)
	}
	if message.Header.Get("Bcc") != "" || !strings.Contains(message.Header.Get("Message-ID"), m.ID.String()) {
		t.Errorf("headers = %v", message.Header)
	}
	if !strings.Contains(message.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("content type = %q", message.Header.Get("Content-Type"))
	}
}

func TestSendReportsARefusal(t *testing.T) {
	t.Parallel()
	server := startServer(t, "550 no such mailbox")
	smtp := newMailer(t, server)

	if err := smtp.Send(t.Context(), letter()); err == nil || !strings.Contains(err.Error(), "no such mailbox") {
		t.Errorf("err = %v", err)
	}
}

func TestSendInsistsOnTLSToOtherMachines(t *testing.T) {
	t.Parallel()
	server := startServer(t, "")
	smtp := newMailer(t, server)
	other, err := New("smtp://user:secret@mail.example.com:25", "surrealm@example.com")
	if err != nil {
		t.Fatal(err)
	}
	smtp.options = append(other.options, smtp.options[len(smtp.options)-1]) // the server's port, another machine's policy

	if err := smtp.Send(t.Context(), letter()); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("err = %v", err)
	}
}

func newMailer(t *testing.T, server *testServer) *SMTP {
	t.Helper()
	smtp, err := New("smtp://"+server.address, "Surrealm <surrealm@example.com>")
	if err != nil {
		t.Fatal(err)
	}
	return smtp
}

func letter() store.Mail {
	return store.Mail{ID: uuid.New(), Recipient: "ada@example.com", Subject: "Hello", Body: "Hello.\n", CreatedAt: time.Now()}
}

// testServer is an SMTP server that takes mail without asking who sends it.
type testServer struct {
	address  string
	received chan envelope
}

type envelope struct{ from, to, data string }

// startServer answers refusal to each recipient, unless it is empty.
func startServer(t *testing.T, refusal string) *testServer {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	server := &testServer{address: listener.Addr().String(), received: make(chan envelope, 1)}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go server.talk(conn, refusal)
		}
	}()
	return server
}

func (s *testServer) talk(conn net.Conn, refusal string) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	say := func(line string) { fmt.Fprintf(conn, "%s\r\n", line) }
	say("220 test")
	var got envelope
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch strings.ToUpper(verb) {
		case "MAIL":
			got.from = between(rest)
			say("250 ok")
		case "RCPT":
			got.to = between(rest)
			if refusal != "" {
				say(refusal)
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			got.data = readData(in)
			s.received <- got
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func between(text string) string {
	_, text, _ = strings.Cut(text, "<")
	text, _, _ = strings.Cut(text, ">")
	return text
}

func readData(in *bufio.Reader) string {
	var data bytes.Buffer
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return data.String()
		}
		data.WriteString(strings.TrimPrefix(line, "."))
	}
}
