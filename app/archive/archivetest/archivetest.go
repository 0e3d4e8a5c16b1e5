// Package archivetest is the contract of [archive.Store] as tests. Every store
// that First5 offers passes all of it.
package archivetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
)

// Both is a store as pages and as moving know it.
type Both interface {
	app.Store
	archive.Store
}

// Run tests that a store keeps the contract. Each call of open returns a new
// store with nothing in it, which Run closes.
func Run(t *testing.T, open func(t *testing.T) Both) {
	for _, c := range tests() {
		t.Run(c.name, func(t *testing.T) {
			c.run(ward{T: t, open: func() Both {
				store := open(t)
				t.Cleanup(func() {
					err := store.Close()
					if err != nil {
						t.Errorf("closing the store: %v", err)
					}
				})
				return store
			}})
		})
	}
}

// test is one thing that a store must do, in words.
type test struct {
	name string
	run  func(w ward)
}

func tests() []test {
	return []test{
		{"everything is read, ordered by key", readInOrder},
		{"what is read is what went in", readAsItWentIn},
		{"a reader may stop", readInPart},
		{"what is put is the same in another store", putElsewhere},
		{"another store goes on working with what is put", putAndUsed},
		{"whoever was erased stays so in another store", putErased},
		{"putting again changes nothing", putAgain},
		{"putting replaces what is there", putOver},
		{"what an item names may be put later", putInAnyOrder},
		{"answers that are counted don't wait as well", putCounted},
		{"many items, and many attempts in one record, are put and read", putMany},
		{"a store is empty until it holds an item of any kind", emptyUntil},
		{"clearing removes everything", cleared},
		{"what was begun is remembered until it is finished", begunAndFinished},
		{"a copy is the same", copied},
		{"a copy that was broken off is begun again", copiedAgain},
		{"a backup restores the same", restored},
		{"a backup of before there were workbooks is restored, and the store goes on with it", restoredOfFormat1},
		{"a backup of before there were offices is restored, and the store goes on with it", restoredOfFormat2},
	}
}

// ward is where one test is at work.
type ward struct {
	*testing.T
	open func() Both
}

// filled returns a store that holds something of everything.
func (w ward) filled() Both {
	w.Helper()
	store := w.open()
	require.NoError(w, Fill(w.Context(), store))
	return store
}

// items returns all items of a kind.
func (w ward) items(store archive.Store, kind archive.Kind) []archive.Item {
	w.Helper()
	var all []archive.Item
	for i, err := range store.Items(w.Context(), kind) {
		require.NoError(w, err)
		all = append(all, i)
	}
	return all
}

// all returns all items of a store, by kind.
func (w ward) all(store archive.Store) map[archive.Kind][]archive.Item {
	w.Helper()
	all := map[archive.Kind][]archive.Item{}
	for _, kind := range archive.Kinds() {
		all[kind] = w.items(store, kind)
	}
	return all
}

// put puts items of some kinds, in the order of the kinds.
func (w ward) put(store archive.Store, all map[archive.Kind][]archive.Item, kinds ...archive.Kind) {
	w.Helper()
	for _, kind := range kinds {
		if len(all[kind]) > 0 {
			require.NoError(w, store.Put(w.Context(), all[kind]))
		}
	}
}

// same makes sure that a store holds these items and no others.
func (w ward) same(want map[archive.Kind][]archive.Item, store archive.Store, says ...any) {
	w.Helper()
	for _, kind := range archive.Kinds() {
		require.Equal(w, want[kind], w.items(store, kind), says...)
	}
}

func (w ward) empty(store archive.Store) bool {
	w.Helper()
	empty, err := store.Empty(w.Context())
	require.NoError(w, err)
	return empty
}
