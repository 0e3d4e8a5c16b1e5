package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"first5/app"
)

// config is what the program runs with: the configuration file, and over it the
// environment.
type config struct {
	Listen         string
	BaseURL        string
	Database       string
	DownloadsFrom  string // primary or secondaries
	Modules        string // a folder; empty: the embedded ones
	Secret         string // in base64
	RateLimits     string
	TrustedProxies []string
	SessionIdle    time.Duration // how long a session lasts unused
	SessionLife    time.Duration // and in all
	Institutions   []institution

	variables map[string]string // which environment variable gave a setting, if one did
}

func defaultConfig() config {
	return config{
		Listen:        "127.0.0.1:8080",
		BaseURL:       "http://localhost:8080",
		Database:      "sqlite:first5.db",
		DownloadsFrom: fromPrimary,
		RateLimits:    "on",

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
	c.BaseURL, err = normalBaseURL(c.BaseURL)
	if err != nil {
		return config{}, c.naming("base_url", err)
	}
	for n := range c.Institutions {
		err = c.Institutions[n].readSecrets()
		if err != nil {
			return config{}, c.naming("institutions", fmt.Errorf("institution %s %w", c.Institutions[n].label(n), err))
		}
	}
	return c, c.check()
}

// naming begins what is wrong with a setting by the name of the environment
// variable that gave it, since no file and line tell where it stands.
func (c config) naming(setting string, err error) error {
	variable := c.variables[setting]
	if err == nil || variable == "" {
		return err
	}
	return fmt.Errorf("%s: %w", variable, err)
}

// readConfigFile reads the configuration file that is named, or that the
// environment names, if there is one.
func readConfigFile(file string, getenv func(string) string) (config, error) {
	c, variable := defaultConfig(), ""
	if file == "" {
		file, variable = getenv("FIRST5_CONFIG"), "FIRST5_CONFIG: "
	}
	if file == "" {
		return c, nil
	}
	err := readYAML(file, c.settings())
	if err != nil {
		return config{}, fmt.Errorf("%s%w", variable, err)
	}
	return c, nil
}

func (c *config) settings() settings {
	return settings{
		"listen":          &c.Listen,
		"base_url":        &c.BaseURL,
		"database":        &c.Database,
		"downloads_from":  &c.DownloadsFrom,
		"modules":         &c.Modules,
		"secret":          &c.Secret,
		"rate_limits":     &c.RateLimits,
		"trusted_proxies": &c.TrustedProxies,
		"session_idle":    &c.SessionIdle,
		"session_life":    &c.SessionLife,
		"institutions":    &c.Institutions,
	}
}

// readEnvironment lays what the environment says over the configuration file.
func (c *config) readEnvironment(getenv func(string) string) error {
	c.variables = map[string]string{}
	given := func(setting, variable string) string {
		value := getenv(variable)
		if value != "" {
			c.variables[setting] = variable
		}
		return value
	}
	for setting, target := range map[string]*string{
		"listen":         &c.Listen,
		"base_url":       &c.BaseURL,
		"database":       &c.Database,
		"downloads_from": &c.DownloadsFrom,
		"modules":        &c.Modules,
		"rate_limits":    &c.RateLimits,
	} {
		if v := given(setting, "FIRST5_"+strings.ToUpper(setting)); v != "" {
			*target = v
		}
	}
	for setting, target := range map[string]*time.Duration{"session_idle": &c.SessionIdle, "session_life": &c.SessionLife} {
		variable := "FIRST5_" + strings.ToUpper(setting)
		err := readDuration(target, variable, given(setting, variable))
		if err != nil {
			return err
		}
	}
	if v := given("trusted_proxies", "FIRST5_TRUSTED_PROXIES"); v != "" {
		c.TrustedProxies = strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
	}
	if file := given("institutions", "FIRST5_INSTITUTIONS"); file != "" {
		c.Institutions = nil
		err := readYAML(file, settings{"institutions": &c.Institutions})
		if err != nil {
			return c.naming("institutions", err)
		}
	}
	return c.readSecret(given)
}

// readSecret takes the secret from the environment, or from the file that the
// environment names.
func (c *config) readSecret(given func(setting, variable string) string) error {
	secret, file := given("secret", "FIRST5_SECRET"), given("secret", "FIRST5_SECRET_FILE")
	switch {
	case secret != "" && file != "":
		return errors.New("FIRST5_SECRET and FIRST5_SECRET_FILE are both set: set one of them")
	case secret != "":
		c.Secret = secret
		return nil
	case file == "":
		return nil
	}
	read, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("FIRST5_SECRET_FILE can't be read: %w", err)
	}
	c.Secret = strings.TrimSpace(string(read))
	return nil
}

