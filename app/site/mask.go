package site

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
)

// mask writes a proof of ours so that it looks different in each answer. Pages
// are sent compressed, and some show a part of what they were asked with: if the
// proof were the same each time, whoever can have them asked for again and again
// and sees how long the answers are could guess it bit by bit (BREACH).
func mask(proof []byte) string {
	masked := make([]byte, 2*len(proof))
	pad, rest := masked[:len(proof)], masked[len(proof):]
	rand.Read(pad) // never fails, by its contract
	subtle.XORBytes(rest, proof, pad)
	return base64.RawURLEncoding.EncodeToString(masked)
}

// masks says whether a text is that proof, masked. It takes as long for any text
// of the same length.
func masks(text string, proof []byte) bool {
	masked, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(masked) != 2*len(proof) {
		return false
	}
	given := make([]byte, len(proof))
	subtle.XORBytes(given, masked[:len(proof)], masked[len(proof):])
	return subtle.ConstantTimeCompare(given, proof) == 1
}
