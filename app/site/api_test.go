package site_test

import (
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func TestASystemReadsTheRecordsOfItsInstitution(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	h.as(amara).answer("greet", right())
	a := h.system(manager, app.ReadRecords).get("/api/v1/records")
	records, next, since := a.list("records")
	require.Len(t, records, 1)
	assert.Empty(t, next)
	assert.NotEmpty(t, since)
	assert.Equal(t, "Noor Haddad", records[0]["name"])
	assert.Equal(t, "mercy-lakes", records[0]["institution"])
	assert.Equal(t, "passed", records[0]["status"])
	assert.EqualValues(t, 100, records[0]["score"])
	assert.Len(t, records[0], 18)
	assert.Equal(t, "private, no-cache", a.header.Get("Cache-Control"))
	assert.Contains(t, a.header.Get("Vary"), "Authorization")
	assert.Empty(t, a.header.Get("Access-Control-Allow-Origin"), "it is for systems, and not for pages of others")
	assert.Empty(t, a.header.Values("Set-Cookie"))

	one := h.system(manager, app.ReadRecords).get("/api/v1/records/" + fmt.Sprint(records[0]["record_id"]))
	require.Equal(t, 200, one.status)
	assert.Contains(t, a.body, one.body, "it is the same in the list and alone")
}

func TestEveryFormatOfTheAPIHasTheSameRows(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	h.staff("mercy-lakes", 7)
	h.staff("harbor-point", 3)
	s := h.system(manager, app.ReadRecords)
	records, _ := s.all("/api/v1/records?limit=3", "records")
	ids := values(records, "record_id")
	slices.Sort(ids)
	require.Len(t, ids, 8)

	assert.Equal(t, ids, values(jsonLines(t, s.get("/api/v1/records.jsonl").body), "record_id"))
	file := s.get("/api/v1/records.csv")
	assert.False(t, strings.HasPrefix(file.body, "\ufeff"), "a system needs no byte-order mark")
	assert.Contains(t, file.header.Get("Content-Disposition"), "mercy-lakes-records-")
	assert.Equal(t, "no-store", file.header.Get("Cache-Control"))
	rows, err := csv.NewReader(strings.NewReader(file.body)).ReadAll()
	require.NoError(t, err)
	var inFile []string
	for _, row := range rows[1:] {
		inFile = append(inFile, row[0])
	}
	assert.Equal(t, ids, inFile)
	assert.Len(t, jsonLines(t, s.get("/api/v1/records.xapi.jsonl").body), 2, "one completed and passed")
	assert.True(t, strings.HasPrefix(s.get("/api/v1/records.xlsx").body, "PK"))
	assert.Len(t, jsonLines(t, s.get("/api/v1/records.jsonl?status=passed").body), 1)

	downloads, _, _ := s.get("/api/v1/downloads").list("downloads")
	assert.Equal(t, []string{"records.jsonl", "records.xlsx", "records.xapi.jsonl", "records.csv", "records.jsonl"}, values(downloads, "file"))
	assert.Equal(t, fmt.Sprintf("%x", sha256.Sum256([]byte(file.body))), downloads[3]["sha256"], "a file is proved whole by it")
	assert.EqualValues(t, len(file.body), downloads[3]["bytes"])
	assert.EqualValues(t, 8, downloads[3]["rows"])
	assert.Nil(t, downloads[3]["learner_id"], "it was a system")
	assert.NotNil(t, downloads[3]["token_id"])
	others, _, _ := h.system(others, app.ReadRecords).get("/api/v1/downloads").list("downloads")
	assert.Empty(t, others)
}

func TestPagesOfAnySizeHaveEveryRowOnce(t *testing.T) {
	h := newHouse(t)
	h.staff("mercy-lakes", 12)
	h.staff("harbor-point", 5)
	h.as(noor).answer("greet", right())
	s := h.system(manager, app.ReadRecords, app.ReadLearners)
	whole, _ := s.all("/api/v1/records?limit=1000", "records")
	want := values(whole, "record_id")
	require.Len(t, want, 13)
	for _, sort := range []string{"", "&sort=active", "&sort=active&up=1", "&sort=completed", "&sort=name", "&sort=name&up=1", "&sort=score", "&since=2026-01-01"} {
		if sort == "&since=2026-01-01" {
			h.settled()
		}
		for _, limit := range []int{1, 2, 5, 12, 13, 14, 1000} {
			all, since := s.all(fmt.Sprintf("/api/v1/records?limit=%d%s", limit, sort), "records")
			assert.ElementsMatch(t, want, values(all, "record_id"), "%s by %d", sort, limit)
			assert.Equal(t, !strings.Contains(sort, "sort="), since != "", "changes are followed in their own order alone")
		}
	}
	people, _ := s.all("/api/v1/learners?limit=1000", "learners")
	require.Len(t, people, 14, "the manager has signed in too")
	for _, limit := range []int{1, 3, 13, 14} {
		all, _ := s.all(fmt.Sprintf("/api/v1/learners?limit=%d", limit), "learners")
		assert.Equal(t, people, all, limit)
	}
	names := values(people, "name")
	assert.IsIncreasing(t, slices.Collect(filtered(names, "Person")))
}

func filtered(all []string, prefix string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, s := range all {
			if strings.HasPrefix(s, prefix) && !yield(s) {
				return
			}
		}
	}
}

