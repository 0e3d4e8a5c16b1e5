package mongotest

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// Line is a line to the server that a test can disturb.
type Line struct {
	t     testing.TB
	proxy *toxiproxy.Proxy
}

// Direction is one way along a line.
type Direction string

// The directions.
const (
	Asked    Direction = "upstream"   // what the program asks
	Answered Direction = "downstream" // what the server answers
)

// Behind returns the address of a new database, as [Address] does, that is
// reached over a line. The driver gives up within half a second, so that a test
// need not wait for what will not come.
func Behind(t testing.TB) (address string, l *Line) {
	t.Helper()
	direct := Address(t)
	u, err := url.Parse(direct)
	if err != nil || strings.Contains(u.Host, ",") {
		t.Fatalf("a line needs a server with one host, such as mongodb://127.0.0.1:27017: %v", err)
	}
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	l = &Line{t: t, proxy: toxiproxy.NewProxy(server, "line", "127.0.0.1:0", u.Host)}
	err = l.proxy.Start()
	if err != nil {
		t.Fatalf("starting the line: %v", err)
	}
	t.Cleanup(l.proxy.Stop)
	query := u.Query()
	query.Set("directConnection", "true") // members of a replica set name addresses of their own
	query.Set("serverSelectionTimeoutMS", "500")
	query.Set("connectTimeoutMS", "500")
	u.Host, u.RawQuery = l.proxy.Listen, query.Encode()
	return u.String(), l
}

// Cut ends each connection after so many bytes more in a direction, and each new
// one after as many.
func (l *Line) Cut(d Direction, bytes int) {
	l.add("limit_data", d, fmt.Sprintf(`{"bytes":%d}`, bytes))
}

// Reset breaks each connection at the next thing that goes in a direction.
func (l *Line) Reset(d Direction) { l.add("reset_peer", d, `{"timeout":0}`) }

// Delay holds everything that goes in a direction up for so long.
func (l *Line) Delay(d Direction, milliseconds int) {
	l.add("latency", d, fmt.Sprintf(`{"latency":%d}`, milliseconds))
}

// Swallow lets nothing through in a direction, and no connection end.
func (l *Line) Swallow(d Direction) { l.add("timeout", d, `{"timeout":0}`) }

func (l *Line) add(kind string, d Direction, attributes string) {
	l.t.Helper()
	_, err := l.proxy.Toxics.AddToxicJson(strings.NewReader(
		fmt.Sprintf(`{"type":%q,"stream":%q,"attributes":%s}`, kind, d, attributes)))
	if err != nil {
		l.t.Fatalf("disturbing the line: %v", err)
	}
}

// Mend ends all that disturbs the line.
func (l *Line) Mend() { l.proxy.Toxics.ResetToxics(context.Background()) }

// Down ends all connections and refuses new ones.
func (l *Line) Down() { l.proxy.Stop() }

// Up accepts connections again after [Line.Down].
func (l *Line) Up() {
	l.t.Helper()
	err := l.proxy.Start()
	if err != nil {
		l.t.Fatalf("starting the line again: %v", err)
	}
}
