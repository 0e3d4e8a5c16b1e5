package site

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"first5/app"
)

// refusal is why a request of a system is not answered, in one sentence that says
// how to mend it.
type refusal struct {
	status     int
	detail     string
	parameter  string // what of the address is wrong; may be empty
	challenge  string // what to show instead; may be empty
	retryAfter int    // seconds; 0: it does not help
}

// Error implements error. It goes to the log, and holds nothing that was sent.
func (r *refusal) Error() string {
	return fmt.Sprintf("the API refuses with %d: %s %s", r.status, http.StatusText(r.status), r.parameter)
}

// badRequest says what is wrong with a parameter.
func badRequest(parameter, detail string) *refusal {
	return &refusal{status: http.StatusBadRequest, parameter: parameter, detail: detail}
}

// problemDetails is an error as RFC 9457 has it. Its type is about:blank, by which
// the title is that of the status.
type problemDetails struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Parameter string `json:"parameter,omitempty"` // what of the address is wrong
}

// answerAPI answers a system with an error.
func (s *Site) answerAPI(c *fiber.Ctx, err error) error {
	var r *refusal
	if !errors.As(err, &r) {
		r = refusalOf(err)
	}
	h := &c.Response().Header
	c.Response().ResetBody()
	h.Del(fiber.HeaderContentDisposition)
	h.Del(fiber.HeaderETag)
	c.Set(fiber.HeaderCacheControl, "no-store")
	if r.challenge != "" {
		c.Set(fiber.HeaderWWWAuthenticate, r.challenge)
	}
	if r.retryAfter > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(r.retryAfter))
	}
	body, err := json.Marshal(problemDetails{
		Type: "about:blank", Title: http.StatusText(r.status), Status: r.status, Detail: r.detail, Parameter: r.parameter,
	})
	if err != nil {
		return fmt.Errorf("writing a problem: %w", err)
	}
	c.Status(r.status)
	c.Set(fiber.HeaderContentType, problemJSON)
	return c.Send(body)
}

// refusalOf tells systems of an error that pages meet too.
func refusalOf(err error) *refusal {
	status, _, _ := explain(err)
	if errors.Is(err, app.ErrInvalid) {
		status = http.StatusBadRequest
	}
	r := &refusal{status: status}
	switch status {
	case http.StatusNotFound:
		r.detail = "There is nothing at this address that your institution may read. All addresses are in " + documentPath + "."
	case http.StatusMethodNotAllowed:
		r.detail = "This address answers GET and HEAD alone."
	case http.StatusTooManyRequests: // with Retry-After set
		r.detail = "There were too many requests from your network in the last minute. Ask again in a minute."
	case http.StatusServiceUnavailable:
		r.retryAfter, _ = strconv.Atoi(retryAfter)
		r.detail = "The database does not answer just now. Ask again in " + retryAfter + " seconds."
	case http.StatusInternalServerError:
		r.detail = "This is a fault of First5’s, and it is written down. Ask again later."
	default:
		r.detail = "The request can’t be read, or is too large."
	}
	return r
}
