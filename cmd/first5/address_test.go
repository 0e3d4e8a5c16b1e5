package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnAddressIsShownWithoutItsPassword(t *testing.T) {
	for address, want := range map[string]string{
		"sqlite:first5.db":                            "sqlite:first5.db",
		"sqlite:/data/a@b?c.db":                       "sqlite:/data/a@b?c.db",
		"mongodb://db.example/first5":                 "mongodb://db.example/first5",
		"mongodb://it:geheim@db.example:27017/first5": "mongodb://redacted@db.example:27017/first5",
		"mongodb://it:geheim@a,b:27018/first5?replicaSet=rs0&tlsCertificateKeyFilePassword=geheim": "mongodb://redacted@a,b:27018/first5",
		"mongodb+srv://it:ge%2Fheim@db.example/first5":                                             "mongodb+srv://redacted@db.example/first5",
		// such as can't be used, and are shown in the refusal
		"mongodb://it:geh/eim@db.example/first5":  "mongodb://redacted@db.example/first5",
		"mongodb://it:geh@eim?@db.example/first5": "mongodb://redacted@db.example/first5",
		"mongo://it:geheim@db.example/first5":     "mongo://redacted@db.example/first5",
		"mongodb:it:geheim@db.example/first5":     "redacted@db.example/first5",
		"postgres://db.example/?password=geheim":  "postgres://db.example/",
		"it:geheim@db.example":                    "redacted@db.example",
		"it:geheim@mongodb://db.example":          "redacted@mongodb://db.example",
	} {
		assert.Equal(t, want, shown(address), address)
	}
}

func TestNoRefusalOfAnAddressShowsItsPassword(t *testing.T) {
	for _, address := range []string{
		"mongodb://it:geheim@", "mongodb://it:geheim@host", "mongodb://it:geheim@host:port/first5",
		"mongodb+srv://it:geheim@host:27017", "mongo://it:geheim@host/first5", "MONGODB://it:geheim@host/first5", "sqlite:", "",
	} {
		_, err := readDatabase(address)
		if assert.Error(t, err, address) {
			assert.NotContains(t, err.Error(), "geheim")
			assert.NotContains(t, err.Error(), "\n", "one sentence")
		}
	}
}

func TestWhatADatabaseSaysIsShownWithoutThePassword(t *testing.T) {
	d, err := readDatabase("mongodb://it:ge%2Fheim@host/first5?tlsCertificateKeyFilePassword=schluessel")
	require.NoError(t, err)
	from := fmt.Errorf("it:ge%%2Fheim@host said: ge/heim, ge%%2Fheim or schluessel: %w", io.ErrUnexpectedEOF)
	err = d.hiding(from)
	assert.EqualError(t, err, "redacted@host said: redacted, redacted or redacted: unexpected EOF")
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF, "it stays the error that it is")
	assert.NoError(t, d.hiding(nil))
}

func TestTwoAddressesOfOneDatabaseAreRecognised(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"sqlite:first5.db", "sqlite:./first5.db", true},
		{"sqlite:first5.db", "sqlite:" + folder + "/first5.db", true},
		{"sqlite:first5.db", "sqlite:other.db", false},
		{"sqlite:first5.db", "mongodb://first5.db/first5", false},
		{"mongodb://a/first5", "mongodb://A:27017/first5?replicaSet=rs0", true},
		{"mongodb://a,b/first5", "mongodb://it:geheim@b,c/first5", true},
		{"mongodb://localhost/first5", "mongodb://127.0.0.1:27017/first5", true},
		{"mongodb://[::1]:27017/first5", "mongodb://[::1]/first5", true},
		{"mongodb://a/first5", "mongodb://a:27018/first5", false},
		{"mongodb://a/first5", "mongodb://a/trial", false},
		{"mongodb://a/first5", "mongodb://b/first5", false},
		{"mongodb+srv://a.example/first5", "mongodb+srv://A.example/first5", true},
	} {
		a, err := readDatabase(c.a)
		require.NoError(t, err)
		b, err := readDatabase(c.b)
		require.NoError(t, err)
		assert.Equal(t, c.same, a.same(b), "%s and %s", c.a, c.b)
		assert.Equal(t, c.same, b.same(a), "%s and %s", c.b, c.a)
	}
}

func FuzzDatabaseAddress(f *testing.F) {
	for _, written := range []string{"sqlite:first5.db", "mongodb://{}@a,b:1/first5", "mongodb+srv://{}@a.example/b?c=d", "mongodb:{}@a", "x://{}@@/?@"} {
		f.Add(written)
	}
	const secret = "it:gehe1m"
	f.Fuzz(func(t *testing.T, written string) {
		address := strings.ReplaceAll(written, "{}", secret)
		d, err := readDatabase(address)
		if err != nil {
			d = database{address: address}
			assert.NotContains(t, err.Error(), "\n", "one sentence")
		}
		user := strings.Contains(address, secret+"@") && !strings.Contains(strings.ReplaceAll(address, secret+"@", ""), "gehe1m")
		if user && !strings.HasPrefix(address, "sqlite:") {
			assert.NotContains(t, d.String(), "gehe1m")
			if err != nil {
				assert.NotContains(t, err.Error(), "gehe1m")
			}
		}
		if err == nil {
			assert.True(t, d.same(d), "every database is the same as itself")
			assert.NotContains(t, d.hiding(errors.New(strings.Join(d.secrets(), " "))).Error(), "gehe1m")
		}
	})
}
