# `make demo` and `make test` do everything on a fresh Debian with a Swift 6 toolchain.

SHELL := /bin/bash -euo pipefail
SWIFT ?= swift
SLUICE := .build/release/sluice
SOURCES := Sources Tests Fuzz Package.swift
DEMO_FLEET := captures/fleet-alibaba.json
DEMO_CAPTURE := captures/web-and-db.pcap
FUZZ_SECONDS ?= 20

.PHONY: help demo build test lint fuzz-smoke clean toolchain packages

help:
	@echo 'make demo        build, and decide the packets of a recorded capture'
	@echo 'make test        run the tests'
	@echo 'make lint        check the format of the sources'
	@echo 'make fuzz-smoke  fuzz the decoders for $(FUZZ_SECONDS) s each (FUZZ_SECONDS=n)'
	@echo 'make clean       remove what was built'

demo: build
	@echo
	@echo 'What would the security groups of $(DEMO_FLEET)'
	@echo 'do with the packets of $(DEMO_CAPTURE)?'
	@echo
	@echo '$$ sluice replay -f $(DEMO_FLEET) -r $(DEMO_CAPTURE)'
	@$(SLUICE) replay -f $(DEMO_FLEET) -r $(DEMO_CAPTURE)

build: packages
	@scripts/quietly.sh 'building sluice' $(SWIFT) build -c release --product sluice

test: packages
	@scripts/quietly.sh 'building the tests' $(SWIFT) build --build-tests
	@scripts/run-tests.sh $(SWIFT)

lint: toolchain
	@$(SWIFT) format lint --strict --recursive $(SOURCES)

fuzz-smoke: packages
	@SWIFT=$(SWIFT) scripts/fuzz-smoke.sh $(FUZZ_SECONDS)

clean:
	@rm -rf .build

packages: toolchain
	@scripts/need-packages.sh libpcap-dev zlib1g-dev libzstd-dev

toolchain:
	@scripts/need-swift.sh $(SWIFT)
