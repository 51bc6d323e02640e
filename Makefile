# `make demo` and `make test` do everything on a fresh Debian with a Swift 6 toolchain.

SHELL := /bin/bash -euo pipefail
SWIFT ?= swift
SLUICE := .build/release/sluice
SOURCES := Sources Tests Fuzz Benchmarks Package.swift
DEMO_FLEET := captures/fleet-alibaba.json
DEMO_CAPTURE := captures/web-and-db.pcap
DEMO_RULE := sgr-db-redis
DEMO_PAGE := .build/whatif.html
FUZZ_SECONDS ?= 20

.PHONY: help demo build test lint fuzz-smoke bench peers clean toolchain packages

help:
	@echo 'make demo        build, decide the packets of a recorded capture, and revoke a rule'
	@echo 'make test        run the tests'
	@echo 'make lint        check the format of the sources'
	@echo 'make fuzz-smoke  fuzz the decoders for $(FUZZ_SECONDS) s each (FUZZ_SECONDS=n)'
	@echo 'make bench       run the benchmarks (BENCH="--filter acl_1000" for some)'
	@echo 'make peers       build what the benchmarks are measured beside'
	@echo 'make clean       remove what was built'

demo: build
	@echo
	@echo 'What would the security groups of $(DEMO_FLEET)'
	@echo 'do with the packets of $(DEMO_CAPTURE)?'
	@echo
	@echo '$$ sluice replay -f $(DEMO_FLEET) -r $(DEMO_CAPTURE)'
	@$(SLUICE) replay -f $(DEMO_FLEET) -r $(DEMO_CAPTURE)
	@echo
	@echo 'And if the rule $(DEMO_RULE) were revoked?'
	@echo
	@echo '$$ sluice whatif -f $(DEMO_FLEET) -r $(DEMO_CAPTURE) --revoke $(DEMO_RULE)'
	@$(SLUICE) whatif -f $(DEMO_FLEET) -r $(DEMO_CAPTURE) --revoke $(DEMO_RULE) --report $(DEMO_PAGE)
	@echo
	@echo 'The same as a page for browsers: $(DEMO_PAGE)'

build: packages
	@scripts/quietly.sh 'building sluice' $(SWIFT) build -c release --product sluice

test: packages
	@scripts/quietly.sh 'building the tests' $(SWIFT) build --build-tests
	@scripts/run-tests.sh $(SWIFT)

lint: toolchain
	@$(SWIFT) format lint --strict --recursive $(SOURCES)

fuzz-smoke: packages
	@SWIFT=$(SWIFT) scripts/fuzz-smoke.sh $(FUZZ_SECONDS)

bench: packages peers
	@scripts/quietly.sh 'building the benchmarks' $(SWIFT) build -c release \
	    --product SluiceBenchmarks
	@.build/release/SluiceBenchmarks $(BENCH)

peers: .build/peers/rte_acl

.build/peers/rte_acl: Benchmarks/Peers/rte_acl/rte_acl_peer.c
	@scripts/need-packages.sh gcc pkg-config libdpdk-dev
	@mkdir -p $(@D)
	@cc -std=gnu11 -O3 -march=native -Wall -Wextra -o $@ $< $$(pkg-config --cflags --libs libdpdk)

clean:
	@rm -rf .build

packages: toolchain
	@scripts/need-packages.sh libpcap-dev zlib1g-dev libzstd-dev

toolchain:
	@scripts/need-swift.sh $(SWIFT)
