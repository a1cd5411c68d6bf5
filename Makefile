# Two commands do everything from a fresh clone, in either order: `make demo` and `make test`.
# Both set up .venv first; that takes a minute once and no time afterwards.

VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9

# `make bench LINES=100000` for a quick look.
LINES := 5000000
BENCH_LOG := bench/data/fw-$(LINES).log
FORMAT_LINES := 200000
# A folder of labelled logs for `make bench-detection`; this one is generated.
CORPUS := bench/data/ordinary

# `make fuzz FUZZ_SECONDS=600` for a long look; the time of each tokenizer and each reader of what is no text.
FUZZ_SECONDS := 60

# The first Python that will do. RHEL and older Ubuntu keep a newer one beside `python3`.
PYTHON_RANGE := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))
ifndef PYTHON
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c '$(PYTHON_RANGE)' 2>/dev/null && echo $$python && break; done)
endif

# A virtual environment holds the path of its folder and of its Python: when one of them changes, it is made anew.
STAMP := $(VENV)/ready-$(shell echo '$(CURDIR) $(PYTHON)' $$($(PYTHON) -V 2>&1) | cksum | cut -d' ' -f1)

# Errors only: pip also warns of each package that one of several mirrors does not hold.
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all fuzz lint types contracts format docs lock bench bench-formats bench-detection clean

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/  make \1 \2/p' Makefile | awk '{ printf "  %s %-15s", $$1, $$2; $$1 = $$2 = ""; print }'

setup: $(STAMP)  ## Install vedette and its tools into .venv (the other commands do it when needed)
	@echo 'ready: $(BIN)/vedette'

$(STAMP): requirements.lock pyproject.toml
	@test -n '$(PYTHON)' || { echo 'vedette needs Python 3.11 to 3.14, and none is on the PATH. Name one: make setup PYTHON=/path/to/python3.12' >&2; exit 1; }
	@$(PYTHON) -c '$(PYTHON_RANGE)' || { echo 'vedette needs Python 3.11 to 3.14; $(PYTHON) is another or does not run.' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo '$(PYTHON) comes without venv and pip. On Debian or Ubuntu: apt install python3-venv' >&2; exit 1; }
	test -e $@ || $(PYTHON) -m venv --clear $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@if test -e src/vedette/kernels/__main__.py; then echo 'compiling the kernels, once'; $(BIN)/python -m vedette.kernels && $(BIN)/vedette formats >/dev/null; fi
	@$(BIN)/python -m compileall -q src
	@touch $@

demo: $(STAMP)  ## Scan the logs that come along and show who scanned
	@$(BIN)/vedette demo

test: lint types contracts  ## Lint, types, import contracts, tests
	@$(BIN)/python -m pytest -n 2

test-all: lint types contracts  ## The same with the slow tests and the fuzzing
	@VEDETTE_FUZZ_SECONDS=$(FUZZ_SECONDS) $(BIN)/python -m pytest -n 2 -m "slow or not slow"

fuzz: $(STAMP)  ## Feed mutated lines and files to every tokenizer and reader for a minute each
	@VEDETTE_FUZZ_SECONDS=$(FUZZ_SECONDS) $(BIN)/python -m pytest -n 2 -m fuzz

lint: $(STAMP)
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .

types: $(STAMP)
	@$(BIN)/python -m mypy

contracts: $(STAMP)
	@PYTHONPATH=src $(BIN)/lint-imports --no-logo

format: $(STAMP)  ## Format the code and mend what can be mended
	@$(BIN)/python -m ruff check --fix .
	@$(BIN)/python -m ruff format .

docs: $(STAMP)  ## Write docs/formats.md from the format files
	@$(BIN)/python -m docs.build

lock: $(STAMP)  ## Resolve the dependencies anew into requirements.lock
	$(PIP) uv==$(UV_VERSION)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--upgrade --custom-compile-command 'make lock' --group dev --output-file requirements.lock pyproject.toml

bench: $(STAMP)  ## Measure speed and memory beside other tools
	@mkdir -p bench/data
	@test -e $(BENCH_LOG) || $(BIN)/python -m bench.generate $(BENCH_LOG) --lines $(LINES)
	@$(BIN)/python -m bench.peers $(BENCH_LOG) --vedette $(BIN)/vedette

bench-formats: $(STAMP)  ## Measure how fast each format is read
	@$(BIN)/python -m bench.formats --lines $(FORMAT_LINES)

bench-detection: $(STAMP)  ## Measure what is detected beside other tools
	@test -e $(CORPUS)/truth.json || $(BIN)/python -m bench.ordinary $(CORPUS) --seed 1 --style access+ufw
	@$(BIN)/python -m bench.detection $(CORPUS) --vedette $(BIN)/vedette

clean:  ## Remove .venv and what tools left behind
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
