package main

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"surrealm/store"
	"surrealm/store/mailer"
	"surrealm/store/outbound"
)

// The settings, in groups: a command embeds the groups that it uses. Each can be a flag or a variable. A value is read
// as text and judged by a method of its group, so that one run reports every mistake and not only the first.

type dataSettings struct {
	DataDir string `env:"DATA_DIR" default:"${data_dir}" placeholder:"FOLDER" help:"Folder for keys, checkpoints and the private database. Default: ${default}."`
}

type databaseSettings struct {
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"PostgreSQL as surrealm_web. All three addresses or none: without them a private server is used."`
	ControlURL  string `name:"control-database-url" env:"CONTROL_DATABASE_URL" placeholder:"URL" help:"The same database as surrealm_ctl."`
	MigrateURL  string `name:"migrate-database-url" env:"MIGRATE_DATABASE_URL" placeholder:"URL" help:"The same database as surrealm_migrator."`
}

type poolSettings struct {
	WebConns int32 `name:"web-conns" env:"WEB_CONNS" default:"16" placeholder:"N" help:"Connections to the database for requests, 1 to 500. Default: ${default}."`
}

type keySettings struct {
	MasterKey     string `env:"MASTER_KEY" placeholder:"KEY" help:"Master key: 32 bytes in base64 or hexadecimal. As a flag, others on this machine can read it."`
	MasterKeyFile string `env:"MASTER_KEY_FILE" placeholder:"FILE" help:"File that holds the master key; made when missing. Default: master.key in the data folder."`
}

type doorSettings struct {
	AcceptWeakerDoor string `env:"ACCEPT_WEAKER_DOOR" placeholder:"CHECKS" help:"Checks, separated by commas, that a managed database without a superuser cannot pass: set-config, sql-from-text."`
}

type listenSettings struct {
	Listen  string `env:"LISTEN_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen; port 0 takes a free one. Default: ${default}."`
	BaseURL string `name:"base-url" env:"BASE_URL" placeholder:"URL" help:"How people reach this server, for links in mail. Default: http:// and the address it listens on."`
	Proxies string `name:"trusted-proxies" env:"TRUSTED_PROXIES" placeholder:"NETWORKS" help:"Addresses or networks, separated by commas, whose X-Forwarded-For is believed."`
}

type rateSettings struct {
	RequestsPerSecond int `name:"requests-per-second" env:"REQUESTS_PER_SECOND" default:"50" placeholder:"N" help:"Requests a second that one person may send for long, and ten times as many at once; an organisation twenty times as many. 0 for no limit. Default: ${default}."`
}

type metricsSettings struct {
	MetricsAddr string `env:"METRICS_ADDR" placeholder:"HOST:PORT" help:"Loopback address where /metrics answers Prometheus, such as 127.0.0.1:9090. Off without it."`
}

type outboundSettings struct {
	OutboundAllow string `name:"outbound-allow" env:"OUTBOUND_ALLOW" placeholder:"ADDRESSES" help:"Addresses or networks of your own, separated by commas, at which organisations may have language models, such as 127.0.0.1:11434. Public addresses are always allowed, by https."`
}

type mailSettings struct {
	SMTPURL  string `name:"smtp-url" env:"SMTP_URL" placeholder:"URL" help:"Mail server: smtp://user:password@host:587 or smtps://… Without it, mail stays in the outbox."`
	SMTPFrom string `name:"smtp-from" env:"SMTP_FROM" placeholder:"ADDRESS" help:"Sender of the mail."`
}

type logSettings struct {
	LogFormat string `env:"LOG_FORMAT" default:"text" placeholder:"FORM" help:"text or json. Default: ${default}."`
	LogLevel  string `env:"LOG_LEVEL" default:"info" placeholder:"LEVEL" help:"debug, info, warn or error. Default: ${default}."`
}

// mistakes collects what is wrong with the settings.
type mistakes []string

func (m *mistakes) addf(format string, args ...any) { *m = append(*m, fmt.Sprintf(format, args...)) }

// orNil is the mistakes as an error that ends the program with 2, and nil when there are none.
func (m mistakes) orNil() error {
	if len(m) == 0 {
		return nil
	}
	return usageError{m}
}

// check says what is wrong with the three addresses: some are missing, or one logs in as somebody else.
func (d databaseSettings) check(bad *mistakes) {
	given := 0
	for _, setting := range d.byRole() {
		if setting.url == "" {
			continue
		}
		given++
		if err := store.CheckURL(setting.url, setting.role); err != nil {
			bad.addf("%s: %v.", setting.name, err)
		}
	}
	if given != 0 && given != 3 {
		for _, setting := range d.byRole() {
			if setting.url == "" {
				bad.addf("%s is missing: the three database addresses are given together or not at all.", setting.name)
			}
		}
	}
}

type databaseAddress struct{ name, role, url string }

func (d databaseSettings) byRole() []databaseAddress {
	return []databaseAddress{
		{"DATABASE_URL", store.RoleWeb, d.DatabaseURL},
		{"CONTROL_DATABASE_URL", store.RoleControl, d.ControlURL},
		{"MIGRATE_DATABASE_URL", store.RoleMigrator, d.MigrateURL},
	}
}

// external says that a database of somebody else's is used.
func (d databaseSettings) external() bool { return d.DatabaseURL != "" }

// accepted returns the checks whose failure is accepted.
func (d doorSettings) accepted(bad *mistakes) []string {
	names := fields(d.AcceptWeakerDoor)
	for _, name := range names {
		if !store.MayBeAccepted(name) {
			bad.addf("ACCEPT_WEAKER_DOOR: %q is not a check whose failure can be accepted.", name)
		}
	}
	return names
}

// check says what is wrong with the address to listen on.
func (l listenSettings) check(bad *mistakes) {
	host, port, err := net.SplitHostPort(l.Listen)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil || strings.ContainsAny(host, "/ ") {
		bad.addf("LISTEN_ADDR: %q is not an address such as 127.0.0.1:8080.", l.Listen)
	}
	if l.BaseURL == "" {
		return
	}
	base, err := url.Parse(l.BaseURL)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.User != nil ||
		strings.Trim(base.Path, "/") != "" || base.RawQuery != "" || base.Fragment != "" {
		bad.addf("BASE_URL: %q is not an address such as https://surrealm.example.com, without a path.", l.BaseURL)
	}
}

// check says what is wrong with the number of connections.
func (p poolSettings) check(bad *mistakes) {
	if p.WebConns < 1 || p.WebConns > 500 {
		bad.addf("WEB_CONNS: %d is not a number of connections from 1 to 500.", p.WebConns)
	}
}

// check says what is wrong with the number of requests.
func (r rateSettings) check(bad *mistakes) {
	if r.RequestsPerSecond < 0 || r.RequestsPerSecond > 1_000_000 {
		bad.addf("REQUESTS_PER_SECOND: %d is not a number of requests from 0 to 1000000.", r.RequestsPerSecond)
	}
}

// check says what is wrong with the address of the metrics. They tell how much is going on, so they stay on this machine.
func (m metricsSettings) check(bad *mistakes) {
	if m.MetricsAddr == "" {
		return
	}
	host, port, err := net.SplitHostPort(m.MetricsAddr)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if addr, parseErr := netip.ParseAddr(host); err != nil || host != "localhost" && (parseErr != nil || !addr.IsLoopback()) {
		bad.addf("METRICS_ADDR: %q is not a loopback address such as 127.0.0.1:9090.", m.MetricsAddr)
	}
}

// proxies returns the networks whose word about the client's address is believed.
func (l listenSettings) proxies(bad *mistakes) []*net.IPNet {
	var networks []*net.IPNet
	for _, text := range fields(l.Proxies) {
		prefix, err := netip.ParsePrefix(text)
		if addr, addrErr := netip.ParseAddr(text); addrErr == nil {
			prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			bad.addf("TRUSTED_PROXIES: %q is neither an address nor a network such as 10.0.0.0/8.", text)
			continue
		}
		prefix = prefix.Masked()
		networks = append(networks, &net.IPNet{
			IP:   prefix.Addr().AsSlice(),
			Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen()),
		})
	}
	return networks
}

// mailer returns the mail server's client, or nil when none is configured.
func (m mailSettings) mailer(bad *mistakes) store.Mailer {
	switch {
	case m.SMTPURL == "" && m.SMTPFrom == "":
		return nil
	case m.SMTPURL == "":
		bad.addf("SMTP_FROM is given without SMTP_URL.")
		return nil
	case m.SMTPFrom == "":
		bad.addf("SMTP_FROM is missing: mail needs a sender, such as surrealm@example.com.")
		return nil
	}
	smtp, err := mailer.New(m.SMTPURL, m.SMTPFrom)
	if err != nil {
		bad.addf("SMTP_URL and SMTP_FROM: %v.", err)
		return nil
	}
	return smtp
}

// guard returns which addresses may be called.
func (o outboundSettings) guard(bad *mistakes) outbound.Guard {
	guard, err := outbound.Open(o.OutboundAllow)
	if err != nil {
		bad.addf("OUTBOUND_ALLOW: %v.", err)
	}
	return guard
}

// loopback says that only this machine reaches the server.
func (l listenSettings) loopback() bool {
	host, _, _ := net.SplitHostPort(l.Listen)
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// fields splits a list at commas and spaces.
func fields(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}
