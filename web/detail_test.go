package web_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/web"
)

func TestTheAuditTrailTellsInTheReadersLanguageWhatHappened(t *testing.T) {
	v, err := web.New()
	require.NoError(t, err)
	for name, test := range map[string]struct {
		kind    app.EventKind
		details app.Details
		en, es  string
	}{
		"a file of some records": {app.Downloaded, app.Details{"filter": "q: (not noted), status: passed", "outcome": "broken off"},
			"filter: a search whose words are not kept, status: Passed | outcome: broken off",
			"filtro: una búsqueda cuyas palabras no se guardan, estado: Aprobado | resultado: interrumpida"},
		"a file of one person's": {app.DownloadBegun, app.Details{"filter": "dates: completed, from: 2026-01-01, learner: zpf, people: present", "file": "records.csv"},
			"file: records.csv | filter: by the day of completion, from 2026-01-01, one person: zpf, people who have not left",
			"archivo: records.csv | filtro: según el día en que se completó, desde 2026-01-01, una persona: zpf, personas que siguen participando"},
		"who has not begun": {app.DownloadBegun, app.Details{"filter": "assignment: a1, module: greet, show: not_begun"},
			"filter: assignment: a1, module: greet, status: Not begun", "filtro: asignación: a1, módulo: greet, estado: Sin empezar"},
		"an assignment of a list": {app.AssignmentMade, app.Details{"people": "3"}, "required of: a list of 3", "exigido a: una lista de 3"},
		"one of everyone":         {app.AssignmentMade, app.Details{"people": "everyone"}, "required of: everyone", "exigido a: todas las personas"},
		"a token": {app.TokenMade, app.Details{"scopes": "records, learners, modules", "token": "abcdefghijklmnop"},
			"scopes: Records, People, Modules | token: abcdefgh", "puede leer: Registros, Personas, Módulos | clave: abcdefgh"},
		"new roles": {app.RolesChanged, app.Details{"from": "learner", "to": "learner, manager"},
			"from: Learner | to: Learner, Records manager", "antes: Participante | ahora: Participante, Responsable de registros"},
		"an erasure":   {app.PersonErased, app.Details{"why": "asked for"}, "why: asked for", "por qué: se pidió"},
		"a setting":    {app.SettingsChanged, app.Details{"scopes": "openid, email"}, "scopes: openid, email", "scopes: openid, email"},
		"what is new":  {app.SignInFailed, app.Details{"reason": "<b> & more"}, "reason: <b> & more", "motivo: <b> & more"},
		"a waived one": {app.ModuleWaived, app.Details{"edition": "2026"}, "edition: 2026", "edición: 2026"},
	} {
		t.Run(name, func(t *testing.T) {
			for language, want := range map[string]string{"en": test.en, "es": test.es} {
				var told []string
				for _, d := range web.EventDetails(app.Event{Kind: test.kind, Details: test.details}) {
					told = append(told, v.Say(language, d.Name)+": "+v.Say(language, d.Value))
				}
				assert.Equal(t, want, strings.Join(told, " | "), language)
			}
		})
	}
}
