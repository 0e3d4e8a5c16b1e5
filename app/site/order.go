package site

import (
	"crypto/sha256"
	"math/rand/v2"
	"strconv"

	"first5/app"
)

// order returns the orders in which a learner finds the options of a module's
// questions after some attempts. At the first one it is nil: their author's.
//
// Nobody can learn which place is the right one: two attempts in a row never
// have the same order, since that of an even one is an even permutation, and that
// of an odd one an odd one. The author's is even.
func order(record app.RecordID, attempts int) func(question string, options int) []int {
	if attempts == 0 {
		return nil
	}
	return func(question string, options int) []int {
		seed := sha256.Sum256([]byte(string(record) + "\x00" + strconv.Itoa(attempts) + "\x00" + question))
		places := rand.New(rand.NewChaCha8(seed)).Perm(options)
		if options >= 2 && isOdd(places) != (attempts%2 == 1) {
			places[0], places[1] = places[1], places[0]
		}
		return places
	}
}

// isOdd says whether a permutation is odd: made by an odd number of swaps.
func isOdd(places []int) bool {
	odd := false
	for i, a := range places {
		for _, b := range places[i+1:] {
			odd = odd != (a > b)
		}
	}
	return odd
}
