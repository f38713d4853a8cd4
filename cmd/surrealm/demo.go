package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"

	"surrealm/store"
)

// The demonstration organisation: one hospital ward's worth of content, with a person who writes and one who reviews.
const (
	demoSlug = "northwind-clinic"
	demoName = "Northwind Clinic"

	// demoPassword is known to everybody who reads this, so serve --with-demo only takes it on a loopback address.
	demoPassword = "try surrealm out"
)

var (
	demoAuthor   = store.NewAccount{Name: "Alma Okafor", Email: "alma@northwind.example"}
	demoReviewer = store.NewAccount{Name: "Ravi Menon", Email: "ravi@northwind.example"}
)

// ensureDemo makes the demonstration organisation unless its address is taken.
func ensureDemo(ctx context.Context, s *store.Store, password, baseURL string) error {
	problem, err := s.SlugProblem(ctx, demoSlug)
	if err != nil || problem != "" {
		return err
	}
	return makeDemo(ctx, s, password, baseURL)
}

// makeDemo makes the people, their organisation, and its content.
func makeDemo(ctx context.Context, s *store.Store, password, baseURL string) error {
	account := demoAuthor
	account.Password = password
	user, err := s.Register(ctx, account, store.NewOrg{Name: demoName, Slug: demoSlug})
	if err != nil {
		return fmt.Errorf("register the author: %w", err)
	}
	author, err := s.Tenant(user, demoSlug)
	if err != nil {
		return err
	}
	token, err := author.Invite(ctx, store.NewInvitation{Email: demoReviewer.Email, Role: store.Reviewer, BaseURL: baseURL})
	if err != nil {
		return fmt.Errorf("invite the reviewer: %w", err)
	}
	account = demoReviewer
	account.Password = password
	if user, err = s.AcceptWithNewAccount(ctx, token, account); err != nil {
		return fmt.Errorf("let the reviewer join: %w", err)
	}
	if user, err = s.UserByID(ctx, user.ID); err != nil {
		return err
	}
	reviewer, err := s.Tenant(user, demoSlug)
	if err != nil {
		return err
	}
	return demoContent{ctx: ctx, author: author, reviewer: reviewer}.make()
}

// printLogins says how to try the organisation out.
func printLogins(out io.Writer, password string) {
	fmt.Fprintf(out, "\n  %-9s %-24s %s\n", "author", demoAuthor.Email, password)
	fmt.Fprintf(out, "  %-9s %-24s %s\n\n", "reviewer", demoReviewer.Email, password)
}

type demoCommand struct {
	storeSettings
	BaseURL string `name:"base-url" env:"BASE_URL" default:"http://127.0.0.1:8080" placeholder:"URL" help:"How people reach the server, for the link in the invitation."`
}

// Help is what surrealm demo --help says beside the flags.
func (demoCommand) Help() string {
	return `Makes the organisation ` + demoName + ` with an author, a reviewer and some content, and prints their logins with a new random password. surrealm serve --with-demo does the same with a fixed password, for trying out on one machine.`
}

// Run makes the organisation and prints the logins.
func (c demoCommand) Run(p *process) error {
	return c.with(p, true, func(s *store.Store) error {
		problem, err := s.SlugProblem(p.ctx, demoSlug)
		if err != nil {
			return err
		}
		if problem != "" {
			return fmt.Errorf("there is an organisation %s already; surrealm tenants drop %s removes it", demoSlug, demoSlug)
		}
		password := rand.Text()
		if err := makeDemo(p.ctx, s, password, c.BaseURL); err != nil {
			return err
		}
		fmt.Fprintf(p.out, "%s is ready at %s/o/%s\n", demoName, c.BaseURL, demoSlug)
		printLogins(p.out, password)
		return nil
	})
}
