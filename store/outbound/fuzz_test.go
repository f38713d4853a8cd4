package outbound

import (
	"net/netip"
	"strings"
	"testing"
)

// What the standard library knows of addresses is a second opinion about those that organisations may call.
func FuzzJudge(f *testing.F) {
	for _, text := range []string{"127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "8.8.8.8", "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1",
		"2002:a00:1::", "64:ff9b::a00:1", "2606:4700::1111", "224.0.0.1", "0.0.0.0", "255.255.255.255"} {
		f.Add(netip.MustParseAddr(text).AsSlice(), uint16(443), false)
	}
	f.Add([]byte{8, 8, 8, 8}, uint16(80), true)
	f.Fuzz(func(t *testing.T, bytes []byte, port uint16, plain bool) {
		addr, ok := netip.AddrFromSlice(bytes)
		if !ok || (Guard{}).judge(netip.AddrPortFrom(addr, port), plain) != nil {
			return
		}
		addr = addr.Unmap()
		inner := addr.Is6() && strings.HasPrefix(addr.StringExpanded(), "0000:0000:0000:0000:0000:") // IPv4 addresses in other clothes
		if plain || port != httpsPort || inner || addr.IsPrivate() || addr.IsLoopback() || addr.IsMulticast() || addr.IsUnspecified() ||
			addr.IsLinkLocalUnicast() || addr.IsLinkLocalMulticast() || addr.IsInterfaceLocalMulticast() || !addr.IsGlobalUnicast() {
			t.Fatalf("%s, port %d, plain %v may be called", addr, port, plain)
		}
	})
}

// Whatever is typed as an address is refused with a sentence, or it is an address without a name, a password or a question.
func FuzzCheck(f *testing.F) {
	for _, text := range []string{"https://api.example.com/v1", "http://127.0.0.1:11434", "https://a:b@c", "https://[::1%25eth0]/", "//x", "https:x", "https://x?#", "\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if (Guard{}).Check(text) == "" && (!strings.HasPrefix(strings.ToLower(text), "https://") || strings.ContainsAny(text, "@?#\x00\r\n ")) {
			t.Fatalf("%q is accepted", text)
		}
	})
}
