package questionbank

import (
	"path"
	"strconv"
	"strings"

	"first5/content"
)

// Cards writes the items of a bank as cards, one after the other, and tells
// what is not as it was. It has no place for pictures.
func (b *Bank) Cards() (string, []Problem) {
	markdown, _, problems := b.write(false)
	return markdown, problems
}

// Module makes a module of a bank, with the pictures that it brings, and tells
// what is not as it was. Its author has to replace some of the front matter.
func (b *Bank) Module(edition string) (content.Source, []Problem) {
	markdown, pictures, problems := b.write(true)
	title := b.title
	if title == "" {
		title = singleLine(strings.TrimSuffix(path.Base(b.file), path.Ext(b.file)))
	}
	if title == "" {
		title = "Questions"
	}
	front := frontMatter(title, edition)
	return append(content.Source{{Name: "module.md", Data: []byte(front + "\n" + markdown)}}, pictures...), problems
}

// write makes the cards, and collects their pictures if they are to be kept.
func (b *Bank) write(keepPictures bool) (string, content.Source, []Problem) {
	w := &cardWriter{converter: newConverter(), pictures: newPictures(keepPictures)}
	var cards []string
	var problems []Problem
	ids := identify(b.items)
	for i, it := range b.items {
		tell := func(message string) {
			problems = append(problems, Problem{File: b.file, Line: it.line, Title: it.name(), Message: message})
		}
		w.lost = nil
		markdown, err := w.item(it, ids[i])
		if err != nil {
			tell(err.Error())
			continue
		}
		for _, message := range append(it.changes, w.lost...) {
			tell(message)
		}
		cards = append(cards, markdown)
	}
	sortProblems(problems)
	return strings.Join(cards, "\n"), w.pictures.files, problems
}

// item writes one item. Its error says why it can't be.
func (w *cardWriter) item(it item, id string) (string, error) {
	c, err := w.card(it, id)
	if err != nil {
		return "", err
	}
	changes, err := c.settle(w.pictures.files)
	if err != nil {
		return "", err
	}
	w.lost = append(w.lost, changes...)
	return c.Markdown(), nil
}

// frontMatter writes what every module must say of itself, as far as a bank
// knows it. What it does not know says that it has to be replaced.
func frontMatter(title, edition string) string {
	return "---\n" +
		"title: " + strconv.Quote(title) + "\n" +
		"summary: \"TO BE REPLACED: say in one sentence what a learner can do afterwards.\"\n" +
		"minutes: 5\n" +
		"edition: " + strconv.Quote(edition) + "\n" +
		"objectives:\n  - \"TO BE REPLACED: one thing that a learner will be able to do\"\n" +
		"authors:\n  - \"TO BE REPLACED: the people who wrote the questions\"\n" +
		"---\n"
}

// asModule returns cards as a module that package content can read.
func asModule(cards string, files content.Source) content.Source {
	front := frontMatter("M", "1")
	return append(content.Source{{Name: "module.md", Data: []byte(front + "\n" + cards)}}, files...)
}
