package content

import (
	"slices"
	"time"
)

// stop is a card on the ways through a conversation.
type stop struct {
	takes time.Duration // to read it and to answer what it asks
	to    []string      // the cards that one may go on to
}

// leadTo adds a card to those that one may go on to, if there is such a card.
func (s *stop) leadTo(c *draftCard) {
	if c != nil && !slices.Contains(s.to, c.ID) {
		s.to = append(s.to, c.ID)
	}
}

// timeWays notes how long the longest way takes that begins at each card of the
// main line and goes on through its branches, in silence and aloud.
func (d *draft) timeWays() {
	for _, c := range d.cards {
		c.Way = d.longestFrom(c, Card.ReadingTime)
		if !c.Branch {
			c.aloud = d.longestFrom(c, aloudTime)
		}
	}
}

func (d *draft) longestFrom(c *draftCard, takes func(Card) time.Duration) time.Duration {
	if len(c.replies) > 0 && !c.Branch && len(d.cards) <= mostCards { // of more, nobody is shown a way
		return longestWay(c.ID, d.stops(c, takes))
	}
	return takes(c.Card)
}

// stops returns the conversation that begins at a card, by the ids of its cards:
// that one and all branches. What leads to another card leads out of it.
func (d *draft) stops(start *draftCard, takes func(Card) time.Duration) map[string]stop {
	stops := map[string]stop{}
	for _, c := range d.cards {
		if !c.Branch && c != start {
			continue
		}
		s := stop{takes: takes(c.Card)}
		s.leadTo(d.byID[c.Next])
		for _, replies := range c.replies {
			for _, r := range replies {
				s.leadTo(d.byID[r.To])
			}
		}
		stops[c.ID] = s
	}
	return stops
}

// longestWay returns how long the longest way takes that begins at a stop. One
// may come by a stop again, to say something else this time, but reads it only
// once. What leads to no stop is the end of a way.
func longestWay(start string, stops map[string]stop) time.Duration {
	reach := map[string]map[string]bool{}
	for id := range stops {
		reach[id] = reachable(id, stops)
	}
	known := map[string]time.Duration{}
	var longest func(id string) time.Duration
	longest = func(id string) time.Duration {
		if way, ok := known[id]; ok {
			return way
		}
		// Those that lead to each other can all be read before one goes on.
		var here, on time.Duration
		for member := range reach[id] {
			if !reach[member][id] {
				continue
			}
			here += stops[member].takes
			for _, to := range stops[member].to {
				if _, ok := stops[to]; ok && !reach[to][id] {
					on = max(on, longest(to))
				}
			}
		}
		known[id] = here + on
		return here + on
	}
	return longest(start)
}

// reachable returns the stops that one gets to from a stop, itself included.
func reachable(from string, stops map[string]stop) map[string]bool {
	reached := map[string]bool{}
	next := []string{from}
	for len(next) > 0 {
		id := next[0]
		next = next[1:]
		s, ok := stops[id]
		if !ok || reached[id] {
			continue
		}
		reached[id] = true
		next = append(next, s.to...)
	}
	return reached
}
