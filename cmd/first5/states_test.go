package main

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"first5/app/demo"
)

// The people who look at the pages, and nobody, who is not signed in.
const (
	nobody        = ""
	physician     = "Noor Haddad"
	manager       = "Grace Whitfield"
	managerOfNone = "Priya Raghunathan" // whose people have begun nothing
	educator      = "María José Villanueva"
	operatorOfAll = "Kenji Arakawa"
	neighbour     = "Luz Marina Ocampo" // whose modules are in Spanish too
)

const (
	audited        = "names-first"     // the module that the physician takes
	knownBefore    = "let-them-finish" // the one whose quiz they pass at once
	wordsOfNothing = "zzzz"            // what no search finds
)

// state is a page as somebody finds it after some steps.
type state struct {
	name  string
	who   string
	steps []step
}

// tour is a way through all pages that must be usable by everybody.
type tour struct {
	t           *testing.T
	base        string
	certificate string // the physician's, once they have it
}

func newTour(t *testing.T, base string) *tour { return &tour{t: t, base: base} }

// states are the pages in the order in which they come about: a row goes on where
// the one before it stopped, and a person stays signed in until the next one's
// row. A new page is one more row.
func (o *tour) states() []state {
	return slices.Concat(o.door(), o.beforeTheFirst(), o.taking(), o.taken(), o.kept(), o.records(), o.tokens(), o.required(), o.people(), o.withdrawn(), o.others(), o.inSpanish())
}

func (o *tour) at(path string) step { return chromedp.Navigate(o.base + path) }

func click(selector string) step { return chromedp.Click(chromedp.CSS(selector)) }

func shows(selector string) step { return chromedp.WaitVisible(chromedp.CSS(selector)) }

func (o *tour) send(path, module string, right bool) step {
	return chromedp.Steps(o.at(path), answer(answers(o.t, module, right)))
}

// remember keeps the address of the certificate that is shown.
func (o *tour) remember(ctx context.Context, t *chromedp.Target) (_ chromedp.Void, err error) {
	o.certificate, err = chromedp.Location()(ctx, t)
	return chromedp.Void{}, err
}

// goBack shows that certificate.
func (o *tour) goBack(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	return chromedp.Navigate(o.certificate)(ctx, t)
}

// evaluated is the step that runs a script in the page.
func evaluated(script string) step {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[chromedp.Void](script+";undefined"))
		return err
	})
}

func (o *tour) door() []state {
	return []state{
		{"the start", nobody, []step{o.at("/")}},
		{"choosing an institution", nobody, []step{o.at("/signin")}},
		{"a search with nothing found", nobody, []step{
			chromedp.SendKeys(chromedp.CSS(`#page_find`), wordsOfNothing),
			click(`.find button`), shows(`#page_none`),
		}},
		{"an institution that is unknown", nobody, []step{o.at("/signin?institution=elsewhere")}},
		{"a sign-in for answers that are kept", nobody, []step{o.at("/signin?kept=1")}},
		{"signed out", nobody, []step{o.at("/signed-out")}},
		{"an address of nothing", nobody, []step{o.at("/nowhere")}},
		{"no connection", nobody, []step{o.at("/offline")}},
		{"the start in Spanish", nobody, []step{o.at("/?lang=es")}},
		{"choosing an institution in Spanish", nobody, []step{o.at("/signin?lang=es")}},
	}
}

