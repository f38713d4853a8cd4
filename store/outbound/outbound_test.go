package outbound

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestOnlyPublicAddressesAreCalled(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"127.0.0.1:443", "[::1]:443", "10.0.0.1:443", "172.16.9.9:443", "192.168.1.1:443", "169.254.169.254:443", "100.64.0.1:443",
		"168.63.129.16:443", "0.0.0.0:443", "[::]:443", "[::ffff:127.0.0.1]:443", "[::ffff:10.0.0.1]:443", "[::127.0.0.1]:443", "[fe80::1%eth0]:443",
		"[fd00::1]:443", "[64:ff9b::7f00:1]:443", "[2002:7f00:1::]:443", "224.0.0.1:443", "255.255.255.255:443", "192.0.2.1:443",
		"93.184.216.34:80", "93.184.216.34:22",
	} {
		if err := (Guard{}).judge(netip.MustParseAddrPort(address), false); !errors.Is(err, ErrRefused) {
			t.Errorf("%s is called", address)
		}
	}
	for _, address := range []string{"93.184.216.34:443", "[2606:2800:220:1::]:443"} {
		if err := (Guard{}).judge(netip.MustParseAddrPort(address), false); err != nil {
			t.Errorf("%s is refused", address)
		}
		if err := (Guard{}).judge(netip.MustParseAddrPort(address), true); err == nil {
			t.Errorf("%s is called without https", address)
		}
	}
}

func TestTheOperatorOpensAddresses(t *testing.T) {
	t.Parallel()
	g, err := Open("127.0.0.1:11434, 10.2.0.0/16 ::1")
	if err != nil {
		t.Fatal(err)
	}
	for address, open := range map[string]bool{"127.0.0.1:11434": true, "127.0.0.1:443": false, "10.2.3.4:8000": true, "10.3.0.1:8000": false,
		"[::1]:1": true, "[::ffff:10.2.3.4]:80": true, "93.184.216.34:80": false} {
		if err := g.judge(netip.MustParseAddrPort(address), true); (err == nil) != open {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := Open("localhost"); err == nil {
		t.Error("a name was opened")
	}
}

func TestAddressesAreCheckedAsTheyAreTyped(t *testing.T) {
	t.Parallel()
	g, err := Open("127.0.0.1:11434")
	if err != nil {
		t.Fatal(err)
	}
	for address, good := range map[string]bool{
		"https://api.example.com/v1": true, "http://localhost:11434/v1": true, "http://127.0.0.1:11434/v1": true, "http://127.0.0.1:11435/v1": false,
		"https://10.0.0.1/": false, "https://u:p@api.example.com/": false, "https://api.example.com/?key=1": false, "ftp://api.example.com/": false,
		"api.example.com": false, "https:///v1": false, "": false,
	} {
		if said := g.Check(address); (said == "") != good {
			t.Errorf("%q: %q", address, said)
		}
	}
	if (Guard{}).Check("http://localhost:11434/v1") == "" {
		t.Error("http passes where nothing is opened")
	}
}

// A real server of this machine is reached when it is open, and by no name, redirect or literal when it is not.
func TestNothingIsConnectedThatIsClosed(t *testing.T) {
	t.Parallel()
	calls := make(chan string, 10)
	sentinel := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls <- r.URL.Path
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	defer sentinel.Close()
	place := strings.TrimPrefix(sentinel.URL, "http://")
	_, port, _ := strings.Cut(place, ":")
	try := func(g Guard, url string) (*http.Response, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		return g.Client().Do(request)
	}
	for _, url := range []string{sentinel.URL, "http://localhost:" + port, "https://localhost:" + port, "https://" + place, "http://[::ffff:127.0.0.1]:" + port} {
		if answer, err := try(Guard{}, url); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v, %v", url, answer, err)
		}
	}
	if len(calls) > 0 {
		t.Fatalf("the sentinel was called: %s", <-calls)
	}
	open, err := Open(place)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := try(open, sentinel.URL+"/first")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusFound || <-calls != "/first" || len(calls) > 0 {
		t.Errorf("answered %d, and a redirect was followed", answer.StatusCode)
	}
}
