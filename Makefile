# Two commands matter: `make run` and `make test`. Both install what is missing on Debian and Ubuntu.
SHELL := /bin/bash
GO ?= go
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo 0.1.0)
LDFLAGS := -s -w -X main.version=$(VERSION)
# Release builds let Fyne skip its thread checks; tests and the journey run without this tag, so that a
# widget touched from the wrong goroutine is found. Without Fyne's pictured emoji, which it reads once for each cut of
# the font, the desk needs 17 MB less; such signs come from the fonts of the system.
RELEASE_TAGS := migrated_fynedo,no_animations,no_emoji
RUN := build/run

.PHONY: help run demo test unit race lint bench bench-documents build fmt storybook clean tools
help:
	@echo "make run     build and start a local centre and a desk"
	@echo "make test    install what is missing and run every check"
	@echo "make demo    the journeys of a case, of a form and of papers in a virtual display; screenshots in build/demo"
	@echo "make bench   measure; figures in build/bench.tsv (make bench-documents: scans and papers beside their peers)"
	@echo "make build   bin/schalter and bin/schalterd"
	@echo "make lint    static checks;  make fmt  format;  make storybook  every screen as a picture"

build:
	@.ci/install build
	$(GO) build -trimpath -tags $(RELEASE_TAGS) -ldflags '$(LDFLAGS)' -o bin/schalter ./cmd/schalter
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/schalterd ./cmd/schalterd

run:
	@.ci/local --check
	@.ci/install build run
	@$(MAKE) --no-print-directory build
	@.ci/local $(RUN)

demo:
	@.ci/install build run test
	SCHALTER_LONG=1 SCHALTER_JOURNEY=$(CURDIR)/build/demo $(GO) test -count=1 -timeout 40m -v -run 'TestJourney|TestForms|TestDocuments' ./cmd/journey

test:
	@.ci/install build run test
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory race
	@$(MAKE) --no-print-directory unit

# -p 2 keeps two cores busy and memory bounded. The windows of the journey come last and alone: they are
# read from the screen, and a busy machine makes them slow.
unit:
	CGO_ENABLED=0 $(GO) build -o bin/schalterd ./cmd/schalterd
	$(GO) test -p 2 -timeout 30m $$($(GO) list ./... | grep -v /cmd/journey)
	SCHALTER_JOURNEY=$(CURDIR)/build/demo $(GO) test -timeout 30m ./cmd/journey

# The race detector runs where goroutines meet and no C or SQLite code dominates the time.
RACE := ./data/record ./data/form ./sync/merge ./sync/protocol ./ui/command ./ui/i18n ./data/scan/button ./data/scan/fleet ./data/scan/folder ./data/scan/job ./data/scan/profile
race:
	$(GO) test -race -p 2 -timeout 20m $(RACE)

# Pinned here and not in go.mod: a tool's dependencies are none of the program's.
LINTER := $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
lint:
	@test -z "$$(gofmt -l cmd data sync ui assets)" || { gofmt -l cmd data sync ui assets; echo "run make fmt"; exit 1; }
	$(GO) vet ./...
	$(LINTER) run --timeout 15m ./...

fmt:
	$(LINTER) fmt cmd data sync ui assets

bench:
	@.ci/install build run test
	@$(MAKE) --no-print-directory build
	$(GO) run ./cmd/bench -o build/bench.tsv

# Documents beside the programs they are measured against, in one run; the peers are no part of make test.
bench-documents:
	@.ci/install build run bench
	@$(MAKE) --no-print-directory build
	$(GO) run ./cmd/bench -documents -o build/bench-documents.tsv

storybook:
	$(GO) run ./cmd/storybook --out build/storybook

clean:
	rm -rf bin build