func (o *tour) beforeTheFirst() []state {
	return []state{
		{"home before the first module", physician, []step{o.at("/?lang=en")}},
		{"learning before the first module", physician, []step{o.at("/learning")}},
		{"a transcript of nothing", physician, []step{o.at("/learning/transcript")}},
		{"reflections before the first one", physician, []step{o.at("/learning/reflections")}},
		{"the modules", physician, []step{o.at("/modules")}},
		{"the modules with all about them", physician, []step{opened(`main details`)}},
		{"a search", physician, []step{o.at("/search?q=name")}},
		{"a search for nothing known", physician, []step{o.at("/search?q=" + wordsOfNothing)}},
		{"a cover", physician, []step{o.at("/modules/" + audited)}},
		{"a quiz at once", physician, []step{o.at("/modules/" + audited + "/quiz"), shows(`.deck.ready`)}},
		{"a pocket card", physician, []step{o.at("/modules/" + audited + "/pocket")}},
		{"home in Spanish", physician, []step{o.at("/?lang=es")}},
		{"the modules in Spanish", physician, []step{o.at("/modules")}},
		{"a cover in Spanish", physician, []step{o.at("/modules/" + audited)}},
		{"a quiz at once in Spanish", physician, []step{o.at("/modules/" + audited + "/quiz"), shows(`.deck.ready`)}},
		{"the account in Spanish", physician, []step{o.at("/account")}},
	}
}

func (o *tour) taking() []state {
	take := func(slug string) step { return chromedp.Steps(begin(o.base, slug), opened(`main details`)) }
	return []state{
		{"a module", physician, []step{o.at("/?lang=en"), begin(o.base, audited)}},
		{"a module with a source", physician, []step{
			goTo(`"pause"`), click(`#pause [role="doc-noteref"]`), shows(`#deck_note[open]`),
		}},
		{"a module with every reply and practice option open", physician, []step{o.at("/modules/" + audited), opened(`main details`)}},
		{"let them finish, all open", physician, []step{take(knownBefore)}},
		{"something else, all open", physician, []step{take("something-else")}},
		{"something written", physician, []step{
			o.at("/modules/" + audited), goTo(`"think"`),
			chromedp.SendKeys(chromedp.CSS(`.reflect textarea`), "The one that was on the chart."),
			saved(`.reflect-state`), // by itself
		}},
		{"reflections", physician, []step{o.at("/learning/reflections")}},
		{"reflections, with all that can be done", physician, []step{opened(`main details`)}},
	}
}

func (o *tour) taken() []state {
	return []state{
		{"a failed attempt, with what to reread", physician, []step{o.send("/modules/"+audited, audited, false), shows(`.reread a`)}},
		{"a failed quiz", physician, []step{o.send("/modules/something-else/quiz", "something-else", false)}},
		{"a module that was known before", physician, []step{o.send("/modules/"+knownBefore+"/quiz", knownBefore, true)}},
		{"answers that could not be saved", physician, []step{
			o.at("/modules/" + audited), shows(`.deck.ready`),
			evaluated(`document.querySelector('[name="page"]').value = "of another"; document.querySelector("#page_deck form").submit()`),
			chromedp.WaitVisible(`//button[text()="Send my answers again"]`),
		}},
		{"a passed attempt", physician, []step{o.send("/modules/"+audited, audited, true)}},
		{"a passed attempt, with all that its answers say", physician, []step{opened(`main details`)}},
		{"what to try", physician, []step{o.at("/modules/" + audited + "/commitments")}},
		{"what to try, with nothing chosen", physician, []step{chromedp.Click(`//button[text()="Keep it"]`), shows(`#page_wrong`)}},
		{"learning with something to try", physician, []step{
			click(`input[name="c"]`), chromedp.Click(`//button[text()="Keep it"]`), shows(`.means`),
		}},
		{"learning with all that can be done", physician, []step{opened(`main details`)}},
		{"a result with something to try", physician, []step{o.send("/modules/"+audited, audited, true)}},
	}
}

func (o *tour) kept() []state {
	return []state{
		{"a certificate", physician, []step{click(`a[href^="/certificates/"]`), shows(`.certificate`), o.remember}},
		{"a transcript", physician, []step{o.at("/learning/transcript")}},
		{"a certificate of nobody", physician, []step{o.at("/certificates/nobody")}},
		{"a module that is completed", physician, []step{o.at("/modules/" + audited)}},
		{"home after the first module", physician, []step{o.at("/")}},
		{"learning after the first module", physician, []step{o.at("/learning")}},
		{"the account", physician, []step{o.at("/account")}},
		{"the account with its menu open", physician, []step{click(`.account summary`), shows(`.account .panel`)}},
		{"another institution's sign-in", physician, []step{o.at("/signin/harbor-point")}},
		{"a module that is completed, in Spanish", physician, []step{o.at("/modules/" + audited + "?lang=es")}},
		{"learning in Spanish", physician, []step{o.at("/learning")}},
		{"a certificate in Spanish", physician, []step{o.goBack}},
		{"home after the first module, in English again", physician, []step{o.at("/?lang=en")}},
	}
}

