package main

import (
	"strings"
	"testing"

	"surrealm/store/datadir"
)

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	t.Parallel()
	env := []string{
		"LISTEN_ADDR=nowhere", "BASE_URL=ftp://x/y", "TRUSTED_PROXIES=10.0.0.0/8, next door", "OUTBOUND_ALLOW=localhost", "REQUESTS_PER_SECOND=-1", "LOG_FORMAT=xml", "LOG_LEVEL=loud",
		"DATABASE_URL=postgres://postgres:secret@127.0.0.1/x", "CONTROL_DATABASE_URL=:::", "MASTER_KEY=short",
		"SMTP_URL=http://mail", "ACCEPT_WEAKER_DOOR=superuser",
	}
	out, complaints := expect(t, 2, env, "serve")
	contains(t, complaints, "LISTEN_ADDR: ", "BASE_URL: ", `TRUSTED_PROXIES: "next"`, `OUTBOUND_ALLOW: "localhost"`, "REQUESTS_PER_SECOND: ", "LOG_FORMAT: ", "LOG_LEVEL: ",
		`DATABASE_URL: this address logs in as "postgres"`, "CONTROL_DATABASE_URL: ", "MIGRATE_DATABASE_URL is missing", "MASTER_KEY: ",
		"SMTP_FROM is missing", `ACCEPT_WEAKER_DOOR: "superuser"`)
	if strings.Contains(complaints, "secret") {
		t.Errorf("a password is printed:\n%s", complaints)
	}
	if out != "" {
		t.Errorf("printed: %s", out)
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		env  []string
		args []string
		want string
	}{
		"two keys":          {[]string{"MASTER_KEY=" + strings.Repeat("ab", 32), "MASTER_KEY_FILE=x"}, []string{"serve"}, "both given"},
		"sender alone":      {[]string{"SMTP_FROM=a@b.example"}, []string{"serve"}, "without SMTP_URL"},
		"public demo":       {[]string{"LISTEN_ADDR=0.0.0.0:8080"}, []string{"serve", "--with-demo"}, "loopback"},
		"unknown flag":      {nil, []string{"serve", "--fast"}, "unknown flag --fast"},
		"unknown command":   {nil, []string{"server"}, "unexpected argument server"},
		"missing argument":  {nil, []string{"tenants", "drop"}, "expected"},
		"workers":           {nil, []string{"migrate", "--workers", "0"}, "1 to 100"},
		"lonely bootstrap":  {nil, []string{"migrate", "--bootstrap-url", "postgres://x"}, "three database addresses"},
		"flag beats env":    {[]string{"LOG_LEVEL=info"}, []string{"serve", "--log-level", "loud"}, `"loud"`},
		"path in base url":  {[]string{"BASE_URL=https://x.example/app"}, []string{"serve"}, "without a path"},
		"port out of range": {[]string{"LISTEN_ADDR=127.0.0.1:99999"}, []string{"serve"}, "LISTEN_ADDR"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, complaints := expect(t, 2, test.env, test.args...)
			contains(t, complaints, test.want)
		})
	}
}

func TestEveryCommandHasHelp(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"", "serve", "migrate", "tenants", "tenants list", "tenants create", "tenants drop", "tenants check", "tenants export", "tenants restore",
		"audit", "audit export", "audit verify", "verify", "demo", "doctor",
	} {
		out, complaints := expect(t, 0, nil, append(strings.Fields(line), "--help")...)
		if !strings.Contains(out, "Usage: surrealm "+line) || complaints != "" {
			t.Errorf("%s: %s%s", line, out, complaints)
		}
	}
	if out, _ := expect(t, 0, nil); !strings.Contains(out, "Commands:") {
		t.Errorf("without a command: %s", out)
	}
}

func TestTheDataFolderIsWhereTheUserKeepsData(t *testing.T) {
	t.Parallel()
	out, _ := expect(t, 0, []string{"DATA_DIR=/elsewhere", "XDG_DATA_HOME=/xdg", "HOME=/home/x"}, "serve", "--help")
	if got := datadir.Default(newEnvironment([]string{"XDG_DATA_HOME=/xdg", "HOME=/home/x"}).get); got != "/var/lib/surrealm" && got != "/xdg/surrealm" {
		t.Errorf("default folder %s", got)
	}
	contains(t, out, "($DATA_DIR)", "Default:")
}
