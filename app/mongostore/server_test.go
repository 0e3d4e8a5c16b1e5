package mongostore

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"first5/app/mongostore/mongotest"
)

// clients is how many programs a promise is put to the test by at once.
const clients = 8

// The store is no better than the server below it. These are the promises of
// MongoDB that the store is built on, asked of the server that the tests have;
// those that it can't show are skipped, each with a word.
func TestTheServerKeepsMongoDBsPromises(t *testing.T) {
	address := mongotest.Address(t)
	for name, promise := range map[string]func(t *testing.T, all []*mongo.Collection){
		"nothing that is added up at once is lost":           additionsCount,
		"of those who change what they read one wins":        oneChangeWins,
		"of those who add a document of one id one does":     oneInsertWins,
		"a list is cut in the same step that adds to it":     listIsCut,
		"no two documents share an item of a unique list":    itemsAreUnique,
		"an item is changed in its place":                    itemIsChangedInPlace,
		"documents come in order from where a page ended":    pagesGoOn,
		"the highest value is kept, and the first one taken": highestIsKept,
		"texts are told apart byte by byte":                  textsAreBytes,
	} {
		t.Run(name, func(t *testing.T) {
			all := make([]*mongo.Collection, clients)
			collection := fmt.Sprintf("c%x", []byte(name)[:8])
			for n := range all {
				all[n] = connect(t, address).Collection(collection)
			}
			promise(t, all)
		})
	}
	db := connect(t, address)
	for name, can := range map[string]func(context.Context, *mongo.Database) error{
		"explain: how it goes about a question":              canExplain,
		"validators: it refuses a wrong document":            canValidate,
		"transactions: several writes at once":               canTransact,
		"retryable writes: the driver's own second try":      canRetryWrites,
		"TTL: it removes what is over by itself":             canExpire,
		"failover: another member takes over":                canFailOver,
		"majorities: a write waits for members, or says so":  canWaitForMembers,
		"read concern: what a majority has":                  canReadMajority,
		"order: texts are sorted byte by byte":               canSortBytes,
		"sharding: a cluster of several servers for one set": canShard,
	} {
		t.Run(name, func(t *testing.T) {
			err := can(t.Context(), db)
			if err != nil {
				t.Skipf("not shown by this server: %v", err)
			}
		})
	}
}

// atOnce has each client do something, all at the same time.
func atOnce(all []*mongo.Collection, do func(n int, c *mongo.Collection)) {
	var done sync.WaitGroup
	begin := make(chan struct{})
	for n, c := range all {
		done.Go(func() {
			<-begin
			do(n, c)
		})
	}
	close(begin)
	done.Wait()
}

func idIs(id any) bson.D { return bson.D{{Key: "_id", Value: id}} }

func operation(operator, field string, value any) bson.D {
	return bson.D{{Key: operator, Value: bson.D{{Key: field, Value: value}}}}
}

func insertOne(t *testing.T, c *mongo.Collection, document bson.D) {
	t.Helper()
	_, err := c.InsertOne(t.Context(), document)
	require.NoError(t, err)
}

func additionsCount(t *testing.T, all []*mongo.Collection) {
	insertOne(t, all[0], bson.D{{Key: "_id", Value: "sum"}, {Key: "n", Value: 0}})
	const each = 25
	atOnce(all, func(_ int, c *mongo.Collection) {
		for range each {
			_, err := c.UpdateOne(t.Context(), idIs("sum"), operation("$inc", "n", 1))
			assert.NoError(t, err)
		}
	})
	var sum struct{ N int }
	require.NoError(t, all[0].FindOne(t.Context(), idIs("sum")).Decode(&sum))
	assert.Equal(t, clients*each, sum.N)
}

func oneChangeWins(t *testing.T, all []*mongo.Collection) {
	for round := range 10 {
		id := fmt.Sprint("person ", round)
		insertOne(t, all[0], bson.D{{Key: "_id", Value: id}, {Key: "revision", Value: 1}})
		var won atomic.Int64
		atOnce(all, func(n int, c *mongo.Collection) {
			filter := append(idIs(id), bson.E{Key: "revision", Value: 1})
			changed, err := c.UpdateOne(t.Context(), filter, bson.D{{Key: "$set", Value: bson.D{{Key: "by", Value: n}}}, {Key: "$inc", Value: bson.D{{Key: "revision", Value: 1}}}})
			if assert.NoError(t, err) {
				won.Add(changed.ModifiedCount)
			}
		})
		assert.EqualValues(t, 1, won.Load())
	}
}

func oneInsertWins(t *testing.T, all []*mongo.Collection) {
	var inserted atomic.Int64
	atOnce(append(append(append(all, all...), all...), all...), func(n int, c *mongo.Collection) {
		changed, err := c.UpdateOne(t.Context(), idIs("key"), operation("$setOnInsert", "by", n), options.UpdateOne().SetUpsert(true))
		if err != nil {
			assert.True(t, mongo.IsDuplicateKeyError(err), "whoever comes late may be told so: %v", err)
			return
		}
		inserted.Add(changed.UpsertedCount)
	})
	assert.EqualValues(t, 1, inserted.Load())
}