func (o *tour) records() []state {
	return []state{
		{"records", manager, []step{o.at("/records")}},
		{"records of one module", manager, []step{o.at("/records?module=" + audited + "&status=passed")}},
		{"records with all that they can be chosen by", manager, []step{
			o.at("/records?status=completed&from=2026-01-01&score_from=1&people=present&sort=name&up=1"), opened(`main details`),
		}},
		{"a filter that has no name yet", manager, []step{
			o.at("/records?status=completed"), click(`.saved summary`),
			evaluated(`document.querySelector(".save").noValidate = true`), click(`.save button`), shows(`#page_name_wrong`),
		}},
		{"a filter that is saved", manager, []step{
			chromedp.SendKeys(chromedp.CSS(`#page_name`), "To praise"), click(`.save button`), shows(`.chips a[aria-current]`),
			opened(`.saved details`),
		}},
		{"all about records", manager, []step{o.at("/records"), opened(`main details`)}},
		{"records with nothing found", manager, []step{o.at("/records?q=" + wordsOfNothing)}},
		{"a filter that is wrong", manager, []step{o.at("/records?status=done")}},
		{"the institution's audit trail", manager, []step{o.at("/audit")}},
		{"a certificate to withdraw", manager, []step{o.goBack, click(`.withdraw > summary`)}},
		{"a certificate that is withdrawn", manager, []step{
			chromedp.SendKeys(chromedp.CSS(`#page_reason`), "Somebody else answered."),
			click(`.withdraw button`), shows(`.withdrawn`),
		}},
		{"records with a certificate that is withdrawn", manager, []step{o.at("/records"), shows(`.tag.gone`)}},
		{"the end of the list of records", manager, []step{o.at("/records?after=active.1000.a"), shows(`a[href="/records"]`)}},
		{"records in Spanish", manager, []step{o.at("/records?lang=es")}},
		{"records in English again", manager, []step{o.at("/records?lang=en")}},
	}
}

// tokens are the pages on which a manager gives systems access.
func (o *tour) tokens() []state {
	return []state{
		{"systems without access", manager, []step{o.at("/records/tokens")}},
		{"a token for nothing", manager, []step{
			chromedp.SendKeys(chromedp.CSS(`#page_name`), "HR system, nightly"),
			// By script, since a click that misses its box while the page moves would make a token.
			evaluated(`const form = document.querySelector(".token-form form"); form.querySelector('[value="records"]').checked = false; form.submit()`),
			shows(`#page_wrong`),
		}},
		{"a token, shown once", manager, []step{click(`.token-form input[value="learners"]`), click(`.token-form form button`), shows(`.token-text`)}},
		{"systems with access, one to be revoked", manager, []step{click(`.token-made a.button`), shows(`.tokens`), opened(`main details`)}},
		{"a form of a token that arrives twice", manager, []step{
			evaluated(`const form = document.querySelector(".token-form form"); form.elements.id.value =
				document.querySelector(".tokens form").getAttribute("action").split("/")[3];
				form.elements.name.value = "HR system, nightly"; form.querySelector("input[name=scope]").checked = true; form.submit()`),
			shows(`.notice.wrong`),
		}},
		{"systems with access in Spanish", manager, []step{o.at("/records/tokens?lang=es"), opened(`main details`)}},
		{"a token that is revoked", manager, []step{
			o.at("/records/tokens?lang=en"), opened(`.tokens details`), click(`.tokens form button`), shows(`.notice.told`),
		}},
	}
}

