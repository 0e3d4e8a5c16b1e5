package mongostore

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/wiremessage"

	"first5/app"
	"first5/app/mongostore/mongotest"
)

// impatientStore returns a store whose driver gives up looking for a server soon.
func impatientStore(t *testing.T, address string) *Store {
	t.Helper()
	s, err := Open(address, Options{Client: func(o *options.ClientOptions) { o.SetServerSelectionTimeout(300 * time.Millisecond) }})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func TestADatabaseThatAnswersIsNotWaitedFor(t *testing.T) {
	s := impatientStore(t, mongotest.Address(t))
	require.NoError(t, s.Await(t.Context(), func(err error) { t.Errorf("told %v", err) }))
}

func TestADatabaseIsWaitedForUntilItAnswers(t *testing.T) {
	address, line := mongotest.Behind(t)
	line.Down()
	s := impatientStore(t, address)
	tries := 0
	require.NoError(t, s.Await(t.Context(), func(err error) {
		assert.ErrorIs(t, err, app.ErrStoreAway)
		tries++
		if tries == 2 {
			line.Up()
		}
	}))
	assert.GreaterOrEqual(t, tries, 2)
}

func TestWaitingEndsWithTheContextAndWithTheStore(t *testing.T) {
	address, line := mongotest.Behind(t)
	line.Down()
	s := impatientStore(t, address)
	ctx, cancel := context.WithCancel(t.Context())
	assert.ErrorIs(t, s.Await(ctx, func(error) { cancel() }), context.Canceled)
	err := s.Await(t.Context(), func(error) { assert.NoError(t, s.Close()) })
	assert.ErrorContains(t, err, "the database is closed")
}

func TestACertificateThatCannotBeTrustedIsNotWaitedFor(t *testing.T) {
	certified := httptest.NewUnstartedServer(nil)
	certified.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	certified.StartTLS()
	t.Cleanup(certified.Close)
	s := impatientStore(t, "mongodb://"+certified.Listener.Addr().String()+"/first5?tls=true")
	err := s.Await(t.Context(), func(err error) { t.Errorf("told %v", err) })
	require.ErrorContains(t, err, "waiting for the database: the database's certificate can't be trusted: name the file of the authority")
	var untrusted *tls.CertificateVerificationError
	assert.NotErrorAs(t, err, &untrusted, "the driver's own words are long")
	assert.ErrorContains(t, err, "x509: ")
}

func TestAServerWithoutTLSIsNotWaitedForWithIt(t *testing.T) {
	plain := httptest.NewServer(nil)
	t.Cleanup(plain.Close)
	s := impatientStore(t, "mongodb://"+plain.Listener.Addr().String()+"/first5?tls=true")
	err := s.Await(t.Context(), func(err error) { t.Errorf("told %v", err) })
	assert.ErrorContains(t, err, "does not speak TLS")
}

func TestAUserWhomTheDatabaseRefusesIsNotWaitedFor(t *testing.T) {
	const password = "hunter2"
	for name, c := range map[string]struct {
		user, command string
		code          int
		says          string
	}{
		"a wrong password": {"first5:" + password + "@", "saslStart", 18,
			"waiting for the database: the database refuses the user in its address: check the name, the password, authSource and authMechanism"},
		"a wrong password at a hosted one": {"first5:" + password + "@", "saslStart", 8000,
			"waiting for the database: the database refuses the user in its address: check the name, the password, authSource and authMechanism"},
		"nobody named": {"", "find", 13,
			"waiting for the database: the user in the database's address may not read the database: give it the role readWrite there"},
	} {
		t.Run(name, func(t *testing.T) {
			s := impatientStore(t, "mongodb://"+c.user+refusing(t, c.command, c.code)+"/first5")
			err := s.Await(t.Context(), func(err error) { t.Errorf("told %v", err) })
			assert.EqualError(t, err, c.says)
		})
	}
}

func TestAServerThatIsShuttingDownIsWaitedFor(t *testing.T) {
	// It refuses to sign anybody in, which is not the user's fault.
	s := impatientStore(t, "mongodb://first5:hunter2@"+refusing(t, "saslStart", 11600)+"/first5")
	ctx, cancel := context.WithCancel(t.Context())
	assert.ErrorIs(t, s.Await(ctx, func(error) { cancel() }), context.Canceled)
}

// refusing returns where a server listens that answers every command well but
// one, which it refuses with a code.
func refusing(t *testing.T, command string, code int) string {
	return pretending(t, map[string]bson.D{command: {{Key: "ok", Value: 0}, {Key: "code", Value: code}, {Key: "errmsg", Value: "refused"}}})
}

// pretending returns where a server listens that answers commands as it is told,
// and all others well. It holds nothing.
func pretending(t *testing.T, answers map[string]bson.D) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { ln.Close() }) // which ends the loop
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go answer(conn, answers)
		}
	}()
	return ln.Addr().String()
}

// answer speaks as much of MongoDB's protocol as a driver needs.
func answer(conn net.Conn, answers map[string]bson.D) {
	defer conn.Close()
	for {
		asked, err := readMessage(conn)
		if err != nil {
			return
		}
		_, id, _, opcode, body, _ := wiremessage.ReadHeader(asked)
		command := "hello" // alone is asked in the old way
		if opcode == wiremessage.OpMsg {
			command, _ = first(body[5:]) // after the flags and the kind of section
		}
		reply, ok := answers[command]
		if !ok {
			reply = bson.D{
				{Key: "ok", Value: 1}, {Key: "ismaster", Value: true}, {Key: "maxWireVersion", Value: 21},
				{Key: "cursor", Value: bson.D{{Key: "id", Value: int64(0)}, {Key: "ns", Value: "first5.state"}, {Key: "firstBatch", Value: bson.A{}}}},
			}
		}
		document, err := bson.Marshal(reply)
		if err != nil {
			panic(err)
		}
		_, err = conn.Write(message(id, opcode, document))
		if err != nil {
			return
		}
	}
}

func readMessage(r io.Reader) ([]byte, error) {
	head := make([]byte, 4)
	_, err := io.ReadFull(r, head)
	if err != nil {
		return nil, err
	}
	rest := make([]byte, binary.LittleEndian.Uint32(head)-4)
	_, err = io.ReadFull(r, rest)
	return append(head, rest...), err
}

// message answers a question of one of the two sorts that drivers ask.
func message(to int32, opcode wiremessage.OpCode, document []byte) []byte {
	answers := wiremessage.OpMsg
	if opcode != wiremessage.OpMsg {
		answers = wiremessage.OpReply
	}
	start, m := wiremessage.AppendHeaderStart(nil, 1, to, answers)
	if answers == wiremessage.OpReply {
		m = wiremessage.AppendReplyFlags(m, 0)
		m = wiremessage.AppendReplyCursorID(m, 0)
		m = wiremessage.AppendReplyStartingFrom(m, 0)
		m = wiremessage.AppendReplyNumberReturned(m, 1)
	} else {
		m = wiremessage.AppendMsgFlags(m, 0)
		m = wiremessage.AppendMsgSectionType(m, wiremessage.SingleDocument)
	}
	m = append(m, document...)
	binary.LittleEndian.PutUint32(m[start:], uint32(len(m)))
	return m
}
