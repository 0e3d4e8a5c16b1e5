package content

import "strings"

// phrases is what pages say in our words and not in the author's.
type phrases struct {
	reflect, commit                        string // titles
	private, save, saving                  string // below the field of a private question
	replies                                string
	you                                    []string // how speech names the reader
	one, all, poll, practice               string   // hints at how to answer
	right                                  string   // the feedback of a right option that has none
	captions                               string
	noteBack                               string
	note, tip, important, warning, caution string // titles of call-outs
}

// phrasesIn returns the phrases of a language, or else the English ones.
func phrasesIn(language string) phrases {
	if language == "es" || strings.HasPrefix(language, "es-") {
		return spanish()
	}
	return english()
}

func english() phrases {
	return phrases{
		reflect: "Think it over", commit: "What to try: you choose at the end", replies: "What do you say?", you: []string{"You"},
		private: "Nobody else is shown this.", save: "Save", saving: "Saving opens the page anew: choose your answers after it.",
		one: "Choose one.", all: "Choose all that apply.",
		poll: "A poll: your answer is not scored.", practice: "Try it: open the answer you would choose.",
		right: "That is right.", captions: "Captions", noteBack: "Back to the text",
		note: "Note", tip: "Tip", important: "Important", warning: "Warning", caution: "Caution",
	}
}

func spanish() phrases {
	return phrases{
		reflect: "Piénselo un momento", commit: "Qué probar: lo elige al final", replies: "¿Qué dice usted?", you: []string{"Usted", "Tú"},
		private: "No se le muestra a nadie más.", save: "Guardar", saving: "Al guardar, la página se abre de nuevo: elija sus respuestas después.",
		one: "Elija una.", all: "Elija todas las que correspondan.",
		poll: "Una encuesta: su respuesta no se califica.", practice: "Pruebe: abra la respuesta que elegiría.",
		right: "Es correcta.", captions: "Subtítulos", noteBack: "Volver al texto",
		note: "Nota", tip: "Consejo", important: "Importante", warning: "Advertencia", caution: "Cuidado",
	}
}

// callout returns the title of a GitHub alert, or nothing if there is no such
// alert.
func (p phrases) callout(name string) string {
	switch name {
	case "NOTE":
		return p.note
	case "TIP":
		return p.tip
	case "IMPORTANT":
		return p.important
	case "WARNING":
		return p.warning
	case "CAUTION":
		return p.caution
	}
	return ""
}