func TestAnotherInstitutionsIdsAreAsThoseOfNobody(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	h.as(daniel).answer("greet", right())
	h.as(amara).answer("greet", right())
	own, their := h.system(manager, app.Scopes()...), h.system(others, app.Scopes()...)
	theirs, _, theirSince := their.get("/api/v1/records").list("records")
	require.Len(t, theirs, 1)
	nobody := strings.Repeat("a", 32)
	for column, path := range map[string]string{"record_id": "/api/v1/records/", "learner_id": "/api/v1/learners/"} {
		id := fmt.Sprint(theirs[0][column])
		assert.Equal(t, 200, their.get(path+id).status)
		foreign, none := own.get(path+id), own.get(path+nobody)
		assert.Equal(t, 404, foreign.status)
		assert.Equal(t, none.body, foreign.body, "nobody can tell whether it is there")
		foreign.header.Del("Date")
		none.header.Del("Date")
		assert.Equal(t, none.header, foreign.header)
	}
	learner := fmt.Sprint(theirs[0]["learner_id"])
	for _, path := range []string{"/api/v1/records?learner=" + learner, "/api/v1/records?q=Amara", "/api/v1/learners?q=Amara", "/api/v1/records.jsonl?learner=" + learner} {
		assert.NotContains(t, own.get(path).body, learner, path)
	}
	// A place in their listing opens nothing of it, nor leaves out anything of one's own.
	h.settled()
	for _, address := range []string{"/api/v1/records?since=", "/api/v1/records?cursor=", "/api/v1/learners?cursor="} {
		_, parameter := own.get(address + theirSince).problem(400)
		assert.Contains(t, address, parameter)
	}
	_, next, _ := own.get("/api/v1/records?limit=1").list("records")
	require.NotEmpty(t, next)
	_, parameter := their.get("/api/v1/records?limit=1&cursor=" + next).problem(400)
	assert.Equal(t, "cursor", parameter)
	for _, inject := range []string{"institution=harbor-point", "of=harbor-point"} {
		_, parameter := own.get("/api/v1/records?" + inject).problem(400)
		assert.Contains(t, inject, parameter)
	}
}

