package site

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// proxies are the addresses whose word on where a request came from is taken.
type proxies []netip.Prefix

// CheckProxies says which trusted proxy is neither an address nor a network, such
// as 10.0.0.7 and 10.0.0.0/8.
func CheckProxies(written []string) error {
	_, err := parseProxies(written)
	return err
}

// parseProxies reads addresses and networks, such as 10.0.0.7 and 10.0.0.0/8.
func parseProxies(written []string) (proxies, error) {
	var all proxies
	for _, w := range written {
		network, err := netip.ParsePrefix(w)
		if err != nil {
			var address netip.Addr
			address, err = netip.ParseAddr(w)
			if err != nil {
				return nil, fmt.Errorf("the trusted proxy %q should be an address or a network, like 10.0.0.7 or 10.0.0.0/8", w)
			}
			network = netip.PrefixFrom(address, address.BitLen())
		}
		all = append(all, unmapped(network))
	}
	return all, nil
}

// unmapped returns a network of IPv4 addresses that is written in IPv6 as those
// addresses are compared.
func unmapped(network netip.Prefix) netip.Prefix {
	if !network.Addr().Is4In6() || network.Bits() < 96 {
		return network
	}
	return netip.PrefixFrom(network.Addr().Unmap(), network.Bits()-96)
}

func (p proxies) include(a netip.Addr) bool {
	for _, network := range p {
		if network.Contains(a) {
			return true
		}
	}
	return false
}

// client returns the address that a request came from: that of the connection,
// or, as far as trusted proxies have passed it on, the last one before them.
// Anything further left was written by whoever sent the request.
func (p proxies) client(connection netip.Addr, forwarded string) netip.Addr {
	client := connection.Unmap()
	hops := strings.Split(forwarded, ",")
	for i := len(hops) - 1; i >= 0 && p.include(client); i-- {
		hop, err := parseHop(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		client = hop.Unmap()
	}
	return client
}

// parseHop reads an address as proxies write it: some add the port, and then
// brackets around an address of IPv6.
func parseHop(written string) (netip.Addr, error) {
	withPort, err := netip.ParseAddrPort(written)
	if err == nil {
		return withPort.Addr(), nil
	}
	return netip.ParseAddr(strings.Trim(written, "[]"))
}

// clientAddress returns the address that the request came from.
func (s *Site) clientAddress(c *fiber.Ctx) string {
	connection, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if !ok {
		return ""
	}
	// All lines of the header, since each proxy may add one.
	var forwarded []string
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		forwarded = append(forwarded, string(line))
	}
	return s.proxies.client(connection, strings.Join(forwarded, ",")).String()
}
