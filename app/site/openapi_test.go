package site

import (
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/report"
	"first5/app/signin"
	"first5/web"
)

// described is what these tests read of the API's document.
type described struct {
	Paths map[string]map[string]struct {
		Parameters []struct {
			Ref string `json:"$ref"`
		}
		Security []map[string][]string
	}
	Components struct {
		Parameters map[string]struct{ Name, In, Description string }
		Schemas    struct {
			Record struct {
				Properties           map[string]struct{ Description string }
				Required             []string
				AdditionalProperties bool
			}
		}
	}
}

func readDocument(t *testing.T) described {
	t.Helper()
	var d described
	require.NoError(t, json.Unmarshal(openAPIDocument, &d))
	return d
}

// parameters returns the names of an address's parameters of a sort.
func (d described) parameters(path, in string) []string {
	names := []string{}
	for _, p := range d.Paths[path]["get"].Parameters {
		parameter := d.Components.Parameters[strings.TrimPrefix(p.Ref, "#/components/parameters/")]
		if parameter.In == in {
			names = append(names, parameter.Name)
		}
	}
	return names
}

func TestTheDocumentIsOneOfOpenAPI(t *testing.T) {
	doc, err := libopenapi.NewDocument(openAPIDocument)
	require.NoError(t, err)
	assert.Equal(t, "3.1.0", doc.GetVersion())
	v, failed := validator.NewValidator(doc)
	require.Empty(t, failed)
	valid, wrong := v.ValidateDocument()
	assert.True(t, valid, wrong)
}

func TestTheDocumentHasEveryAddressOfTheAPIAndNoOther(t *testing.T) {
	views, err := web.New()
	require.NoError(t, err)
	s, err := New(Config{
		BaseURL: "http://localhost", Secret: []byte(strings.Repeat("s", 32)), Training: &app.Training{Now: time.Now},
		SignIn: signin.New(nil, signin.Options{}), Views: views, Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	var routes []string
	for _, route := range s.app.GetRoutes(true) {
		if isAPI(route.Path) && route.Method != fiber.MethodHead {
			path := strings.TrimPrefix(route.Path, apiPath)
			path = strings.ReplaceAll(path, ":record", "{record_id}")
			path = strings.ReplaceAll(path, ":learner", "{learner_id}")
			routes = append(routes, strings.ToLower(route.Method)+" "+path)
		}
	}
	var documented []string
	for path, operations := range readDocument(t).Paths {
		for method := range operations {
			documented = append(documented, method+" "+path)
		}
	}
	assert.ElementsMatch(t, routes, documented)
}

func TestTheDocumentNamesEveryParameterThatIsRead(t *testing.T) {
	d := readDocument(t)
	for path, want := range map[string][]string{
		"/records": recordParameters(), "/records.csv": filterParameters(), "/records.xlsx": filterParameters(),
		"/records.jsonl": filterParameters(), "/records.xapi.jsonl": filterParameters(),
		"/learners": learnerParameters(), "/downloads": {"limit"}, "/modules": {}, "/openapi.json": {}, "/records/{record_id}": {}, "/learners/{learner_id}": {},
	} {
		assert.ElementsMatch(t, want, d.parameters(path, "query"), path)
		require.Contains(t, d.Paths, path)
	}
	assert.Len(t, d.Paths, 11)
}

func TestTheDocumentHasEveryColumnWithItsSentence(t *testing.T) {
	record := readDocument(t).Components.Schemas.Record
	var names []string
	for _, column := range report.Columns() {
		assert.Equal(t, column.Meaning, record.Properties[column.Name].Description, column.Name)
		names = append(names, column.Name)
	}
	assert.ElementsMatch(t, names, slices.Collect(maps.Keys(record.Properties)))
	assert.Equal(t, names, record.Required)
	assert.False(t, record.AdditionalProperties)
}

func TestWhatIsToldOfAPlaceIsReadAgain(t *testing.T) {
	at := time.Date(2026, 3, 4, 12, 0, 0, int(5*time.Millisecond), time.UTC)
	for _, c := range []app.Cursor{
		{}, {At: at, ID: "r1"}, {At: at}, {Text: "núñez\x00\"<", ID: "r1"}, {Number: app.NoScore, ID: "r1"}, {Number: 100, ID: "r1"}, {ID: "r1"},
	} {
		beginning := listing(recordListing, "mercy", "module=greet")
		read, err := beginning.read("cursor", beginning.at(c).write())
		require.NoError(t, err)
		assert.Equal(t, c, read.cursor())
		for _, other := range []place{listing(recordListing, "harbor", "module=greet"), listing(recordListing, "mercy", ""), listing(changeListing, "mercy", "module=greet")} {
			_, err = other.read("cursor", beginning.at(c).write())
			assert.Error(t, err)
		}
	}
}

func FuzzAPlaceThatIsReadIsTheOneThatWasWritten(f *testing.F) {
	beginning := listing(recordListing, "mercy", "")
	f.Add(beginning.write())
	f.Add(beginning.at(app.Cursor{Text: "a", ID: "r1"}).write())
	f.Add("x")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		read, err := beginning.read("cursor", text)
		if err != nil {
			var r *refusal
			require.ErrorAs(t, err, &r)
			assert.Equal(t, "cursor", r.parameter)
			return
		}
		again, err := beginning.read("cursor", read.write())
		require.NoError(t, err)
		assert.Equal(t, read, again)
	})
}