func TestAPlaceInOneListingIsNoneInAnother(t *testing.T) {
	h := newHouse(t)
	h.staff("mercy-lakes", 4)
	s := h.system(manager, app.Scopes()...)
	_, next, _ := s.get("/api/v1/records?limit=1&module=greet").list("records")
	_, named, _ := s.get("/api/v1/records?limit=1&sort=name").list("records")
	_, people, _ := s.get("/api/v1/learners?limit=1").list("learners")
	for _, path := range []string{
		"/api/v1/records?cursor=" + next, "/api/v1/records?module=listen&cursor=" + next, "/api/v1/records?module=greet&sort=name&cursor=" + next,
		"/api/v1/records?sort=name&up=1&cursor=" + named, "/api/v1/records?cursor=" + people, "/api/v1/learners?cursor=" + next,
		"/api/v1/learners?q=person&cursor=" + people, "/api/v1/records?module=greet&since=2026-01-01&cursor=" + next, "/api/v1/records?cursor=x", "/api/v1/records?cursor=bnVsbA",
	} {
		detail, parameter := s.get(path).problem(400)
		assert.Equal(t, "cursor", parameter, path)
		assert.Contains(t, detail, "begin at the start", path)
	}
	assert.Equal(t, 200, s.get("/api/v1/records?module=greet&limit=3&cursor="+next).status, "another size is the same listing")
}

func TestAParameterThatIsWrongIsNamed(t *testing.T) {
	h := newHouse(t)
	s := h.system(manager, app.Scopes()...)
	for query, want := range map[string][2]string{
		"records?staus=passed":                     {"staus", "There is no such parameter here. There are from, to,"},
		"records?status=done":                      {"status", "A status is in_progress,"},
		"records?from=yesterday":                   {"from", "A time is written like 2026-01-31 or 2026-01-31T17:30:00Z, and not “yesterday”."},
		"records?to=2026-13-01":                    {"to", "A time is written like"},
		"records?from=2026-02-01&to=2026-01-01":    {"", "The days are crossed"},
		"records?dates=started":                    {"dates", "dates=completed"},
		"records?score_from=high":                  {"score_from", "A score is a whole number from 0 to 100"},
		"records?score_to=101":                     {"score_to", "A score is a whole number from 0 to 100"},
		"records?score_from=9&score_to=8":          {"", "The scores are crossed"},
		"records?people=all":                       {"people", "people=present"},
		"records?sort=age":                         {"sort", "sorted by active, completed, name or score"},
		"records?up=1":                             {"up", "up=1 goes with sort"},
		"records?sort=name&up=yes":                 {"up", "up=1"},
		"records?limit=0":                          {"limit", "A limit is a whole number from 1 to 1000."},
		"records?limit=1001":                       {"limit", "A limit is a whole number from 1 to 1000."},
		"records?limit=ten":                        {"limit", "A limit is a whole number from 1 to 1000."},
		"records?module=a&module=b":                {"module", "The parameter is given more than once."},
		"records?since=lately":                     {"since", "This is not a since that First5 has given."},
		"records?since=2026-01-01&status=passed":   {"status", "With since, records are chosen by program, module, edition, learner alone"},
		"records?since=2026-01-01&sort=name":       {"sort", "With since, records are chosen by"},
		"records?q=%zz":                            {"", "can’t be read"},
		"records?q=" + strings.Repeat("x", 201):    {"q", "Search for 200 characters at most."},
		"records.csv?limit=5":                      {"limit", "There is no such parameter here."},
		"records.csv?status=done":                  {"status", "A status is in_progress,"},
		"records.jsonl?sort=name":                  {"sort", "There is no such parameter here."},
		"learners?status=passed":                   {"status", "There is no such parameter here. There are q, limit, cursor."},
		"learners?limit=-1":                        {"limit", "A limit is a whole number from 1 to 1000."},
		"modules?q=x":                              {"q", "This address takes no parameters."},
		"downloads?limit=101":                      {"limit", "A limit is a whole number from 1 to 100."},
		"openapi.json?v=2":                         {"v", "This address takes no parameters."},
		"records?" + strings.Repeat("x", 60) + "=": {strings.Repeat("x", 40) + "…", "There is no such parameter here."},
	} {
		detail, parameter := s.get("/api/v1/" + query).problem(400)
		assert.Equal(t, want[0], parameter, query)
		assert.Contains(t, detail, want[1], query)
	}
}

