package mongostore

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/wiremessage"

	"first5/app/mongostore/mongotest"
)

// lossy is a line to the database that breaks once, at a command that is chosen
// by its number: the server has done it, and its reply never arrives. The program
// can't know whether it was done.
type lossy struct {
	net.Dialer

	mu     sync.Mutex
	at     int  // how many commands there are to the one that is lost; 0: none is
	broken bool // whether it was lost
}

// open returns a new store at the end of the line, with all its indexes.
func (l *lossy) open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(mongotest.Address(t), Options{Client: func(o *options.ClientOptions) { o.SetDialer(l) }})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	require.NoError(t, s.CreateIndexes(t.Context(), func(string) {}))
	return s
}

// breakAt has the line break at the command of that number, counted from now.
func (l *lossy) breakAt(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at, l.broken = n, false
}

// broke says whether the line broke, and mends it.
func (l *lossy) broke() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at = 0
	return l.broken
}

// breaks says whether the line breaks at a command.
func (l *lossy) breaks(command string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at == 0 || !slices.Contains([]string{"find", "getMore", "insert", "update", "delete", "findAndModify"}, command) {
		return false
	}
	l.at--
	l.broken = l.at == 0
	return l.broken
}

func (l *lossy) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := l.Dialer.DialContext(ctx, network, address)
	return &lossyConn{Conn: c, line: l}, err
}

// lossyConn is one connection of the line.
type lossyConn struct {
	net.Conn
	line   *lossy
	losing bool // the reply that comes next
}

func (c *lossyConn) Write(message []byte) (int, error) {
	if c.line.breaks(commandOf(message)) {
		c.losing = true
	}
	return c.Conn.Write(message)
}

func (c *lossyConn) Read(into []byte) (int, error) {
	n, err := c.Conn.Read(into)
	if c.losing { // by now the server has done it
		_ = c.Close()
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}

// commandOf returns the name of the command in a message: the first field of its
// document, after the message's header and flags.
func commandOf(message []byte) string {
	const name = 16 + 4 + 1 + 4 + 1
	if len(message) < name || wiremessage.OpCode(binary.LittleEndian.Uint32(message[12:])) != wiremessage.OpMsg {
		return ""
	}
	command, _, _ := strings.Cut(string(message[name:]), "\x00")
	return command
}

// atEachBreak runs a test of one step once for each command that the step sends,
// whose reply is lost, and once on a sound line. run gets a new store, prepares
// it, calls breaks, and takes the step.
func atEachBreak(t *testing.T, run func(t *testing.T, s *Store, breaks func())) {
	t.Helper()
	t.Parallel() // it is little more than the driver's waiting before it tries the server again
	for n := 1; ; n++ {
		line := &lossy{}
		s := line.open(t)
		run(t, s, func() { line.breakAt(n) })
		if !line.broke() {
			require.Greater(t, n, 1, "the line never broke")
			return
		}
		require.False(t, t.Failed(), "at command number %d", n)
	}
}
