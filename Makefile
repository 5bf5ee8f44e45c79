# Two commands on a fresh machine: `make serve` and `make test`. Each sets up what it needs first.
# Needs python3 >= 3.11 and make; uses uv where it is on PATH, and never requires it.

VENV ?= .venv
PYTHON ?= python3
# Many tests wait for a printer or a process: two workers more than there are cores.
WORKERS ?= $(shell echo $$(($$(nproc 2>/dev/null || echo 2) + 2)))
ARGS ?=
UPGRADE ?=

# A command of the venv must not see another environment that the caller happens to have active.
unexport VIRTUAL_ENV PYTHONHOME
# Nor is what Python compiles thrown away, as in many containers: pytest compiles 43,000 lines of tests
# anew in each worker else, and every process that a test starts compiles the service.
unexport PYTHONDONTWRITEBYTECODE
export PYTHON

BIN := $(VENV)/bin
INSTALL := requirements/install $(VENV)
NPM := tests/printers/witness tests/browser/witness requirements/vendor
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4
CODE := labeler printers tests $(if $(wildcard bench/*.py),bench)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup serve test test-long check cover mutate bench gallery screenshots texts vendor lock clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r target text; do \
	    printf '  make %-10s %s\n' "$$target" "$$text"; done

setup: $(VENV)/.dev ## install everything a developer needs into .venv

serve: $(VENV)/.runtime ## run the service on this checkout's config.yaml
	$(BIN)/labeler serve $(ARGS)

test: $(VENV)/.dev ## run all tests but the long ones; ARGS="tests/serials -k luhn" picks some
	$(BIN)/python tests/debian.py tests/debian-packages.txt
	@for folder in $(NPM); do $(BIN)/python tests/npm.py $$folder; done
	$(PYTEST) -m "not long" $(ARGS)

test-long: $(VENV)/.dev ## run the long tests: hours of triggers, fresh installs
	$(BIN)/python tests/debian.py tests/debian-packages.txt
	@for folder in $(NPM); do $(BIN)/python tests/npm.py $$folder; done
	$(PYTEST) -m long --hypothesis-profile thorough $(ARGS)

check: $(VENV)/.dev ## lint, format, types, import contracts, and the translations of pages
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tests.translations

cover: $(VENV)/.dev ## run the serial engine's tests; fails where one of its lines or branches is not run
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest -q -n $(WORKERS) --maxprocesses 4 --hypothesis-profile thorough \
	    --hypothesis-seed 0 tests/serials
	$(BIN)/python -m coverage combine -q
	$(BIN)/python -m coverage report --include "labeler/serials/*" --fail-under 100

mutate: $(VENV)/.dev ## change the check schemes bit by bit; lists what no test notices; ARGS picks modules
	tests/mutate $(BIN)/python $(ARGS)

bench: $(VENV)/.dev $(VENV)/.bench ## compare with ceilings and peers; fails below a floor
	$(BIN)/python tests/debian.py bench/debian-packages.txt
	$(BIN)/python -m bench $(ARGS)

gallery: $(VENV)/.dev ## draw the pictures of labels in docs/gallery/ anew, from templates/ and the examples in docs/
	$(BIN)/python -m tests.gallery

screenshots: $(VENV)/.dev ## take the pictures of pages in docs/pages/ anew, in a real browser; ARGS names some
	$(BIN)/python -m tests.browser.screens $(ARGS)

texts: $(VENV)/.dev ## add the texts of pages that labeler/web/translations/ lacks, and take out what is not used
	$(BIN)/python -m tests.translations --update

vendor: $(VENV)/.dev ## copy what the pages need of others into labeler/web/static/vendor/ (needs npm)
	$(BIN)/python tests/npm.py requirements/vendor
	$(BIN)/python requirements/vendor/fill.py $(VENV)/npm/requirements-vendor/node_modules labeler/web/static/vendor

lock: ## write requirements/*.txt from pyproject.toml (needs uv); UPGRADE=--upgrade takes newer versions
	requirements/lock $(UPGRADE)

clean: ## remove .venv, caches and builds; never data/
	rm -rf $(VENV) build dist .coverage .coverage.* htmlcov .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find labeler printers tests bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# A stamp says that its lock is installed; a changed lock is newer than its stamp. The dev and bench locks hold
# the runtime in the same versions, so installing one never changes what another one installed.
$(VENV)/.runtime: requirements/runtime.txt requirements/build.txt pyproject.toml | $(BIN)/python
	@$(INSTALL) requirements/runtime.txt requirements/build.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	@$(INSTALL) requirements/dev.txt
	@touch $@ $(VENV)/.runtime

$(VENV)/.bench: requirements/bench.txt pyproject.toml | $(BIN)/python
	@$(INSTALL) requirements/bench.txt
	@touch $@ $(VENV)/.runtime

$(BIN)/python:
	@$(INSTALL)
