// Package mongotest finds the MongoDB server that tests talk to.
package mongotest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Address returns the address of a database that is new and empty, and goes
// with the test. It is on the server that FIRST5_TEST_MONGODB names, an address
// such as mongodb://127.0.0.1:27017 with whatever options that one needs. Where
// none is named the test is skipped, and in CI fails.
func Address(t testing.TB) string {
	t.Helper()
	server := os.Getenv("FIRST5_TEST_MONGODB")
	if server == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("FIRST5_TEST_MONGODB names no MongoDB server to test with")
		}
		t.Skip("skipped: FIRST5_TEST_MONGODB names no MongoDB server, such as mongodb://127.0.0.1:27017")
	}
	address, name := named(server, "first5-test-"+strings.ToLower(rand.Text()))
	t.Cleanup(func() { drop(t, address, name) })
	return address
}

// named returns the server's address with the name of a database in it.
func named(server, name string) (address, database string) {
	server, query, _ := strings.Cut(server, "?")
	scheme, hosts, _ := strings.Cut(server, "://")
	hosts, _, _ = strings.Cut(hosts, "/")
	address = scheme + "://" + hosts + "/" + url.PathEscape(name)
	if query != "" {
		address += "?" + query
	}
	return address, name
}

func drop(t testing.TB, address, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(address))
	if err != nil {
		t.Errorf("connecting to remove the test's database: %v", err)
		return
	}
	defer client.Disconnect(ctx) // whatever comes of it, the test is over
	err = client.Database(name).Drop(ctx)
	if err != nil {
		t.Errorf("removing the test's database: %v", err)
	}
}
