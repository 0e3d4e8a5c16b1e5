package web

import "first5/app"

// ReachCount is how many have come as far as a status says, and where they are
// listed.
type ReachCount struct {
	Status  app.Status
	Count   int
	Address string
}

// Reached returns how many present people are how far with an edition of a module.
func (p RecordsPage) Reached(e app.EditionGlance) []ReachCount {
	return append(p.ReachedOlder(e), ReachCount{app.NotBegun, e.NotBegun.Count, p.PeopleAddress(e.NotBegun.Filter)})
}

// ReachedOlder returns the same of an edition that nobody can begin any more.
func (p RecordsPage) ReachedOlder(e app.EditionGlance) []ReachCount {
	return []ReachCount{
		{app.Completed, e.Completed.Count, p.Address(e.Completed.Filter)},
		{app.InProgress, e.InProgress.Count, p.Address(e.InProgress.Filter)},
	}
}

func countsOf(r app.Reach, address func(app.Status) string) []ReachCount {
	return []ReachCount{
		{app.Completed, r.Completed, address(app.Completed)},
		{app.InProgress, r.InProgress, address(app.InProgress)},
		{app.NotBegun, r.NotBegun, address(app.NotBegun)},
	}
}

func stackOf(r app.Reach) Stack {
	all := float64(max(1, r.All()))
	return Stack{Completed: 100 * float64(r.Completed) / all, InProgress: 100 * float64(r.InProgress) / all}
}
