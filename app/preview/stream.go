package preview

import (
	"fmt"
	"net/http"
	"time"
)

// stream tells a page, for as long as it is open, which snapshot is the current
// one: at once, since it may have changed after the page was made, and then
// whenever another takes its place.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return
	}
	c := http.NewResponseController(w)
	err := c.SetReadDeadline(time.Time{}) // the server's is for pages
	beat := time.NewTicker(s.heartbeat)
	defer beat.Stop()
	told := ""
	for err == nil {
		current := s.current.Load()
		message := ": still here\n\n"
		if current.id != told {
			message = "retry: 1000\ndata: " + current.id + "\n\n"
			told = current.id
		}
		err = s.tell(w, c, message)
		select {
		case <-r.Context().Done():
			return
		case <-current.replaced:
		case <-beat.C:
		}
	}
}

func (s *Server) tell(w http.ResponseWriter, c *http.ResponseController, message string) error {
	err := c.SetWriteDeadline(time.Now().Add(2 * s.heartbeat))
	if err == nil {
		_, err = fmt.Fprint(w, message)
	}
	if err == nil {
		err = c.Flush()
	}
	return err
}
