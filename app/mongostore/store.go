// Package mongostore keeps First5's data in MongoDB, or in any server that
// speaks its protocol: the store that grows.
//
// Every step of [app.Store] is one write to one document, and so needs no
// transaction. Where a step touches more than one, the first write decides
// whether it is done, and holds what the others are made of: whoever comes next
// finishes what a lost connection left undone. Each write can be repeated
// without counting twice, since after a lost connection nobody knows whether it
// was done.
package mongostore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"

	"first5/app"
)

// longestName is how long the name of a database may be, by MongoDB's manual.
const longestName = 63

// patience is how long one call waits for the database, with all that the
// driver tries again meanwhile: the time in which somebody at a page waits.
const patience = 8 * time.Second

// Options are what an operator may choose of a store.
type Options struct {
	// DownloadsFromSecondaries has downloads read where a replica set has copies
	// of the data, which may be some seconds old.
	DownloadsFromSecondaries bool

	// Client changes how the driver is set up, after everything else; tests watch
	// commands by it. It may be nil.
	Client func(*options.ClientOptions)
}

// Store is an [app.Store] in a MongoDB database. [Open] makes one.
type Store struct {
	client *mongo.Client

	// Writes are acknowledged by a majority, in the journal, and reads are of what
	// a majority has: what was acknowledged is seen, and nothing is seen, decided
	// upon or said to anybody that a failover may take back.
	db *mongo.Database

	downloads *mongo.Database // likewise, from where an operator wants it read

	whole   completeness // see [Store.Ping]
	tallies tallies      // see [Store.Counts]

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup // methods that were called and have not returned
}

var _ app.Store = (*Store)(nil)

// CheckAddress returns what is wrong with a database address, in one sentence
// that does not repeat the address, since it may hold a password.
func CheckAddress(address string) error {
	_, err := databaseName(address)
	return err
}

// databaseName returns the name of the database in an address.
func databaseName(address string) (string, error) {
	// The other scheme asks the network for its hosts, which matter not here.
	parsed, err := connstring.Parse(strings.Replace(address, "mongodb+srv://", "mongodb://", 1))
	switch {
	case err != nil:
		return "", errors.New("the MongoDB address can't be read: it should be like mongodb://user:password@host:27017/first5, " +
			"with every sign of the password that is neither a letter nor a digit written as %XX")
	case parsed.Database == "":
		return "", errors.New("the MongoDB address names no database: end it with a slash and a name, as in mongodb://host:27017/first5")
	case strings.ContainsAny(parsed.Database, "/\\. \"$*<>:|?\x00") || len(parsed.Database) > longestName:
		return "", fmt.Errorf("the name of the database in the MongoDB address, %q, can't be one: take letters, digits and dashes, 63 at most", parsed.Database)
	case len(parsed.UnknownOptions) > 0:
		unknown := slices.Sorted(maps.Keys(parsed.UnknownOptions))
		return "", fmt.Errorf("the MongoDB address has an option that there is not, %q: mend its name, or take it out", unknown[0])
	}
	return parsed.Database, nil
}

// Open returns the store at an address such as mongodb://host:27017/first5. It
// does not ask whether the database answers; see [Store.Await].
func Open(address string, o Options) (*Store, error) {
	name, err := databaseName(address)
	if err != nil {
		return nil, err
	}
	set := options.Client().SetAppName("first5").SetTimeout(patience).SetServerSelectionTimeout(patience).
		ApplyURI(address). // which may say otherwise
		SetRetryReads(true).SetRetryWrites(true)
	if o.Client != nil {
		o.Client(set)
	}
	client, err := mongo.Connect(set)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	journal := true
	durable := &writeconcern.WriteConcern{W: "majority", Journal: &journal}
	from := readpref.Primary()
	if o.DownloadsFromSecondaries {
		from = readpref.SecondaryPreferred()
	}
	database := func(rp *readpref.ReadPref) *mongo.Database {
		return client.Database(name, options.Database().SetWriteConcern(durable).SetReadConcern(readconcern.Majority()).SetReadPreference(rp))
	}
	return &Store{client: client, db: database(readpref.Primary()), downloads: database(from)}, nil
}

// begin makes [Store.Close] wait until [Store.end], unless the store is closed.
func (s *Store) begin(doing string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("%s: %w: the database is closed", doing, app.ErrStoreAway)
	}
	s.running.Add(1)
	return nil
}

func (s *Store) end() { s.running.Done() }

// Close waits for what was begun and lets go of the database. Every call that
// comes later returns an error that wraps [app.ErrStoreAway].
func (s *Store) Close() error {
	s.mu.Lock()
	was := s.closed
	s.closed = true
	s.mu.Unlock()
	if was {
		return nil
	}
	s.running.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := s.client.Disconnect(ctx)
	if err != nil {
		return fmt.Errorf("closing the database: %w", err)
	}
	return nil
}