func listIsCut(t *testing.T, all []*mongo.Collection) {
	insertOne(t, all[0], bson.D{{Key: "_id", Value: "list"}, {Key: "items", Value: bson.A{}}})
	atOnce(all, func(n int, c *mongo.Collection) {
		for i := range 10 {
			_, err := c.UpdateOne(t.Context(), idIs("list"), operation("$push", "items", bson.D{
				{Key: "$each", Value: bson.A{n*10 + i}}, {Key: "$slice", Value: -5},
			}))
			assert.NoError(t, err)
		}
	})
	var list struct{ Items []int }
	require.NoError(t, all[0].FindOne(t.Context(), idIs("list")).Decode(&list))
	assert.Len(t, list.Items, 5)
}

func itemsAreUnique(t *testing.T, all []*mongo.Collection) {
	_, err := all[0].Indexes().CreateOne(t.Context(), mongo.IndexModel{
		Keys: bson.D{{Key: "learner", Value: 1}, {Key: "sent", Value: 1}}, Options: options.Index().SetUnique(true),
	})
	require.NoError(t, err)
	var won atomic.Int64
	atOnce(all, func(n int, c *mongo.Collection) {
		own := fmt.Sprint("record ", n)
		insertOne(t, c, bson.D{{Key: "_id", Value: own}, {Key: "learner", Value: "rivera"}, {Key: "sent", Value: bson.A{own}}})
		_, err := c.UpdateOne(t.Context(), idIs(own), operation("$push", "sent", "attempt"))
		if err == nil {
			won.Add(1)
			return
		}
		assert.True(t, mongo.IsDuplicateKeyError(err), "%v", err)
	})
	assert.EqualValues(t, 1, won.Load())
}

func itemIsChangedInPlace(t *testing.T, all []*mongo.Collection) {
	var sessions bson.A
	for n := range clients {
		sessions = append(sessions, bson.D{{Key: "hash", Value: n}, {Key: "seen", Value: 0}})
	}
	insertOne(t, all[0], bson.D{{Key: "_id", Value: "rivera"}, {Key: "sessions", Value: sessions}})
	atOnce(all, func(n int, c *mongo.Collection) {
		_, err := c.UpdateOne(t.Context(), bson.D{{Key: "sessions.hash", Value: n}}, operation("$set", "sessions.$.seen", n+1))
		assert.NoError(t, err)
	})
	var person struct{ Sessions []struct{ Hash, Seen int } }
	require.NoError(t, all[0].FindOne(t.Context(), idIs("rivera")).Decode(&person))
	require.Len(t, person.Sessions, clients)
	for n, s := range person.Sessions {
		assert.Equal(t, n+1, s.Seen)
	}
}

func pagesGoOn(t *testing.T, all []*mongo.Collection) {
	const documents = 250 // more than a cursor's first answer
	at := func(n int) time.Time { return opened().Add(time.Duration(n%50) * time.Millisecond) }
	for n := range documents {
		insertOne(t, all[n%clients], bson.D{{Key: "_id", Value: fmt.Sprintf("%03d", n)}, {Key: "at", Value: at(n)}})
	}
	type event struct {
		ID string    `bson:"_id"`
		At time.Time `bson:"at"`
	}
	var got []event
	filter := bson.D{}
	for {
		cursor, err := all[0].Find(t.Context(), filter, options.Find().SetLimit(120).SetSort(latestFirst()))
		require.NoError(t, err)
		var page []event
		require.NoError(t, cursor.All(t.Context(), &page))
		got = append(got, page...)
		if len(page) == 0 {
			break
		}
		last := page[len(page)-1]
		before := bson.D{{Key: "$lt", Value: last.At}}
		filter = bson.D{{Key: "$or", Value: bson.A{
			bson.D{{Key: "at", Value: before}},
			bson.D{{Key: "at", Value: last.At}, {Key: "_id", Value: bson.D{{Key: "$lt", Value: last.ID}}}},
		}}}
	}
	require.Len(t, got, documents)
	for n := 1; n < documents; n++ {
		earlier := got[n].At.Before(got[n-1].At)
		assert.True(t, earlier || got[n].At.Equal(got[n-1].At) && got[n].ID < got[n-1].ID)
	}
}

func highestIsKept(t *testing.T, all []*mongo.Collection) {
	insertOne(t, all[0], idIs("score"))
	atOnce(all, func(n int, c *mongo.Collection) {
		_, err := c.UpdateOne(t.Context(), idIs("score"), operation("$max", "score", n*10))
		assert.NoError(t, err)
	})
	var best struct{ Score int }
	require.NoError(t, all[0].FindOne(t.Context(), idIs("score")).Decode(&best))
	assert.Equal(t, (clients-1)*10, best.Score)
}

