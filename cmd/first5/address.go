package main

import (
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// shown returns a database address as it may be shown: without its user, its
// password and its options, which may hold another one. The address may be one
// that can't be used.
func shown(address string) string {
	if strings.HasPrefix(address, "sqlite:") {
		return address
	}
	scheme, rest, found := strings.Cut(address, "://")
	if !found || strings.Trim(strings.ToLower(scheme), "abcdefghijklmnopqrstuvwxyz+") != "" {
		scheme, rest = "", address
	}
	// Last first: a password that should have been written with %XX may hold
	// every one of these signs.
	at := strings.LastIndex(rest, "@")
	user := ""
	if at >= 0 {
		user, rest = "redacted@", rest[at+1:]
	}
	rest, _, _ = strings.Cut(rest, "?")
	if scheme != "" {
		scheme += "://"
	}
	return scheme + user + rest
}

// hidden is an error whose text is shown without passwords.
type hidden struct {
	error
	secrets []string
}

// Error implements the error interface.
func (h hidden) Error() string {
	text := h.error.Error()
	for _, s := range h.secrets {
		text = strings.ReplaceAll(text, s, "redacted")
	}
	return text
}

// Unwrap returns the error as it is.
func (h hidden) Unwrap() error { return h.error }

// hiding returns err so that its text does not show the address's passwords.
func (d database) hiding(err error) error {
	if err == nil {
		return nil
	}
	return hidden{err, d.secrets()}
}

// secrets returns what must not be shown of the address, the longest first: its
// user with the password, the password as written and as meant, and the values
// of options whose names say that they are secret.
func (d database) secrets() []string {
	_, rest, ok := strings.Cut(d.address, "://")
	if !ok {
		return nil
	}
	var all []string
	keep := func(written string) {
		meant, err := url.PathUnescape(written)
		if written != "" {
			all = append(all, written)
		}
		if err == nil && meant != "" {
			all = append(all, meant)
		}
	}
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		_, password, _ := strings.Cut(rest[:at], ":")
		keep(rest[:at])
		keep(password)
	}
	_, query, _ := strings.Cut(rest, "?")
	for option := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(option, "=")
		name = strings.ToLower(name)
		if strings.Contains(name, "password") || name == "authmechanismproperties" {
			keep(value)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return all
}

// same says whether two addresses are of one database, as far as addresses tell.
func (d database) same(other database) bool {
	if d.file != "" || other.file != "" {
		return d.file != "" && other.file != "" && sameFile(d.file, other.file)
	}
	hosts, name := d.place()
	others, otherName := other.place()
	return name == otherName && slices.ContainsFunc(hosts, func(h string) bool { return slices.Contains(others, h) })
}

// sameFile says whether two paths lead to one file, which need not be there.
func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	two, err2 := os.Stat(b)
	if err == nil && err2 == nil {
		return os.SameFile(one, two)
	}
	a, err = filepath.Abs(a)
	b, err2 = filepath.Abs(b)
	return err == nil && err2 == nil && a == b
}

// place returns the hosts of a MongoDB address, each with its port, and the name
// of the database.
func (d database) place() (hosts []string, name string) {
	scheme, rest, _ := strings.Cut(d.address, "://")
	rest, _, _ = strings.Cut(rest, "?")
	list, name, _ := strings.Cut(rest, "/")
	list = list[strings.LastIndex(list, "@")+1:]
	for host := range strings.SplitSeq(strings.ToLower(list), ",") {
		h, port, err := net.SplitHostPort(host)
		if err != nil {
			h, port = strings.Trim(host, "[]"), "27017"
		}
		if h == "localhost" {
			h = "127.0.0.1"
		}
		if scheme == "mongodb+srv" {
			port = "" // the network's directory has it
		}
		hosts = append(hosts, net.JoinHostPort(h, port))
	}
	meant, err := url.PathUnescape(name)
	if err == nil {
		name = meant
	}
	return hosts, name
}
