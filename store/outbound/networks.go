package outbound

import "net/netip"

// closed are the networks that are nobody's public address: this machine, private and shared networks, those of links,
// metadata services, documentation, benchmarks and translation, and multicast.
var closed = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7",
	"fe80::/10", "fec0::/10", "ff00::/8",
)

func prefixes(list ...string) []netip.Prefix {
	networks := make([]netip.Prefix, len(list))
	for i, text := range list {
		networks[i] = netip.MustParsePrefix(text)
	}
	return networks
}

// allocated is all of IPv6 that is given to anybody. The rest is reserved, and means what the next machine takes it for.
var allocated = netip.MustParsePrefix("2000::/3")

func public(addr netip.Addr) bool {
	if !addr.IsValid() || !addr.IsGlobalUnicast() || addr.Is6() && !allocated.Contains(addr) {
		return false
	}
	for _, network := range closed {
		if network.Contains(addr) {
			return false
		}
	}
	return true
}