func readDuration(target *time.Duration, variable, value string) error {
	if value == "" {
		return nil
	}
	d, err := time.ParseDuration(value)
	if err != nil {
		return fmt.Errorf("%s is %q and should be %s", variable, value, shape(target))
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

// optional is a text that may be empty on purpose. No other setting may.
type optional string

// settingError says what is wrong with a setting, and in which line.
type settingError struct {
	line int
	what string
}

// Error implements the error interface.
func (e *settingError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.what) }

func wrong(node *yaml.Node, format string, a ...any) error {
	return &settingError{node.Line, fmt.Sprintf(format, a...)}
}

// decode reads a mapping. A key that it does not know is an error that names it,
// and so is one that stands twice or has no value: no setting may silently do
// nothing.
func (s settings) decode(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		return wrong(node, "expected settings, each with its name and a colon")
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		target, ok := s[key.Value]
		if !ok || key.Kind != yaml.ScalarNode {
			return wrong(key, "there is no setting %q; the settings here are %s", key.Value, s.names())
		}
		if line, twice := lines[key.Value]; twice {
			return wrong(key, "the setting %q stands twice, here and in line %d: leave one of them out", key.Value, line)
		}
		lines[key.Value] = key.Line
		err := decodeSetting(key, value, target)
		if err != nil {
			return err
		}
	}
	return nil
}

// decodeSetting reads one value. What is wrong within a value that has settings
// of its own is said of those.
func decodeSetting(key, value *yaml.Node, target any) error {
	_, mayBeEmpty := target.(*optional)
	if blank(value) && !(mayBeEmpty && emptyText(value)) {
		return wrong(key, "the setting %q has a blank value: fill it in, or leave it out", key.Value)
	}
	err := value.Decode(target)
	var within *settingError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &within):
		return within
	}
	return wrong(key, "the setting %q should be %s", key.Value, shape(target))
}

// shape says what a setting should look like.
func shape(target any) string {
	switch target.(type) {
	case *bool:
		return "true or false"
	case *time.Duration:
		return "a length of time like 12h or 30m"
	case *[]string:
		return "a list, like [this, that]"
	case *[]institution:
		return "a list of institutions, each with its own settings"
	}
	return "one text"
}

// blank says whether a value, or one in a list, is nothing at all or only spaces.
func blank(value *yaml.Node) bool {
	if value.Kind == yaml.AliasNode {
		value = value.Alias
	}
	if value.Kind == yaml.SequenceNode {
		return slices.ContainsFunc(value.Content, blankText)
	}
	return blankText(value)
}

func blankText(value *yaml.Node) bool {
	if value.Kind == yaml.AliasNode {
		value = value.Alias
	}
	return value.Kind == yaml.ScalarNode && (value.ShortTag() == "!!null" || strings.TrimSpace(value.Value) == "")
}

// emptyText says whether a value is an empty text in quotes, which nobody writes
// by mistake.
func emptyText(value *yaml.Node) bool {
	return value.Kind == yaml.ScalarNode && value.ShortTag() == "!!str" && value.Value == ""
}

func readYAML(file string, s settings) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("the configuration can't be read: %w", err)
	}
	documents := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	err = documents.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil // an empty file
	}
	if err != nil {
		return fmt.Errorf("%s is no YAML: %w", filepath.Base(file), err)
	}
	err = s.decode(doc.Content[0])
	if err != nil {
		return fmt.Errorf("%s, %w", filepath.Base(file), err)
	}
	err = documents.Decode(&more)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s is no YAML: %w", filepath.Base(file), err)
	}
	return fmt.Errorf("%s holds more than one document: leave out the line --- between them, so that all settings are in one", filepath.Base(file))
}
