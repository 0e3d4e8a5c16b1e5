package main

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// detour is another way to a MongoDB server, by an address that nobody listens
// on until it is opened, and which can be closed again.
type detour struct {
	t       *testing.T
	address string // of the database, by this way
	here    string // host and port
	there   string // likewise, the server's own

	mu    sync.Mutex
	ln    net.Listener
	conns []net.Conn
}

// newDetour returns a way to the database at an address of one host.
func newDetour(t *testing.T, address string) *detour {
	t.Helper()
	scheme, rest, _ := strings.Cut(address, "://")
	require.Equal(t, "mongodb", scheme)
	hosts, path, _ := strings.Cut(rest, "/")
	at := strings.LastIndex(hosts, "@") + 1
	user, there := hosts[:at], hosts[at:]
	name, query, _ := strings.Cut(path, "?")
	d := &detour{t: t, here: freeAddress(t), there: there}
	d.address = scheme + "://" + user + d.here + "/" + name + "?directConnection=true&serverSelectionTimeoutMS=500&" + query
	d.address = strings.TrimSuffix(d.address, "&")
	t.Cleanup(d.close)
	return d
}

// open lets connections through.
func (d *detour) open() {
	d.t.Helper()
	ln, err := net.Listen("tcp", d.here)
	require.NoError(d.t, err)
	d.mu.Lock()
	d.ln = ln
	d.mu.Unlock()
	go func() {
		for {
			in, err := ln.Accept()
			if err != nil {
				return
			}
			go d.carry(in)
		}
	}()
}

// carry connects one who came in with the server.
func (d *detour) carry(in net.Conn) {
	out, err := net.Dial("tcp", d.there)
	if err != nil {
		in.Close()
		return
	}
	d.mu.Lock()
	d.conns = append(d.conns, in, out)
	d.mu.Unlock()
	go func() {
		_, _ = io.Copy(out, in) // until one of them is closed
		out.Close()
	}()
	_, _ = io.Copy(in, out)
	in.Close()
}

// close breaks whatever was connected, and takes no more.
func (d *detour) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ln != nil {
		d.ln.Close()
	}
	for _, c := range d.conns {
		c.Close()
	}
	d.ln, d.conns = nil, nil
}
