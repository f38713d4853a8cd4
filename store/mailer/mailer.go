// Package mailer sends the mail of the outbox through an SMTP server.
package mailer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"surrealm/store"
)

// timeout bounds a connection to the mail server, from the greeting to the last answer.
const timeout = 30 * time.Second

// SMTP is a store.Mailer that hands each mail to one server.
type SMTP struct {
	from    mail.Address
	host    string
	options []gomail.Option
}

var _ store.Mailer = (*SMTP)(nil)

// New reads an address such as smtp://user:password@mail.example.com:587 or smtps://mail.example.com, and the sender,
// such as "Surrealm <surrealm@example.com>". smtp begins in the clear and insists on TLS, except to this very machine;
// smtps is TLS from the start. It connects to nothing yet.
func New(server, from string) (*SMTP, error) {
	address, err := url.Parse(server)
	if err != nil {
		return nil, errors.New("the address of the mail server cannot be read") // the error would repeat the password
	}
	if address.Scheme != "smtp" && address.Scheme != "smtps" || address.Hostname() == "" || strings.Trim(address.Path, "/") != "" {
		return nil, errors.New("the mail server is given as smtp://user:password@host:587 or smtps://user:password@host")
	}
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("the sender %q is not an e-mail address", from)
	}
	options, err := optionsOf(address)
	if err != nil {
		return nil, err
	}
	return &SMTP{from: *sender, host: address.Hostname(), options: options}, nil
}

func optionsOf(address *url.URL) ([]gomail.Option, error) {
	port := 587
	options := []gomail.Option{gomail.WithTimeout(timeout), gomail.WithTLSConfig(&tls.Config{
		ServerName: address.Hostname(), MinVersion: tls.VersionTLS12,
	})}
	switch {
	case address.Scheme == "smtps":
		port = 465
		options = append(options, gomail.WithSSL())
	case isLoopback(address.Hostname()):
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if given := address.Port(); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil || n < 1 || n > 65535 {
			return nil, fmt.Errorf("the mail server's port %q is not a number from 1 to 65535", given)
		}
		port = n
	}
	options = append(options, gomail.WithPort(port))
	if password, given := address.User.Password(); given {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(address.User.Username()), gomail.WithPassword(password))
	}
	return options, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send hands over one mail as plain text. Its Message-ID is the mail's id, so that a second try is known as one.
func (s *SMTP) Send(ctx context.Context, m store.Mail) error {
	message := gomail.NewMsg()
	message.FromMailAddress(&s.from)
	if err := message.To(m.Recipient); err != nil {
		return fmt.Errorf("mail %s: recipient: %w", m.ID, err)
	}
	message.Subject(m.Subject)
	message.SetDateWithValue(m.CreatedAt)
	message.SetMessageIDWithValue(m.ID.String() + "@" + s.domain())
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.SetBodyString(gomail.TypeTextPlain, m.Body)
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("mail %s: %w", m.ID, err)
	}
	if err := client.DialAndSendWithContext(ctx, message); err != nil {
		return fmt.Errorf("mail %s: %w", m.ID, err)
	}
	return nil
}

func (s *SMTP) domain() string {
	_, domain, _ := strings.Cut(s.from.Address, "@")
	return domain
}
