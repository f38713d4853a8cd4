package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// writers is how many people write at the same time, half of them in each of two organisations.
const writers = 8

// person is somebody with an account and an organisation, in a browser.
type person struct {
	org    string
	client *http.Client
	to     *addresses
}

// register makes a person with an organisation.
func register(ctx context.Context, to *addresses, org string) (*person, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	p := &person{org: org, to: to, client: &http.Client{
		Jar: jar, Timeout: 15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{MaxIdleConnsPerHost: 2 * writers},
	}}
	_, err = p.post(ctx, "/register", url.Values{
		"org_name": {org}, "slug": {org}, "name": {"Olga " + org}, "email": {org + "@example.com"}, "password": {"a password for chaos"},
	})
	return p, err
}

// get opens a page.
func (p *person) get(ctx context.Context, path string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.to.take()+path, nil)
	if err != nil {
		return err
	}
	response, err := p.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body) // so that the connection can be used again
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%w: %s", errRefused, response.Status)
	}
	return nil
}

// errRefused is an answer that is no success.
var errRefused = errors.New("refused")

// post sends a form, and returns where the answer leads.
func (p *person) post(ctx context.Context, path string, form url.Values) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+p.to.take()+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.redirected(request)
}

// redirected sends a change, and returns where the answer leads.
func (p *person) redirected(request *http.Request) (string, error) {
	response, err := p.client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20)) // so that the connection can be used again
	if response.StatusCode != http.StatusSeeOther {
		return "", fmt.Errorf("%w: %s", errRefused, response.Status)
	}
	return response.Header.Get("Location"), nil
}

// entry is a write that was acknowledged.
type entry struct {
	org, title string
	id         uuid.UUID
}

// ledger is what people know to be saved.
type ledger struct {
	mu      sync.Mutex
	entries []entry
	repeats atomic.Int64
	last    atomic.Int64 // when a write was acknowledged last, in nanoseconds
}

func (l *ledger) size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.entries)
}

func (l *ledger) enter(e entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, e)
	l.last.Store(time.Now().UnixNano())
}

// keep writes one entry, and sends the same form again until it is acknowledged.
func (l *ledger) keep(ctx context.Context, p *person) error {
	title := "Entry " + uuid.NewString()
	form := url.Values{
		"role_title": {title}, "domain": {"chaos"}, "jurisdiction": {"EU"}, "assertiveness": {"5"}, "empathy_level": {"5"},
		"risk_tolerance": {"low"}, "escalation_threshold": {"0.5"}, "form_key": {uuid.NewString()},
	}
	for {
		to, err := p.post(ctx, "/o/"+p.org+"/surrogates", form)
		if err == nil {
			id, err := uuid.Parse(path.Base(to))
			if err != nil {
				return fmt.Errorf("a write was answered with the address %q", to)
			}
			l.enter(entry{p.org, title, id})
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		l.repeats.Add(1)
		time.Sleep(30 * time.Millisecond)
	}
}

// load is people who write until they are told to stop, and then finish what they have begun.
type load struct {
	stopped atomic.Bool
	all     sync.WaitGroup
	cancel  context.CancelFunc
}

func (w *world) startLoad(ctx context.Context) *load {
	ctx, cancel := context.WithCancel(ctx)
	l := &load{cancel: cancel}
	for i := range writers {
		l.all.Go(func() {
			for !l.stopped.Load() && ctx.Err() == nil {
				if err := w.ledger.keep(ctx, w.people[i%len(w.people)]); err != nil && ctx.Err() == nil {
					w.problem("a writer gave up: %v", err)
					return
				}
			}
		})
	}
	return l
}

// finish waits until all that was begun is acknowledged, or until patience ends.
func (l *load) finish(patience time.Duration) error {
	l.stopped.Store(true)
	timer := time.AfterFunc(patience, l.cancel)
	l.all.Wait()
	l.cancel()
	if !timer.Stop() {
		return fmt.Errorf("some writes were not acknowledged %v after the fault", patience)
	}
	return nil
}
