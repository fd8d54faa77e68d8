# Everything runs out of .venv; nothing is installed by hand. Any Python from 3.11 on will do:
# make install PYTHON=python3.12
PYTHON ?= python3
PORT ?= 8000
# Handed to pytest as they are: make test ARGS="-k deadlines -x"
ARGS ?=
VENV ?= .venv
BIN := $(VENV)/bin

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help install dev run test check soak fix bench openapi docs lock clean

# Stamps say what a virtual environment was made from: a change in a lock makes the next step.
CREATED := $(VENV)/.created
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
PEERS := .venv-bench/.peers

# uv first, since it is quick; where it cannot be had or cannot reach the index that pip is
# configured for, pip does the same work from the same hashes. Of pyproject.toml uv is not to know:
# it has a constraint without a hash, which is for locking.
sync = echo "installing $(1)"; if ! { test -x $(BIN)/uv && $(BIN)/uv pip install --no-config --quiet --compile-bytecode --python $(BIN)/python \
	--require-hashes -r $(1); }; then \
	echo "uv could not install $(1); pip does it" >&2; \
	$(BIN)/python -m pip install --quiet --require-hashes -r $(1); fi

help: ## say what there is
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

install: $(RUNTIME) ## the product and what it needs into .venv, nothing else

dev: $(DEV) ## install, and what tests and linters need

run: $(RUNTIME) ## serve on PORT with the demonstration data; OPENDATA_DEMO=0 without it
	exec $(BIN)/opendata serve $(if $(filter 0,$(OPENDATA_DEMO)),,--demo) --port $(PORT)

# As many processes as processors: a library that starts threads for each would have them wait for
# one another. The long run leaves them their threads.
test: export POLARS_MAX_THREADS := 1
test: export OMP_NUM_THREADS := 1
# In memory, where there is room for it: tests write little, and wait for the disk often.
test: export TMPDIR := $(or $(shell df -Pk /dev/shm 2>/dev/null | \
	awk 'NR == 2 && $$4 > 6 * 1024 * 1024 {print "/dev/shm"}'),$(TMPDIR),/tmp)
test: $(DEV) ## all tests but the long ones
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: $(DEV) ## linters, types, import contracts and drift; no tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/opendata openapi --check
	$(BIN)/python -m docs.build --check

soak: $(DEV) ## the long and the large, and what needs one database on the other; needs 10 GB of disk
	$(BIN)/python -m pytest -m soak $(ARGS)
	OPENDATA_TEST_DATABASE=postgresql $(BIN)/python -m pytest tests/api tests/stages tests/verify $(ARGS)

fix: $(DEV) ## repair what a linter can repair
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV) $(PEERS) ## measure for an hour, and write benchmarks/RESULTS.md; ARGS=queries, half
	$(BIN)/python -m benchmarks $(ARGS)

openapi: $(RUNTIME) ## write openapi/v1.json from the code
	mkdir -p openapi
	$(BIN)/opendata openapi > openapi/v1.json.new
	mv openapi/v1.json.new openapi/v1.json

docs: $(RUNTIME) ## write the generated parts of docs/ from the code
	$(BIN)/python -m docs.build

# One resolution for every platform and Python; make lock UPGRADE=--upgrade takes newer versions.
UPGRADE ?=
compile = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	$(UPGRADE) pyproject.toml

lock: $(CREATED) ## compile the requirements files from pyproject.toml
	$(compile) --group build -o requirements.txt
	$(compile) --group build --group dev -c requirements.txt -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		$(UPGRADE) --group bootstrap -o requirements-bootstrap.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		$(UPGRADE) --group bench -o requirements-bench.txt

clean: ## forget the virtual environment and every cache
	rm -rf $(VENV) .venv-bench .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist

$(CREATED): requirements-bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"Python 3.11 or later is needed: make install PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-bootstrap.txt \
		|| echo "uv is not to be had here; pip will install everything" >&2
	touch $@

$(RUNTIME): $(CREATED) requirements.txt pyproject.toml opendata/__init__.py
	@$(call sync,requirements.txt)
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(DEV): $(RUNTIME) requirements-dev.txt
	@$(call sync,requirements-dev.txt)
	touch $@

# Whoever cannot be had here is left out of the page, which says so.
$(PEERS): requirements-bench.txt
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --require-hashes -r requirements-bench.txt \
		|| echo "the others are not to be had here; they are left out" >&2
	touch $@
