package content_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestQuotesAroundInvertedSignsAreTypographicToo(t *testing.T) {
	for written, want := range map[string]string{
		`Dijo: "¿Qué?"`:                 "Dijo: “¿Qué?”",
		`"¡No!" y "Sí."`:                "“¡No!” y “Sí.”",
		`"¿La señora? Vengo yo."`:       "“¿La señora? Vengo yo.”",
		`[Vea "¿uno?"](/modules)`:       "Vea “¿uno?”</a>",
		`*"¿Uno?"*, "¿dos?" y "¿tres?"`: "“¿Uno?”</em>, “¿dos?” y “¿tres?”",
		`"Sí. ¿No?"`:                    "“Sí. ¿No?”",
		`Mide 5" y "¿qué?"`:             "y “¿qué?”",
		"\"¿Abierta\n\nMide 5\".":       "<p>Mide 5&quot;.</p>",
	} {
		assert.Contains(t, body(t, "## Tarjeta\n\nAntes.\n\n"+written+"\n"), want, written)
	}
}
