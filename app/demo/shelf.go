package demo

import (
	"sync"
	"time"
)

// shelf keeps values by key for a while. It holds at most limit of them: the
// one that would expire first makes room. All methods may be called from many
// goroutines at once.
type shelf[T any] struct {
	life  time.Duration
	limit int
	now   func() time.Time

	mu    sync.Mutex
	items map[string]shelved[T]
}

type shelved[T any] struct {
	value   T
	expires time.Time
}

func newShelf[T any](life time.Duration, limit int, now func() time.Time) *shelf[T] {
	return &shelf[T]{life: life, limit: limit, now: now, items: make(map[string]shelved[T])}
}

// put adds a value and returns when it expires. What has expired by now is
// removed, so that nothing outlives its time by more than one sign-in.
func (s *shelf[T]) put(key string, value T) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for k, item := range s.items {
		if !now.Before(item.expires) {
			delete(s.items, k)
		}
	}
	if len(s.items) >= s.limit {
		delete(s.items, s.nextToExpire())
	}
	expires := now.Add(s.life)
	s.items[key] = shelved[T]{value: value, expires: expires}
	return expires
}

func (s *shelf[T]) nextToExpire() string {
	var first string
	var at time.Time
	for k, item := range s.items {
		if first == "" || item.expires.Before(at) {
			first, at = k, item.expires
		}
	}
	return first
}

// get returns the value if it is there and has not expired.
func (s *shelf[T]) get(key string) (T, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fresh(key)
}

// take returns the value like get and removes it: of several callers, one
// gets it.
func (s *shelf[T]) take(key string) (T, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.fresh(key)
	delete(s.items, key)
	return value, ok
}

// change replaces a value by what f makes of it, and returns that. The value
// keeps its time.
func (s *shelf[T]) change(key string, f func(T) T) (T, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.fresh(key)
	if !ok {
		return value, false
	}
	value = f(value)
	s.items[key] = shelved[T]{value: value, expires: s.items[key].expires}
	return value, true
}

func (s *shelf[T]) fresh(key string) (T, bool) {
	item, ok := s.items[key]
	if !ok || !s.now().Before(item.expires) {
		var none T
		return none, false
	}
	return item.value, true
}
