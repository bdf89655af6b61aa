# make demo     compare four structures on the Finnish world: results/demo/report.html
# make test     the tests that take seconds; test-slow the others; test-all both
# make ui       the page
# make lint     format, types, import walls
# make docs     the guides, the model and a reference as a site: build/site/index.html
#
# .venv is made from the locks and made again when they change. Another Python: make PYTHON=... demo

PYTHON  ?= $(shell python3.11 -c '' 2>/dev/null && echo python3.11 || echo python3)
UV      ?= uv
WORKERS ?= 2
VENV    := .venv
BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check --no-input
# pip would compile one file at a time; and where PYTHONDONTWRITEBYTECODE is set
# nothing would be compiled later, which costs three seconds at each start.
BYTECODE := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q -j 0
INSTALL  := $(PIP) install --quiet --no-compile --no-build-isolation

.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: demo test test-slow test-all ui lint docs format benchmark lock clean help

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

demo: $(VENV)/kernels
	$(BIN)/cisim compare no-backbone same-total national-and-regional missing-sponsor \
		--replicates 100 --out results/demo --report results/demo/report.html
	@echo "Open results/demo/report.html in a browser: its first page is the answer."

test: $(VENV)/all
	$(BIN)/python -m pytest -n $(WORKERS)

# pytest ends with 5 where no test is marked slow.
test-slow: $(VENV)/all
	@$(BIN)/python -m pytest -q -m slow --collect-only >/dev/null 2>&1; \
	if [ $$? -eq 5 ]; then echo "No test is marked slow."; \
	else $(BIN)/python -m pytest -n $(WORKERS) -m "slow and not browser" && \
		$(BIN)/python -m pytest -m browser; fi

test-all: test test-slow

ui: $(VENV)/page
	$(BIN)/cisim ui

lint: $(VENV)/all
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

docs: $(VENV)/all
	$(BIN)/python -m sphinx -W --keep-going -q -b html -d build/doctrees -c docs . build/site

format: $(VENV)/all
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

benchmark: $(VENV)/all $(VENV)/kernels
	$(BIN)/python experiments/benchmarks/run.py

# The small lock is what a run needs and what builds cisim; the large one adds page, tests
# and docs. One version of a package for every Python, and no address in the files.
LOCK := pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
	--generate-hashes --no-header --no-annotate
lock:
	$(UV) $(LOCK) --all-extras --group dev -o requirements.lock pyproject.toml
	$(UV) $(LOCK) --group build -c requirements.lock -o requirements-core.lock pyproject.toml
	@! grep -n '://' requirements.lock requirements-core.lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
	find cisim tests experiments -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- the environment, each step once ----

$(VENV)/core: requirements-core.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "cisim needs Python 3.11 or newer, '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || true). Name another: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make virtual environments; on Debian: apt-get install python3-venv" >&2; exit 2; }
	@echo "Setting up $(VENV): packages (about half a minute on a fast line) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(INSTALL) --require-hashes -r requirements-core.lock
	@$(BYTECODE) $(VENV)/lib
	@touch $@

$(VENV)/cisim: $(VENV)/core pyproject.toml
	@$(INSTALL) --no-deps --editable .
	@touch $@

$(VENV)/all: $(VENV)/cisim requirements.lock
	@echo "Setting up $(VENV): page, tests and docs (about a minute) ..."
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(BYTECODE) $(VENV)/lib
	@touch $@

$(VENV)/page: $(VENV)/all $(VENV)/kernels
	@echo "Preparing what the page shows first (about half a minute, once for each change of the model) ..."
	@$(BIN)/python -m cisim.show.page.futures.prepare
	@touch $@

$(VENV)/kernels: $(VENV)/cisim $(shell find cisim/model cisim/world -name '*.py')
	@echo "Compiling the model (about half a minute, once for each change of the model) ..."
	@$(BYTECODE) cisim
	@$(BIN)/python -m cisim.lab.warm
	@touch $@
