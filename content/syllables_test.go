package content

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

// Each word is parted as the spelling of Spanish has it.
func TestSyllablesOfSpanish(t *testing.T) {
	for _, parted := range []string{
		// Consonants keep vowels apart.
		"sal", "pa-dre", "pre-sión", "co-ra-zón", "tra-ba-ja-do-ra", "ins-truc-ción", "EN-FER-ME-RA", "ni-ño",
		// Strong vowels are parted.
		"le-er", "ca-os", "po-e-ta", "a-é-re-o", "lí-ne-a", "o-es-te", "i-de-o-lo-gí-a",
		// A weak one goes with its neighbour.
		"rei-na", "cau-sa", "bue-no", "sa-lu-da-ble", "cien-to", "guion", "cruel", "reu-nir", "viu-da", "ciu-dad", "cui-da-do", "fa-mi-lia",
		"es-tu-diáis", "a-ve-ri-güéis", "pa-ra-noi-a", "a-gua", "quie-ro", "gui-ta-rra", "que-so", "pin-güi-no", "ver-güen-za", "ci-güe-ña",
		// With an accent, it is parted from a strong one, and from no weak one.
		"dí-a", "tí-o", "pa-ís", "ba-úl", "re-ír", "o-í-do", "ma-íz", "con-ti-nú-a", "vi-ví-ais", "o-í-a-mos", "guí-a", "huí-a",
		"cuí-de-se", "lin-güís-ti-ca", "vein-tiún", "cons-truí", "a-sí",
		// Two of the same are parted.
		"an-ti-in-fla-ma-to-rio", "chi-i-ta", "chi-í-ta", "du-un-vi-ro",
		// An h between vowels is not heard, unless a syllable begins with it.
		"prohi-bir", "pro-hí-be", "ahi-ja-do", "a-ho-ra", "bú-ho", "ba-hí-a", "ve-hí-cu-lo", "al-co-hol", "a-hí", "ahu-yen-tar", "re-hén",
		"ca-ca-hue-te", "al-de-hue-la", "pa-ri-hue-la", "des-hie-lo", "hie-rro", "ho-ja", "o-cho", "hoy",
		// A y is a vowel at the end.
		"y", "muy", "ley", "le-yes", "hay", "ma-yo", "u-ru-guay", "buey", "yo", "ho-yue-lo", "es-toy", "a-yu-da", "cu-yo", "o-í-ais",
		// Accents may be characters of their own.
		"di\u0301-a", "ci-gu\u0308e-n\u0303a", "pre-sio\u0301n", "cui\u0301-de-se",
		// What has no vowel counts as one.
		"120/80", "Dr.", "mm", "¿Por", "¡Sí!", "(mé-di-co)",
	} {
		word := strings.ReplaceAll(parted, "-", "")
		assert.Equal(t, strings.Count(parted, "-")+1, spanishSyllables([]rune(word)), parted)
	}
}

// However many words are joined by hyphens, their syllables add up; and no word
// has more of them than vowels.
func FuzzSpanishSyllables(f *testing.F) {
	f.Add("médico", "paciente")
	f.Add("ahuehuete", "y")
	f.Add("i\u0301a", "\u0301huh")
	f.Add("antiinflamatorio", "ÏÍIúÜ")
	f.Fuzz(func(t *testing.T, a, b string) {
		if !utf8.ValidString(a) || !utf8.ValidString(b) {
			t.Skip()
		}
		assert.Equal(t, nuclei([]rune(a))+nuclei([]rune(b)), nuclei([]rune(a+"-"+b)))
		vowels := 0
		for _, r := range composed([]rune(a)) {
			if r == 'y' || vowelOf(r) != apart {
				vowels++
			}
		}
		assert.LessOrEqual(t, nuclei([]rune(a)), vowels)
		if vowels > 0 && !strings.ContainsAny(a, "yY") {
			assert.Positive(t, nuclei([]rune(a)))
		}
		assert.Equal(t, nuclei([]rune(a)), nuclei(composed([]rune(a))), "capitals and ways to write accents make no difference")
	})
}
