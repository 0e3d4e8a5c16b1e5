package site

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOnlyTrustedProxiesSayWhereARequestCameFrom(t *testing.T) {
	p, err := parseProxies([]string{"10.0.0.0/8", "::1", "192.0.2.7", "::ffff:172.16.0.0/108"})
	require.NoError(t, err)
	for name, c := range map[string]struct{ connection, forwarded, want string }{
		"a direct visitor":                      {"203.0.113.5", "", "203.0.113.5"},
		"a direct visitor who claims another":   {"203.0.113.5", "198.51.100.1", "203.0.113.5"},
		"through a proxy":                       {"10.1.2.3", "203.0.113.5", "203.0.113.5"},
		"through two proxies":                   {"10.1.2.3", "203.0.113.5, 192.0.2.7", "203.0.113.5"},
		"through a proxy, claiming another":     {"10.1.2.3", "198.51.100.1, 203.0.113.5", "203.0.113.5"},
		"a proxy that says nothing":             {"10.1.2.3", "", "10.1.2.3"},
		"a proxy that says rubbish":             {"10.1.2.3", "unknown", "10.1.2.3"},
		"a proxy on this machine":               {"::1", "2001:db8::5", "2001:db8::5"},
		"a v4 address written as v6":            {"::ffff:10.1.2.3", "::ffff:203.0.113.5", "203.0.113.5"},
		"through a proxy that writes the port":  {"10.1.2.3", "203.0.113.5:51234", "203.0.113.5"},
		"and of IPv6":                           {"10.1.2.3", "[2001:db8::5]:51234", "2001:db8::5"},
		"and with brackets alone":               {"10.1.2.3", "[2001:db8::5]", "2001:db8::5"},
		"through a v4 network written as v6":    {"172.16.9.9", "203.0.113.5", "203.0.113.5"},
		"outside of that network":               {"172.32.9.9", "203.0.113.5", "172.32.9.9"},
		"nothing but proxies, from one of them": {"10.1.2.3", "10.9.9.9", "10.9.9.9"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, p.client(netip.MustParseAddr(c.connection), c.forwarded).String())
		})
	}
	_, err = parseProxies([]string{"proxy.example"})
	assert.ErrorContains(t, err, `the trusted proxy "proxy.example" should be an address or a network`)
}
