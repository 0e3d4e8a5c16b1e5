//go:build linux

package main

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The container's image holds the static binary, certificates and nothing else.
// This runs the same binary with an otherwise empty root directory.
func TestTheStaticBinaryRunsAloneInAnEmptyRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		require.Empty(t, os.Getenv("CI"), "CI does not run as root")
		t.Skip("only root may change the root directory: the test of the static binary is skipped")
	}
	root := t.TempDir()
	build := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(root, "first5"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))

	command := exec.Command("/first5", "demo", "--data", "/data")
	command.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
	command.Dir = "/"
	command.Env = []string{}
	command.Stderr = t.Output()
	printed, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(root, "data"), 0o700))
	require.NoError(t, os.Chown(filepath.Join(root, "data"), 65532, 65532))
	begun := time.Now()
	require.NoError(t, command.Start())
	t.Cleanup(func() { _ = command.Process.Kill() }) // it has ended already if all is well

	base := ""
	for lines := bufio.NewScanner(printed); base == "" && lines.Scan(); {
		base = regexp.MustCompile(`http://localhost:\d+`).FindString(lines.Text())
	}
	require.NotEmpty(t, base, "it printed no address")
	t.Logf("started in %s", time.Since(begun).Round(time.Millisecond))
	res, err := http.Get(base + "/readyz")
	require.NoError(t, err)
	res.Body.Close()
	assert.Equal(t, http.StatusOK, res.StatusCode)

	require.NoError(t, command.Process.Signal(syscall.SIGTERM))
	go func() {
		for lines := bufio.NewScanner(printed); lines.Scan(); {
		}
	}()
	assert.NoError(t, command.Wait(), "it stops when it is told to")
}
