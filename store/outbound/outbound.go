// Package outbound is the one road by which this server calls addresses that people typed: the endpoints of language models
// today. A name is resolved and the address that is really connected to is judged, so that no name, redirect or second
// look-up leads into the networks behind the server. The operator opens single addresses; organisations cannot.
package outbound

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

const (
	connectFor   = 3 * time.Second
	handshakeFor = 5 * time.Second
	httpsPort    = 443
)

// ErrRefused says that an address is not one that this server calls.
var ErrRefused = errors.New("this server does not call that address")

// Guard says which addresses may be called. The zero Guard allows public ones by https on port 443, and nothing else.
type Guard struct{ open []opening }

// opening is a network that the operator opened. Port 0 is every port.
type opening struct {
	network netip.Prefix
	port    uint16
}

// Open reads what the operator opens beside public addresses: addresses, networks and addresses with a port, separated by
// commas or spaces, such as "127.0.0.1:11434, 10.2.0.0/16". What is opened may also be called without https.
func Open(list string) (Guard, error) {
	var g Guard
	for _, text := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if network, err := netip.ParsePrefix(text); err == nil {
			g.open = append(g.open, opening{network: network.Masked()})
		} else if place, err := netip.ParseAddrPort(text); err == nil {
			g.open = append(g.open, opening{netip.PrefixFrom(place.Addr(), place.Addr().BitLen()), place.Port()})
		} else if addr, err := netip.ParseAddr(text); err == nil {
			g.open = append(g.open, opening{network: netip.PrefixFrom(addr, addr.BitLen())})
		} else {
			return Guard{}, fmt.Errorf("%q is neither an address such as 127.0.0.1:11434 nor a network such as 10.2.0.0/16", text)
		}
	}
	return g, nil
}

func (g Guard) opened(to netip.AddrPort) bool {
	for _, o := range g.open {
		if o.network.Contains(to.Addr()) && (o.port == 0 || o.port == to.Port()) {
			return true
		}
	}
	return false
}

// judge decides about an address that is about to be connected to. plain says that it would be without https.
func (g Guard) judge(to netip.AddrPort, plain bool) error {
	to = netip.AddrPortFrom(to.Addr().Unmap().WithZone(""), to.Port())
	if g.opened(to) {
		return nil
	}
	if plain || to.Port() != httpsPort || !public(to.Addr()) {
		return ErrRefused
	}
	return nil
}

// Check says what is wrong with an address as it was typed, before anything is resolved: a sentence, or "". What a name
// resolves to is judged at each call.
func (g Guard) Check(address string) string {
	to, err := url.Parse(address)
	if err != nil || to.Scheme != "http" && to.Scheme != "https" || to.Hostname() == "" || to.Opaque != "" || strings.ContainsAny(address, " \t\r\n\x00") {
		return "Enter an address such as https://api.example.com/v1."
	}
	if strings.ContainsAny(address, "@?#") {
		return "Leave out names, passwords and everything after ? or #. The key has a field of its own."
	}
	plain := to.Scheme == "http"
	if plain && len(g.open) == 0 {
		return "Use https://. Whoever runs this server can open addresses of its own network for http."
	}
	port := to.Port()
	if port == "" {
		port = map[bool]string{true: "80", false: "443"}[plain]
	}
	place, err := netip.ParseAddrPort(net.JoinHostPort(to.Hostname(), port))
	if err == nil && g.judge(place, plain) != nil {
		return "This server does not call that address. Whoever runs it can open it."
	}
	return ""
}

// Client makes a client that calls what the guard allows: through no proxy, following no redirect, unpacking nothing.
// Every call needs a context with a deadline.
func (g Guard) Client() *http.Client {
	return &http.Client{
		Transport:     transports{secure: g.transport(false), plain: g.transport(true)},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// transports keeps calls with and without https apart, because they may reach different addresses.
type transports struct{ secure, plain *http.Transport }

// RoundTrip is part of http.RoundTripper.
func (t transports) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme == "https" {
		return t.secure.RoundTrip(r)
	}
	return t.plain.RoundTrip(r)
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach both.
func (t transports) CloseIdleConnections() {
	t.secure.CloseIdleConnections()
	t.plain.CloseIdleConnections()
}

func (g Guard) transport(plain bool) *http.Transport {
	dialer := net.Dialer{Timeout: connectFor, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return ErrRefused
		}
		return g.judge(to, plain)
	}}
	return &http.Transport{
		DialContext: dialer.DialContext, TLSHandshakeTimeout: handshakeFor, MaxResponseHeaderBytes: 64 << 10,
		DisableCompression: true, ForceAttemptHTTP2: true, MaxIdleConns: 8, IdleConnTimeout: 30 * time.Second,
	}
}
