package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"first5/app/preview"
	"first5/web"
)

// runPreview shows a folder of modules to whoever writes in it, until ctx ends.
func runPreview(ctx context.Context, args []string, t terminal) error {
	var address string
	folder, err := parse(args, []option{{"listen", &address}}, "the folder of modules")
	if err != nil {
		return err
	}
	err = checkFolder(folder[0])
	if err != nil {
		return err
	}
	views, err := web.New()
	if err != nil {
		return err
	}
	p, err := preview.New(preview.Config{Folder: folder[0], Views: views, Now: time.Now, Terminal: t.out})
	if err != nil {
		return err
	}
	ln, err := listenPreview(address)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "Open\n\n  http://%s\n\nto see the modules in %s as learners will, and what to mend in them.\n"+
		"The pages keep up with what you save. Stop with Ctrl-C.\n\n", ln.Addr(), folder[0])
	fmt.Fprintln(t.out, p.Summary())
	err = p.Serve(ctx, ln)
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// listenPreview opens the address for a preview: the usual one if none is named,
// or any other port if that is taken.
func listenPreview(address string) (net.Listener, error) {
	const usual = "127.0.0.1:8090"
	if address == "" {
		ln, err := listen(usual)
		if err != nil {
			ln, err = listen("127.0.0.1:0")
		}
		return ln, err
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil || !net.ParseIP(host).IsLoopback() {
		return nil, fmt.Errorf("the preview shows the right answers to whoever asks, so it listens on this machine alone: %q should be like %s", address, usual)
	}
	return listen(address)
}
