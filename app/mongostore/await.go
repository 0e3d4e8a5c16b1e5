package mongostore

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/auth"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"
)

// How long Await pauses between two tries, at first and at the longest.
const (
	firstWait   = 250 * time.Millisecond
	longestWait = 30 * time.Second
)

// Await waits until the database answers and may be read: it tries at once, and
// then at pauses that grow to half a minute. It gives told what each failed try
// met. It returns an error at once where waiting can't help, such as a wrong
// password.
func (s *Store) Await(ctx context.Context, told func(err error)) error {
	const doing = "waiting for the database"
	for wait := firstWait; ; wait = min(2*wait, longestWait) {
		err := s.try(ctx, doing)
		if err == nil || ctx.Err() != nil || s.isClosed() {
			return err
		}
		reason := hopeless(err)
		if reason != nil {
			return fmt.Errorf("%s: %w", doing, reason)
		}
		told(err)
		next := time.NewTimer(wait)
		select {
		case <-next.C:
		case <-ctx.Done():
			next.Stop()
			return fmt.Errorf("%s: %w", doing, ctx.Err())
		}
	}
}

// try asks the database once. An answer to a ping alone would not do: a server
// gives it to anybody, whatever they may read.
func (s *Store) try(ctx context.Context, doing string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return s.do(ctx, doing, func(ctx context.Context) error {
		err := s.ping(ctx)
		if err != nil {
			return err
		}
		err = s.db.Collection(state).FindOne(ctx, bson.D{{Key: "_id", Value: ""}}).Err()
		if errors.Is(err, mongo.ErrNoDocuments) {
			return nil
		}
		return err
	})
}

func (s *Store) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// hopeless returns why waiting can't help, in one sentence, or nil if it may.
func hopeless(err error) error {
	switch {
	case hasCode(err, codeUnauthorized):
		return errors.New("the user in the database's address may not read the database: give it the role readWrite there")
	case isRefused(err):
		return errors.New("the database refuses the user in its address: check the name, the password, authSource and authMechanism")
	}
	return tlsFault(err)
}

// isRefused says whether the server does not take the user for who they say
// they are. What the network does while that is asked is no refusal.
func isRefused(err error) bool {
	if hasCode(err, codeAuthenticationFailed, codeAtlasError) {
		return true
	}
	var refused *auth.Error
	if !errors.As(err, &refused) {
		return false
	}
	why := refused.Inner()
	said, broke, network := driver.Error{}, topology.ConnectionError{}, net.Error(nil)
	return why != nil && !errors.As(why, &said) && !errors.As(why, &broke) && !errors.As(why, &network) && !errors.Is(why, io.EOF)
}

// tlsFault returns what is wrong with the certificates of all servers that were
// tried, or nil. One server with a good certificate is one to wait for.
func tlsFault(err error) error {
	var none topology.ServerSelectionError
	if !errors.As(err, &none) {
		return nil
	}
	var fault error
	for _, server := range none.Desc.Servers {
		fault = certificateFault(server.LastError)
		if fault == nil {
			return nil
		}
	}
	return fault
}

func certificateFault(err error) error {
	var untrusted *tls.CertificateVerificationError
	var plain tls.RecordHeaderError
	switch {
	case errors.As(err, &untrusted):
		return fmt.Errorf("the database's certificate can't be trusted: name the file of the authority that signed it "+
			"as tlsCAFile in the address, or have the certificate mended (%w)", untrusted.Err)
	case errors.As(err, &plain):
		return errors.New("the database does not speak TLS, which its address asks for: turn it on there, or leave tls=true out of the address")
	}
	return nil
}
