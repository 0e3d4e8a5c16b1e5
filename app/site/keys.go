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
	csrf, ticket, device []byte
	flow                 cipher.AEAD
}

const secretLength = 32 // bytes, at least

func newKeys(secret []byte) (keys, error) {
	if len(secret) < secretLength {
		return keys{}, fmt.Errorf("the secret has %d bytes and needs at least %d", len(secret), secretLength)
	}
	var made [4][]byte
	for i, purpose := range []string{"first5 csrf", "first5 ticket", "first5 flow", "first5 device"} {
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
	return keys{csrf: made[0], ticket: made[1], device: made[3], flow: flow}, nil
}

func mac(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(strings.Join(parts, "\x00")))
	return h.Sum(nil)
}

// csrfToken goes into every form of a session.
func (k keys) csrfToken(t app.SessionToken) string { return mask(mac(k.csrf, string(t))) }

// switchToken goes into a link that leads somebody who is signed in to another
// institution's sign-in: no other site can make one.
func (k keys) switchToken(t app.SessionToken, to app.InstitutionID) string {
	return mask(mac(k.csrf, string(t), string(to)))
}

func (k keys) checkSwitch(t app.SessionToken, to app.InstitutionID, token string) bool {
	return masks(token, mac(k.csrf, string(t), string(to)))
}

func (k keys) checkCSRF(t app.SessionToken, token string) bool {
	return masks(token, mac(k.csrf, string(t)))
}

// deviceKey is by what a browser tells the things that it keeps of a learner
// from those of another one. It proves nothing, and leads back to nobody.
func (k keys) deviceKey(l app.LearnerID) string {
	return base64.RawURLEncoding.EncodeToString(mac(k.device, string(l))[:12])
}

// ticket proves that a module's page was made for a learner from one version.
// It holds when the session in which the page was made has ended, and so lets
// answers be kept for the learner; it does not sign anybody in.
type ticket struct {
	Learner app.LearnerID
	Module  string
	Version int
	Quiz    bool // the page shows the questions alone
}

// quizMark stands behind the version in the ticket of a page that shows the
// questions alone.
const quizMark = "q"

func (k keys) writeTicket(t ticket) string {
	version := strconv.Itoa(t.Version)
	if t.Quiz {
		version += quizMark
	}
	return version + "." + string(t.Learner) + "." + mask(mac(k.ticket, string(t.Learner), t.Module, version))
}

func (k keys) readTicket(module, s string) (ticket, bool) {
	version, rest, ok1 := strings.Cut(s, ".")
	learner, sum, ok2 := strings.Cut(rest, ".")
	digits, quiz := strings.CutSuffix(version, quizMark)
	number, err := strconv.Atoi(digits)
	if !ok1 || !ok2 || err != nil || !masks(sum, mac(k.ticket, learner, module, version)) {
		return ticket{}, false
	}
	return ticket{Learner: app.LearnerID(learner), Module: module, Version: number, Quiz: quiz}, true
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
