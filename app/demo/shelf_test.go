package demo

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestAShelfForgetsInTime(t *testing.T) {
	c := new(clock)
	s := newShelf[int](time.Minute, 10, c.now)
	s.put("a", 1)
	c.forward(59 * time.Second)
	value, ok := s.get("a")
	assert.True(t, ok)
	assert.Equal(t, 1, value)

	_, ok = s.change("a", func(v int) int { return v + 1 })
	assert.True(t, ok)
	c.forward(time.Second)
	_, ok = s.get("a")
	assert.False(t, ok, "a change does not prolong it")
	_, ok = s.change("a", func(v int) int { return v })
	assert.False(t, ok)
	_, ok = s.take("a")
	assert.False(t, ok)
}

func TestAShelfHoldsNoMoreThanItMay(t *testing.T) {
	c := new(clock)
	s := newShelf[int](time.Minute, 3, c.now)
	for i := range 5 {
		s.put(fmt.Sprint(i), i)
		c.forward(time.Second)
	}
	assert.Len(t, s.items, 3)
	for key, want := range map[string]bool{"0": false, "1": false, "2": true, "3": true, "4": true} {
		_, ok := s.get(key)
		assert.Equal(t, want, ok, key)
	}
	c.forward(time.Minute)
	s.put("new", 0)
	assert.Len(t, s.items, 1, "what has expired is removed")
}

func TestOfManyTakersOneGetsIt(t *testing.T) {
	s := newShelf[int](time.Minute, 10, time.Now)
	s.put("a", 1)
	var got atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, ok := s.take("a"); ok {
				got.Add(1)
			}
		})
	}
	all.Wait()
	assert.EqualValues(t, 1, got.Load())
}