func textsAreBytes(t *testing.T, all []*mongo.Collection) {
	// Capital and not, composed and not.
	texts := []string{"E", "e", "e\u0301", "\u00e9"}
	for _, text := range texts {
		insertOne(t, all[0], idIs(text))
	}
	for _, text := range texts {
		n, err := all[0].CountDocuments(t.Context(), idIs(text))
		require.NoError(t, err)
		assert.EqualValues(t, 1, n, text)
	}
}

// canSortBytes asks for the order of two signs that comes out otherwise where
// texts are sorted as pairs of bytes. The ids that the store sorts by are of its
// own making and have no such sign.
func canSortBytes(ctx context.Context, db *mongo.Database) error {
	signs := db.Collection("sorted")
	_, err := signs.InsertMany(ctx, []bson.D{idIs("\uffee"), idIs("\U0001fa7a")})
	if err != nil {
		return err
	}
	var last struct {
		ID string `bson:"_id"`
	}
	err = signs.FindOne(ctx, bson.D{}, options.FindOne().SetSort(bson.D{{Key: "_id", Value: -1}})).Decode(&last)
	if err == nil && last.ID != "\U0001fa7a" {
		return fmt.Errorf("it sorts signs past the first 65,536 before some of those")
	}
	return err
}

func canExplain(ctx context.Context, db *mongo.Database) error {
	return db.RunCommand(ctx, bson.D{{Key: "explain", Value: bson.D{{Key: "find", Value: "explained"}}}}).Err()
}

func canValidate(ctx context.Context, db *mongo.Database) error {
	err := db.CreateCollection(ctx, "validated", options.CreateCollection().SetValidator(
		bson.D{{Key: "$jsonSchema", Value: bson.D{{Key: "required", Value: bson.A{"name"}}}}}))
	if err != nil {
		return err
	}
	_, err = db.Collection("validated").InsertOne(ctx, idIs("nameless"))
	if err == nil {
		return fmt.Errorf("it took a document that its validator forbids")
	}
	return nil
}

func canTransact(ctx context.Context, db *mongo.Database) error {
	session, err := db.Client().StartSession()
	if err != nil {
		return err
	}
	defer session.EndSession(ctx)
	_, err = session.WithTransaction(ctx, func(ctx context.Context) (any, error) {
		return db.Collection("transacted").InsertOne(ctx, idIs("one"))
	})
	return err
}

func canRetryWrites(ctx context.Context, db *mongo.Database) error {
	var answer struct {
		Sessions *int `bson:"logicalSessionTimeoutMinutes"`
	}
	err := isMaster(ctx, db, &answer)
	if err == nil && answer.Sessions == nil {
		return fmt.Errorf("it has no sessions, by which a driver repeats a write")
	}
	return err
}

func canExpire(ctx context.Context, db *mongo.Database) error {
	return db.Client().Database("admin").RunCommand(ctx, bson.D{{Key: "getParameter", Value: 1}, {Key: "ttlMonitorEnabled", Value: 1}}).Err()
}

func canFailOver(ctx context.Context, db *mongo.Database) error {
	var answer struct {
		Hosts []string `bson:"hosts"`
	}
	err := isMaster(ctx, db, &answer)
	if err == nil && len(answer.Hosts) < 2 {
		return fmt.Errorf("it is alone, and not one of a replica set's members")
	}
	return err
}

func canWaitForMembers(ctx context.Context, db *mongo.Database) error {
	// More than a replica set can have: who counts them must say that they did not confirm.
	impossible := &writeconcern.WriteConcern{W: 50}
	_, err := db.Collection("confirmed", options.Collection().SetWriteConcern(impossible)).InsertOne(ctx, idIs("one"))
	if err == nil {
		return fmt.Errorf("it took a write that it can't have confirmed by as many members as were asked")
	}
	return nil
}

func canReadMajority(ctx context.Context, db *mongo.Database) error {
	err := db.RunCommand(ctx, bson.D{{Key: "find", Value: "read"}, {Key: "readConcern", Value: bson.D{{Key: "level", Value: "no such level"}}}}).Err()
	if err == nil {
		return fmt.Errorf("it does not look at how sure a read is to be")
	}
	return nil
}

func canShard(ctx context.Context, db *mongo.Database) error {
	var answer struct {
		Msg string `bson:"msg"`
	}
	err := isMaster(ctx, db, &answer)
	if err == nil && answer.Msg != "isdbgrid" {
		return fmt.Errorf("it is not the router of a sharded cluster")
	}
	return err
}

func isMaster(ctx context.Context, db *mongo.Database, into any) error {
	return db.RunCommand(ctx, bson.D{{Key: "isMaster", Value: 1}}).Decode(into)
}
