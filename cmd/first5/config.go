package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"first5/app"
)

// config is what "serve" runs with: the configuration file, and over it the
// environment.
type config struct {
	Listen         string
	BaseURL        string
	Database       string
	Modules        string // a folder; empty: the embedded ones
	Secret         string // in base64
	RateLimits     string
	TrustedProxies []string
	SessionIdle    time.Duration // how long a session lasts unused
	SessionLife    time.Duration // and in all
	Institutions   []institution
}

func defaultConfig() config {
	return config{
		Listen:     "127.0.0.1:8080",
		BaseURL:    "http://localhost:8080",
		Database:   "sqlite:first5.db",
		RateLimits: "on",

		SessionIdle: app.DefaultSessionIdle,
		SessionLife: app.DefaultSessionLife,
	}
}

// readConfig reads the configuration file, if one is named, and the environment,
// and returns an error that says in one sentence what to mend.
func readConfig(file string, getenv func(string) string) (config, error) {
	c, err := readConfigFile(file, getenv)
	if err != nil {
		return config{}, err
	}
	err = c.readEnvironment(getenv)
	if err != nil {
		return config{}, err
	}
	for i := range c.Institutions {
		err = c.Institutions[i].readSecrets()
		if err != nil {
			return config{}, err
		}
	}
	return c, c.check()
}

// readConfigFile reads the configuration file that is named, or that the
// environment names, if there is one.
func readConfigFile(file string, getenv func(string) string) (config, error) {
	c := defaultConfig()
	if file == "" {
		file = getenv("FIRST5_CONFIG")
	}
	if file == "" {
		return c, nil
	}
	return c, readYAML(file, c.settings())
}

func (c *config) settings() settings {
	return settings{
		"listen":          &c.Listen,
		"base_url":        &c.BaseURL,
		"database":        &c.Database,
		"modules":         &c.Modules,
		"secret":          &c.Secret,
		"rate_limits":     &c.RateLimits,
		"trusted_proxies": &c.TrustedProxies,
		"session_idle":    &c.SessionIdle,
		"session_life":    &c.SessionLife,
		"institutions":    &c.Institutions,
	}
}

func (c *config) readEnvironment(getenv func(string) string) error {
	for name, target := range map[string]*string{
		"FIRST5_LISTEN":      &c.Listen,
		"FIRST5_BASE_URL":    &c.BaseURL,
		"FIRST5_DATABASE":    &c.Database,
		"FIRST5_MODULES":     &c.Modules,
		"FIRST5_SECRET":      &c.Secret,
		"FIRST5_RATE_LIMITS": &c.RateLimits,
	} {
		if v := getenv(name); v != "" {
			*target = v
		}
	}
	for name, target := range map[string]*time.Duration{"FIRST5_SESSION_IDLE": &c.SessionIdle, "FIRST5_SESSION_LIFE": &c.SessionLife} {
		err := readDuration(target, name, getenv(name))
		if err != nil {
			return err
		}
	}
	if v := getenv("FIRST5_TRUSTED_PROXIES"); v != "" {
		c.TrustedProxies = strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
	}
	if file := getenv("FIRST5_SECRET_FILE"); file != "" && getenv("FIRST5_SECRET") == "" {
		secret, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("FIRST5_SECRET_FILE can't be read: %w", err)
		}
		c.Secret = strings.TrimSpace(string(secret))
	}
	if file := getenv("FIRST5_INSTITUTIONS"); file != "" {
		c.Institutions = nil
		return readYAML(file, settings{"institutions": &c.Institutions})
	}
	return nil
}

func readDuration(target *time.Duration, name, value string) error {
	if value == "" {
		return nil
	}
	d, err := time.ParseDuration(value)
	if err != nil {
		return fmt.Errorf("%s is %q and should be a length of time like 12h or 30m", name, value)
	}
	*target = d
	return nil
}

// secret returns the bytes of the secret.
func (c config) secret() ([]byte, error) {
	const how = `set FIRST5_SECRET or FIRST5_SECRET_FILE to 32 random bytes in base64, such as "openssl rand -base64 32" prints`
	if c.Secret == "" {
		return nil, errors.New("the secret is missing: " + how)
	}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		b, err := encoding.DecodeString(c.Secret)
		if err == nil && len(b) >= 32 {
			return b, nil
		}
	}
	return nil, errors.New("the secret is not 32 bytes in base64: " + how)
}

// settings is where the keys of a YAML mapping go.
type settings map[string]any

// decode reads a mapping. A key that it does not know is an error that names it:
// a mistyped setting must not be a setting that silently does nothing.
func (s settings) decode(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: expected settings, each with its name and a colon", node.Line)
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		target, ok := s[key.Value]
		if !ok {
			return fmt.Errorf("line %d: there is no setting %q; the settings here are %s", key.Line, key.Value, s.names())
		}
		err := value.Decode(target)
		if err != nil {
			return fmt.Errorf("line %d: the setting %q can't be read: %w", key.Line, key.Value, err)
		}
	}
	return nil
}

func readYAML(file string, s settings) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("the configuration can't be read: %w", err)
	}
	var doc yaml.Node
	err = yaml.Unmarshal(data, &doc)
	if err != nil {
		return fmt.Errorf("%s is no YAML: %w", filepath.Base(file), err)
	}
	if len(doc.Content) == 0 {
		return nil // an empty file
	}
	err = s.decode(doc.Content[0])
	if err != nil {
		return fmt.Errorf("%s, %w", filepath.Base(file), err)
	}
	return nil
}

func isLoopback(base *url.URL) bool {
	h := base.Hostname()
	return h == "localhost" || h == "::1" || strings.HasPrefix(h, "127.")
}