// required are the pages on which a manager requires something.
func (o *tour) required() []state {
	return []state{
		{"what is required", manager, []step{o.at("/records/assignments"), opened(`main details`)}},
		{"a draft of an assignment with nothing right", manager, []step{
			evaluated(`const form = document.querySelector(".assign-form"); form.noValidate = true; form.querySelector("[value=list]").checked = true;
				form.elements.people.value = "Ana <ana@mercy.example>"; form.elements.due.value = "2020-01-31"; form.submit()`),
			shows(`#page_people_wrong`),
		}},
		{"an assignment of a list", manager, []step{
			evaluated(`const form = document.querySelector(".assign-form"); form.elements.what.value = "program:first-5-minutes";
				form.elements.people.value = "noor.haddad@mercy-lakes.example\nml-20893\nnew@mercy-lakes.example"; form.elements.due.value = "";
				form.elements.because.value = "New staff begin here."; form.submit()`),
			shows(`.notice.told`), opened(`main details`),
		}},
		{"an assignment of a list, with nobody like that", manager, []step{
			evaluated(`document.querySelector("[name=show]").value = "completed"; document.querySelector(".filter").submit()`),
			chromedp.WaitVisible(`//p[contains(., "Nobody on the list")]`),
		}},
		{"an assignment of a list in Spanish", manager, []step{evaluated(`location.search = "?lang=es"`), shows(`html[lang=es] .assigned-facts`), opened(`main details`)}},
		{"what is required, in Spanish", manager, []step{o.at("/records/assignments"), opened(`main details`)}},
		{"an assignment that has ended", manager, []step{
			o.at("/records/assignments?lang=en"), opened(`.assigned-end`),
			chromedp.Click(`//li[contains(., "New staff begin here.")]//form//button`), shows(`.notice.told`),
		}},
		{"an assignment of everyone", manager, []step{
			o.at("/records/assignments"), chromedp.Click(`//h2/a[contains(., "Names first")]`), shows(`.assigned-modules`),
		}},
	}
}

// people are the pages of an institution's people, and those on which somebody
// meets a module that was waived for them.
func (o *tour) people() []state {
	const waived = "something-else"
	waive := `const form = document.querySelector(".waive form"); form.noValidate = true; `
	return []state{
		{"people", manager, []step{o.at("/records/people")}},
		{"people who have not begun a module", manager, []step{o.at("/records/people?not_begun=" + waived)}},
		{"people with nobody found", manager, []step{o.at("/records/people?q=" + wordsOfNothing)}},
		{"the end of the list of people", manager, []step{o.at("/records/people?after=a.zzzz"), shows(`a[href="/records/people"]`)}},
		{"people in Spanish", manager, []step{o.at("/records/people?lang=es")}},
		{"a person in Spanish", manager, []step{o.at("/records/people?q=haddad"), click(`.people td a`), shows(`.waive`), opened(`main details`)}},
		{"people in English again", manager, []step{o.at("/records/people?lang=en")}},
		{"a person", manager, []step{o.at("/records/people?q=haddad"), click(`.people td a`), shows(`.waive`)}},
		{"a person for whom nothing is said to be waived", manager, []step{evaluated(waive + `form.submit()`), shows(`#page_waiver_wrong`)}},
		{"a waiver without a reason", manager, []step{
			evaluated(waive + `form.elements.module.value = "` + waived + `"; form.submit()`), shows(`#page_reason[aria-invalid]`),
		}},
		{"a person with a waiver", manager, []step{
			chromedp.SendKeys(chromedp.CSS(`#page_reason`), "She teaches it."), click(`.waive [name="sure"]`), click(`.waive button`), shows(`.notice.told`),
		}},
		{"a module that is waived", physician, []step{o.at("/modules/" + waived), shows(`.waived-note`)}},
		{"an attempt on a module that is waived", physician, []step{o.send("/modules/"+waived, waived, true), shows(`.waived-note`)}},
		{"learning with a module that is waived", physician, []step{o.at("/learning")}},
		{"a transcript with a module that is waived", physician, []step{o.at("/learning/transcript")}},
	}
}

