package site

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"first5/app"
)

// keys are made from the program's secret, one for each purpose, so that what
// was made for one can't serve another.
type keys struct {
	csrf, ticket []byte
	flow         cipher.AEAD
}

const secretLength = 32 // bytes, at least

func newKeys(secret []byte) (keys, error) {
	if len(secret) < secretLength {
		return keys{}, fmt.Errorf("the secret has %d bytes and needs at least %d", len(secret), secretLength)
	}
	var made [3][]byte
	for i, purpose := range []string{"first5 csrf", "first5 ticket", "first5 flow"} {
		key, err := hkdf.Key(sha256.New, secret, nil, purpose, 32)
		if err != nil {
			return keys{}, fmt.Errorf("deriving keys: %w", err)
		}
		made[i] = key
	}
	block, err := aes.NewCipher(made[2])
	if err != nil {
		return keys{}, fmt.Errorf("deriving keys: %w", err)
	}
	flow, err := cipher.NewGCM(block)
	if err != nil {
		return keys{}, fmt.Errorf("deriving keys: %w", err)
	}
	return keys{csrf: made[0], ticket: made[1], flow: flow}, nil
}

func mac(key []byte, parts ...string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(strings.Join(parts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// csrfToken goes into every form of a session.
func (k keys) csrfToken(t app.SessionToken) string { return mac(k.csrf, string(t)) }

// switchToken goes into a link that leads somebody who is signed in to another
// institution's sign-in: no other site can make one.
func (k keys) switchToken(t app.SessionToken, to app.InstitutionID) string {
	return mac(k.csrf, string(t), string(to))
}

func (k keys) checkSwitch(t app.SessionToken, to app.InstitutionID, token string) bool {
	return hmac.Equal([]byte(k.switchToken(t, to)), []byte(token))
}

func (k keys) checkCSRF(t app.SessionToken, token string) bool {
	return hmac.Equal([]byte(k.csrfToken(t)), []byte(token))
}

// ticket proves that a module's page was made for a learner from one version.
// It holds when the session in which the page was made has ended, and so lets
// answers be kept for the learner; it does not sign anybody in.
type ticket struct {
	Learner app.LearnerID
	Module  string
	Version int
}

func (k keys) writeTicket(t ticket) string {
	version := strconv.Itoa(t.Version)
	return version + "." + string(t.Learner) + "." + mac(k.ticket, string(t.Learner), t.Module, version)
}

func (k keys) readTicket(module, s string) (ticket, bool) {
	version, rest, ok1 := strings.Cut(s, ".")
	learner, sum, ok2 := strings.Cut(rest, ".")
	number, err := strconv.Atoi(version)
	if !ok1 || !ok2 || err != nil || !hmac.Equal([]byte(sum), []byte(mac(k.ticket, learner, module, version))) {
		return ticket{}, false
	}
	return ticket{Learner: app.LearnerID(learner), Module: module, Version: number}, true
}

// seal makes the value of a cookie that only this program can read, and only as
// a cookie of that kind.
func (k keys) seal(kind string, v any) (string, error) {
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false) // an address may be full of "&", which would be six bytes
	err := encoder.Encode(v)
	if err != nil {
		return "", fmt.Errorf("sealing a cookie: %w", err)
	}
	nonce := make([]byte, k.flow.NonceSize())
	rand.Read(nonce) // never fails, by its contract
	return base64.RawURLEncoding.EncodeToString(k.flow.Seal(nonce, nonce, plain.Bytes(), []byte(kind))), nil
}

// unseal reads what seal made for that kind of cookie into v.
func (k keys) unseal(kind, value string, v any) error {
	sealed, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil || len(sealed) < k.flow.NonceSize() {
		return errors.New("unsealing a cookie: it is not one of ours")
	}
	n := k.flow.NonceSize()
	plain, err := k.flow.Open(nil, sealed[:n], sealed[n:], []byte(kind))
	if err != nil {
		return fmt.Errorf("unsealing a cookie: %w", err)
	}
	return json.Unmarshal(plain, v)
}
