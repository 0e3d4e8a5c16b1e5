package web

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message/catalog"
)

// messages is what the interface says, in a folder for each language: files of
// YAML that give for the English text what it is in that language. A text that
// depends on a number has its forms there, in English too.
//
//go:embed messages
var messages embed.FS

// newCatalog reads the messages of all languages.
func newCatalog() (catalog.Catalog, error) {
	all := catalog.NewBuilder(catalog.Fallback(language.English))
	for _, name := range Languages() {
		files, err := readMessages(name)
		if err != nil {
			return nil, err
		}
		for file, texts := range files {
			for key, text := range texts {
				err := text.addTo(all, language.Make(name), key)
				if err != nil {
					return nil, fmt.Errorf("%s: %q: %w", file, key, err)
				}
			}
		}
	}
	return all, nil
}

// readMessages returns the texts of one language, by the name of their file and
// their English text.
func readMessages(name string) (map[string]map[string]translated, error) {
	files, err := fs.Glob(messages, "messages/"+name+"/*.yaml")
	if err != nil {
		return nil, err
	}
	all := map[string]map[string]translated{}
	for _, file := range files {
		data, err := messages.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var texts map[string]translated
		err = yaml.Unmarshal(data, &texts)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all[file] = texts
	}
	return all, nil
}

// translated is a text in one language: always the same, or with forms for its
// first number.
type translated struct {
	Always string
	One    string `yaml:"one"`
	Other  string `yaml:"other"`
}

// UnmarshalYAML implements [yaml.Unmarshaler].
func (t *translated) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&t.Always)
	}
	type forms translated
	return n.Decode((*forms)(t))
}

// forms returns the text in all its forms.
func (t translated) forms() []string {
	if t.Always != "" {
		return []string{t.Always}
	}
	return []string{t.One, t.Other}
}

func (t translated) addTo(all *catalog.Builder, tag language.Tag, key string) error {
	for _, form := range t.forms() {
		if form == "" {
			return errors.New("it has neither a text nor the forms one and other")
		}
		if !maps.Equal(verbs(key), verbs(form)) {
			return fmt.Errorf("%q has other verbs", form)
		}
	}
	if t.Always != "" {
		return all.SetString(tag, key, t.Always)
	}
	number := firstNumber(key)
	if number == 0 {
		return errors.New("it has forms, but no %d that they could depend on")
	}
	return all.Set(tag, key, plural.Selectf(number, "%d", plural.One, t.One, plural.Other, t.Other))
}

// verbs returns the verbs of a text by which of its arguments they show, the
// first one being 1: "d" for %d or %[1]d. What is no whole verb is "".
func verbs(text string) map[int]string {
	all := map[int]string{}
	arg := 0
	for {
		_, after, found := strings.Cut(text, "%")
		if !found {
			return all
		}
		if text, found = strings.CutPrefix(after, "%"); found {
			continue
		}
		arg++
		if index, rest, explicit := strings.Cut(after, "]"); explicit && strings.HasPrefix(index, "[") {
			if n, err := strconv.Atoi(index[1:]); err == nil {
				arg, after = n, rest
			}
		}
		after = strings.TrimLeft(after, "+-# .0123456789")
		_, size := utf8.DecodeRuneInString(after)
		verb := after[:size]
		all[arg] += verb
		text = after[size:]
	}
}

// firstNumber returns which argument of a text is its first number, or 0.
func firstNumber(text string) int {
	all := verbs(text)
	for _, arg := range slices.Sorted(maps.Keys(all)) {
		if all[arg] == "d" {
			return arg
		}
	}
	return 0
}