// withdrawn are the pages on which its learner meets a certificate that was
// withdrawn.
func (o *tour) withdrawn() []state {
	return []state{
		{"home with a step that is withdrawn", physician, []step{o.at("/"), shows(`.path > .gone`)}},
		{"the modules with one that is withdrawn", physician, []step{o.at("/modules"), shows(`.tag.gone`)}},
		{"a module whose certificate is withdrawn", physician, []step{o.at("/modules/" + audited), shows(`.notice.wrong`)}},
		{"an attempt on it", physician, []step{o.send("/modules/"+audited, audited, true), shows(`.notice.wrong`)}},
		{"one's own certificate that is withdrawn", physician, []step{o.goBack, shows(`.withdrawn`)}},
		{"a transcript with it", physician, []step{o.at("/learning/transcript")}},
	}
}

func (o *tour) others() []state {
	return []state{
		{"records where nobody has begun", managerOfNone, []step{o.at("/records")}},
		{"people where nobody has begun", managerOfNone, []step{o.at("/records/people")}},
		{"a person without records", managerOfNone, []step{click(`.people td a`), shows(`.terms`)}},
		{"assignments where nobody has begun", managerOfNone, []step{o.at("/records/assignments"), opened(`main details`)}},
		{"tokens where there is none", managerOfNone, []step{o.at("/records/tokens")}},

		{"the studio", educator, []step{o.at("/studio")}},
		{"the guide to the notation", educator, []step{o.at("/studio/guide")}},
		{"the guide with everything open", educator, []step{opened(`main details`)}},

		{"the audit trail of all", operatorOfAll, []step{o.at("/audit")}},
	}
}

// inSpanish are modules that are in the reader's language, with the pictures,
// tables and sources that they have.
func (o *tour) inSpanish() []state {
	begun := func(slug string) step {
		return chromedp.Steps(o.at("/modules/"+slug), click(`form[action$="/begin"] button`), shows(`.deck.ready`), opened(`main details`))
	}
	return []state{
		{"home with programmes in Spanish", neighbour, []step{o.at("/?lang=es")}},
		{"programmes in Spanish", neighbour, []step{o.at("/modules"), opened(`main details`)}},
		{"a module in Spanish, with a chart", neighbour, []step{begun("what-the-numbers-mean")}},
		{"a module in Spanish, with pictures and a table", neighbour, []step{begun("a-reading-you-can-trust")}},
		{"a module in Spanish, with a conversation that was mended", neighbour, []step{begun("navigate-safely")}},
	}
}

// saved waits until a line says that something is saved.
func saved(selector string) step {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Poll[bool](fmt.Sprintf(`document.querySelector(%q).textContent.trim() === "Saved"`, selector)))
		return err
	})
}

// opened unfolds whatever there is to unfold, on every card of a module at once,
// also what unfolds only one at a time. The bar below the cards does not stay in
// view then: on a page that long it would lie over something by chance. It fails
// where there is nothing.
func opened(selector string) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		folded, err := chromedp.Run(ctx, chromedp.Evaluate[int](fmt.Sprintf(`(all => {
			document.querySelectorAll("#deck_cards > .card").forEach(card => { card.hidden = false; });
			document.querySelectorAll(".submit-action").forEach(bar => { bar.style.position = "static"; });
			all.forEach(d => d.removeAttribute("name"));
			all.forEach(d => d.open || d.querySelector(":scope > summary").click());
			return all.length ? all.filter(d => !d.open).length : -1;
		})([...document.querySelectorAll(%q)])`, selector)))
		if err == nil && folded != 0 {
			err = fmt.Errorf("of %s, %d stay folded (-1: there is none)", selector, folded)
		}
		return err
	})
}

// become signs out whoever is signed in, and the next person in.
func become(base, before, who string) step {
	var steps []step
	if before != nobody {
		steps = append(steps, chromedp.Navigate(base+"/"), signOut())
	}
	for _, i := range demo.Institutions() {
		if slices.ContainsFunc(i.People, func(p demo.Person) bool { return p.Name == who }) {
			steps = append(steps, signIn(base, i.Name, who))
		}
	}
	return chromedp.Steps(steps...)
}