func TestAFilterChoosesTheSameAsOnThePage(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	h.as(daniel).answer("greet", url.Values{})
	s := h.system(manager, app.ReadRecords)
	today := h.training.Now().UTC()
	for query, want := range map[string]int{
		"": 2, "status=passed": 1, "status=completed": 1, "status=in_progress": 1, "q=noor": 1, "module=greet": 2, "module=listen": 0,
		"dates=completed": 1, "people=present": 2, "score_from=100": 1, "score_to=99": 1,
		"from=" + today.Format(time.DateOnly): 2, "to=" + today.AddDate(0, 0, -1).Format(time.DateOnly): 0,
		"from=" + url.QueryEscape(today.Add(time.Hour).Format(time.RFC3339)): 0, "to=" + url.QueryEscape(today.Add(time.Hour).Format(time.RFC3339)): 2,
	} {
		records, _ := s.all("/api/v1/records?limit=1&"+query, "records")
		assert.Len(t, records, want, query)
		assert.Len(t, jsonLines(t, s.get("/api/v1/records.jsonl?"+query).body), want, query)
	}
}

func TestWhatASystemHasAlreadyIsNotSentAgain(t *testing.T) {
	h := newHouse(t)
	h.staff("mercy-lakes", 5)
	h.settled()
	s := h.system(manager, app.Scopes()...)
	for _, path := range []string{"/api/v1/records", "/api/v1/records?limit=2", "/api/v1/records?sort=name", "/api/v1/records?since=2026-01-01", "/api/v1/learners", "/api/v1/modules", "/api/v1/openapi.json", "/api/v1/downloads"} {
		a := s.get(path)
		tag := a.header.Get("ETag")
		require.Regexp(t, `^"[0-9a-f]{32}(-gzip)?"$`, tag, path)
		h.clock.pass(time.Minute)
		for _, held := range []string{tag, `"x", ` + tag, "W/" + tag, "*"} {
			again := s.do(http.MethodGet, path, http.Header{"If-None-Match": {held}})
			assert.Equal(t, 304, again.status, path)
			assert.Empty(t, again.body, path)
			assert.Equal(t, tag, again.header.Get("ETag"))
		}
		head := s.do(http.MethodHead, path, http.Header{"Accept-Encoding": {"gzip"}})
		assert.Equal(t, 200, head.status)
		assert.Empty(t, head.body)
		assert.Equal(t, tag, head.header.Get("ETag"), path)
	}
	old := s.get("/api/v1/records").header.Get("ETag")
	h.as(noor).answer("greet", right())
	assert.Equal(t, 200, s.do(http.MethodGet, "/api/v1/records", http.Header{"If-None-Match": {old}}).status)
}

func TestModulesAreThoseThatTheInstitutionShows(t *testing.T) {
	h := newHouse(t)
	modules, _, _ := h.system(manager, app.ReadModules).get("/api/v1/modules").list("modules")
	assert.Equal(t, len(h.training.Modules(app.Person{Identity: app.Identity{Institution: "mercy-lakes"}})), len(modules))
	assert.Contains(t, values(modules, "module"), "greet")
	assert.Contains(t, values(modules, "url"), h.url+"/modules/greet")
}

func TestAnAddressThatIsNotThereOrNotForThatIsAProblemToo(t *testing.T) {
	h := newHouse(t)
	s := h.system(manager, app.Scopes()...)
	for _, path := range []string{"/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/records", "/api/v1/records/", "/api/v1/people"} {
		s.do(http.MethodGet, path, nil).problem(404)
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions} {
		a := s.do(method, "/api/v1/records", nil)
		a.problem(405)
		assert.Equal(t, "GET, HEAD", a.header.Get("Allow"))
	}
}
