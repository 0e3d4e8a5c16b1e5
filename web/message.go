package web

import (
	"fmt"
	"html/template"
	"reflect"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// Languages returns the languages of the interface, the first one being that of
// readers who understand none of them.
func Languages() []string { return []string{"en", "es"} }

// Message is something that a page says in our words, to be told in the reader's
// language.
type Message struct {
	text string // in English, with verbs for the arguments; empty: the argument alone
	args []any
}

// T returns a message: an English text that stands in the catalogue, with verbs
// as those of package fmt for its arguments. An argument that is a message
// itself is translated too.
func T(text string, args ...any) Message { return Message{text: text, args: args} }

// Verbatim returns a message that is the same in every language, such as a
// module's title.
func Verbatim(text string) Message { return Message{args: []any{text}} }

// IsZero says whether the message says nothing.
func (m Message) IsZero() bool { return m.text == "" && len(m.args) == 0 }

// speaker says messages in one language.
type speaker struct {
	language string
	printer  *message.Printer
}

func newSpeaker(name string, all catalog.Catalog) speaker {
	return speaker{language: name, printer: message.NewPrinter(numbersOf(name), message.Catalog(all))}
}

// numbersOf returns the language by whose custom numbers are written. Clinicians
// in the United States who read Spanish write 1,234.5 there too, as their
// downloads have it, and not 1.234,5.
func numbersOf(name string) language.Tag {
	if name == "es" {
		return language.MustParse("es-US")
	}
	return language.Make(name)
}

// html returns a message, given as itself or as its English text and arguments,
// as HTML. What is in its arguments is text, unless it is HTML by its type; the
// message's own text is ours, and may have markup.
func (s speaker) html(said any, args ...any) template.HTML {
	m, ok := said.(Message)
	if !ok {
		m = Message{text: fmt.Sprint(said), args: args}
	}
	return template.HTML(s.print(m, func(text string) string { return template.HTMLEscapeString(text) }))
}

// plain returns a message as plain text.
func (s speaker) plain(m Message) string { return s.print(m, func(text string) string { return text }) }

func (s speaker) print(m Message, escape func(string) string) string {
	args := make([]any, 0, len(m.args))
	for _, arg := range m.args {
		args = append(args, s.argument(arg, escape))
	}
	if m.text == "" {
		return fmt.Sprint(args...)
	}
	return s.printer.Sprintf(m.text, args...)
}

// argument returns what is printed for an argument. Whatever is no number is text,
// and is escaped.
func (s speaker) argument(arg any, escape func(string) string) any {
	switch arg := arg.(type) {
	case nil:
		return ""
	case template.HTML:
		return string(arg)
	case Message:
		return s.print(arg, escape)
	case fmt.Stringer, error:
		return escape(fmt.Sprint(arg))
	}
	v := reflect.ValueOf(arg)
	switch {
	case v.Kind() == reflect.Pointer && !v.IsNil():
		return s.argument(v.Elem().Interface(), escape)
	case v.CanInt(), v.CanUint(), v.CanFloat():
		return arg
	}
	return escape(fmt.Sprint(arg))
}

// day returns a day, in UTC.
func (s speaker) day(t time.Time) string { return s.plain(dayOf(t)) }

// dayOf returns a day, in UTC, as a message.
func dayOf(t time.Time) Message {
	t = t.UTC()
	return T("%[1]s %[2]s %[3]s", fmt.Sprint(t.Day()), T(t.Month().String()), fmt.Sprint(t.Year()))
}

// localDay returns a day that a script shows as it is where the reader is.
func (s speaker) localDay(t time.Time) template.HTML { return timeElement(t, "day", s.day(t)) }

// localMoment returns a moment that a script shows as it is where the reader is.
func (s speaker) localMoment(t time.Time) template.HTML {
	return timeElement(t, "moment", s.day(t)+", "+t.UTC().Format("15:04")+" UTC")
}

func timeElement(t time.Time, shown, text string) template.HTML {
	return template.HTML(`<time datetime="` + t.UTC().Format(time.RFC3339) + `" data-shown="` + shown + `">` +
		template.HTMLEscapeString(text) + `</time>`)
}
