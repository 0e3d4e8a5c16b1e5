// Package seed invents people and their records, for trials of pages and
// downloads with as many as a large institution has. It is all made up: nobody
// in it can sign in, and every address ends in .invalid.
package seed

import (
	"fmt"
	"hash/fnv"
	"iter"
	"math/rand/v2"
	"time"

	"first5/app"
	"first5/app/archive"
)

// Issuer is who would sign in the invented people, and never does.
const Issuer = "https://seed.invalid"

// Crowd is an institution's invented people. The same fields make the same
// people with the same records, down to every id.
type Crowd struct {
	Institution app.Institution
	Editions    []*app.Module // what there may be records of, each an edition of its own; not empty
	Until       time.Time     // when the two years end over which the records are spread
}

// Batch is a part of a crowd: people, and all their records.
type Batch struct {
	People, Records []archive.Item
}

// batched is how many people are in a batch: enough that a store's part in it
// is small, and few enough for constant memory.
const batched = 500

// Batches yields people until they have so many records.
func (c Crowd) Batches(records int) iter.Seq[Batch] {
	return func(yield func(Batch) bool) {
		var b Batch
		for n := 0; records > 0; n++ {
			p, some := c.person(n, records)
			records -= len(some)
			b.People = append(b.People, p)
			b.Records = append(b.Records, some...)
			if len(b.People) < batched && records > 0 {
				continue
			}
			if !yield(b) {
				return
			}
			b = Batch{}
		}
	}
}

// person invents the person of a number, with at most so many records. Each
// person has their own source of chance, so that nobody changes when others do.
func (c Crowd) person(number, most int) (archive.Item, []archive.Item) {
	of := fnv.New64a()
	of.Write([]byte(c.Institution.ID)) // never fails, by its contract
	chance := rand.New(rand.NewPCG(uint64(number), of.Sum64()))
	p := &archive.Person{
		Institution: c.Institution.ID,
		Issuer:      Issuer,
		Subject:     fmt.Sprintf("%s-%07d", c.Institution.ID, number),
		Name:        name(chance),
		Email:       fmt.Sprintf("person%d@%s.invalid", number, c.Institution.ID),
		Roles:       []app.Role{},
		Sessions:    []archive.Session{},
	}
	p.Learner = app.NewLearnerID(p.Issuer, p.Subject)
	if chance.IntN(10) < 7 { // the others are no physicians
		p.NPI = npi(chance)
	}
	records := c.records(chance, p, most)
	if chance.IntN(3) == 0 {
		c.leave(chance, p, records)
	}
	return archive.Item{Kind: archive.People, Person: p}, records
}

// records invents the records of a person, one at least.
func (c Crowd) records(chance *rand.Rand, p *archive.Person, most int) []archive.Item {
	var records []archive.Item
	joined := c.joined(chance)
	first := chance.IntN(len(c.Editions))
	for n := range min(1+chance.IntN(len(c.Editions)), most) {
		begun := joined
		if n > 0 {
			begun = onAWorkingDay(chance, joined, training)
		}
		if begun.After(c.Until.Add(-longest)) {
			continue // they have not come to it yet
		}
		w := work{chance, c.Institution, p, c.Editions[(first+n)%len(c.Editions)], begun}
		r := w.record()
		records = append(records, archive.Item{Kind: archive.Records, Record: r})
		if r.ActiveAt.After(p.SignedInAt) {
			p.SignedInAt = r.ActiveAt
		}
	}
	return records
}

// npi invents an NPI that begins with 2, as no real one does, and has its check
// digit.
func npi(chance *rand.Rand) string {
	first := fmt.Sprintf("2%08d", chance.IntN(100_000_000))
	for digit := range 10 {
		n := fmt.Sprint(first, digit)
		if app.ValidNPI(n) {
			return n
		}
	}
	return "" // one of ten digits is always right
}
