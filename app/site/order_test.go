package site

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"first5/app"
)

func TestTheFirstAttemptFindsTheOptionsAsTheirAuthorWroteThem(t *testing.T) {
	assert.Nil(t, order("record", 0))
}

func TestNoAttemptFindsTheOptionsAsTheOneBeforeItDid(t *testing.T) {
	for _, options := range []int{2, 3, 4, 7} {
		var before []int
		for i := range options {
			before = append(before, i) // the author's order
		}
		for attempts := 1; attempts <= 200; attempts++ {
			now := order("record", attempts)("need", options)
			sorted := slices.Sorted(slices.Values(now))
			for i, place := range sorted {
				assert.Equal(t, i, place, "each option is there once")
			}
			assert.NotEqual(t, before, now, "attempt %d of %d options", attempts, options)
			assert.Equal(t, now, order("record", attempts)("need", options), "a page that is loaded again is the same")
			before = now
		}
	}
}

func TestTheOrderDiffersByLearnerAndQuestion(t *testing.T) {
	places := func(record app.RecordID, question string) (all [][]int) {
		for attempts := range 20 {
			all = append(all, order(record, attempts+1)(question, 4))
		}
		return all
	}
	assert.NotEqual(t, places("one", "need"), places("another", "need"))
	assert.NotEqual(t, places("one", "need"), places("one", "else"))
}

func TestEveryPlaceMayHoldTheRightOption(t *testing.T) {
	seen := map[int]int{}
	for attempts := range 400 {
		seen[slices.Index(order("record", attempts+1)("need", 4), 0)]++
	}
	for place := range 4 {
		assert.InDelta(t, 100, seen[place], 40, "place %d", place)
	}
}

func TestFewOptionsHaveNoOtherOrder(t *testing.T) {
	assert.Equal(t, []int{0}, order("record", 1)("need", 1))
	assert.Empty(t, order("record", 1)("need", 0))
}
