package preview_test

import (
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func answer(t *testing.T, r *http.Request) string {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return string(body)
}

// send sends answers as the form of a module does, and returns what comes of it.
func (d *desk) send(slug string, form url.Values, header ...string) (status int, address, body string) {
	d.t.Helper()
	r, err := http.NewRequest(http.MethodPost, d.url+"/modules/"+slug+"/attempts", strings.NewReader(form.Encode()))
	require.NoError(d.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	require.NoError(d.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(d.t, err)
	return res.StatusCode, res.Request.URL.RequestURI(), string(text)
}

// everything returns the names and contents of all files in a folder.
func everything(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(os.DirFS(folder), name)
		files[name] = string(data)
		return err
	})
	require.NoError(t, err)
	return files
}

func TestAnswersAreGradedAsLearnersAreAndNothingIsSaved(t *testing.T) {
	d := newDesk(t)
	before := everything(t, d.folder)
	status, _, right := d.send("greet", url.Values{"q.first": {"the-name"}, "attempt": {"x"}})
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, right, "Module completed")
	assert.Contains(t, right, "It is the first gift.")
	assert.Contains(t, right, `<a class="button" href="/modules/listen">Next:`)
	assert.Contains(t, right, "The preview saves nothing.")

	_, _, wrong := d.send("greet", url.Values{"q.first": {"the-chart"}})
	assert.Contains(t, wrong, "Not quite there yet")
	assert.Contains(t, wrong, "The chart can wait.")
	assert.NotContains(t, wrong, "It is the first gift.")
	assert.Equal(t, before, everything(t, d.folder))
}

func TestAResultThatIsOpenShowsFeedbackThatIsMended(t *testing.T) {
	d := newDesk(t)
	ear := d.listen()
	_, address, _ := d.send("greet", url.Values{"q.first": {"the-chart"}}, "Referer", d.url+"/modules/greet?scheme=dark")
	assert.Contains(t, d.page(address), `data-scheme="dark"`)
	d.save("first/greet/module.md", strings.Replace(greet, "The chart can wait.", "The chart will wait.", 1))
	ear.hearUntil(d, address, "The chart will wait.")
}

func TestAnswersToOtherQuestionsAreRefusedInWords(t *testing.T) {
	d := newDesk(t)
	status, _, body := d.send("greet", url.Values{"q.gone": {"x"}})
	assert.Equal(t, http.StatusConflict, status)
	assert.Contains(t, body, "The questions have changed")
	status, _, _ = d.send("nowhere", url.Values{})
	assert.Equal(t, http.StatusNotFound, status)
	status, _, _ = d.send("greet", url.Values{"q.first": {strings.Repeat("x", 1<<20)}})
	assert.Equal(t, http.StatusBadRequest, status)
}

func TestAnotherSiteCanSendNoAnswers(t *testing.T) {
	d := newDesk(t)
	status, _, _ := d.send("greet", url.Values{"q.first": {"the-name"}}, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	assert.Equal(t, http.StatusForbidden, status)
}
