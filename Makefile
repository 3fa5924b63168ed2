# Two commands matter: `make demo` and `make test`. Each sets up what it needs in .venv.

VENV := .venv
BIN := $(VENV)/bin
# The first Python >= 3.11 on the PATH; `make PYTHON=/path/to/python test` chooses another.
PYTHON ?= $(firstword $(foreach p,python3 python3.11 python3.12 python3.13 python3.14,$(shell \
	$(p) -c 'import sys; sys.version_info >= (3, 11) and print("$(p)")' 2>/dev/null)))
JOBS ?= 2
RUN := POLYC_CACHE_DIR=$(CURDIR)/$(VENV)/polyc-cache $(BIN)/python

.PHONY: help demo test lint docs bench property sanitize fuzz schedules einsum stress accuracy slow golden coverage clean
.DELETE_ON_ERROR:

help:
	@echo "make demo       compile and run the demonstration on a photograph and handwritten digits"
	@echo "make test       linters, types, architecture and all tests but the slow ones"
	@echo "make lint       everything make test lints, and pyright"
	@echo "make bench      contractions beside NumPy and C, in a minute or two: bench.json, bench.html"
	@echo "make docs       the documentation as a site, in build/site"
	@echo "make property   2,000 random programs on both backends against the oracle"
	@echo "make sanitize   the corpus and 200 random programs in C under gcc's sanitizers"
	@echo "make fuzz       100,000 wild texts: never anything but a result or a LanguageError"
	@echo "make schedules  5,000 random programs: scheduled, proved legal, run against the oracle"
	@echo "make einsum     3,000 random calls of einsum against NumPy"
	@echo "make stress     50 processes on one cache, some killed; 10,000 kernels, 1,000,000 calls"
	@echo "make accuracy   every float32 through every function; writes the table of docs/math.md"
	@echo "make slow       the tests marked slow: user sizes, many minutes"
	@echo "make golden     write the golden texts anew; read the difference before you commit it"
	@echo "make coverage   line and branch coverage of make test"
	@echo "make clean      remove what these commands made, the environment included"

demo: $(VENV)/.demo
	$(RUN) -m polyc demo

test: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/python -m pytest -n $(JOBS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/pyright

bench: $(VENV)/.bench
	$(RUN) -m polyc bench contraction --against numpy,c --json bench.json --html bench.html

docs: $(VENV)/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

property: $(VENV)/.dev
	POLYC_TEST_PROGRAMS=2000 $(BIN)/python -m pytest -n $(JOBS) tests/property

sanitize: $(VENV)/.dev
	$(BIN)/python -m tests.safety.sanitize --random 200

fuzz: $(VENV)/.dev
	$(BIN)/python -m tests.frontend.fuzz

schedules: $(VENV)/.dev
	$(BIN)/python -m tests.scheduler.many

einsum: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(JOBS) -m slow tests/api/test_einsum_numpy.py

stress: $(VENV)/.dev
	$(BIN)/python -m tests.stress.cache
	$(BIN)/python -m tests.stress.memory

accuracy: $(VENV)/.dev
	$(BIN)/python -m tests.accuracy

slow: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(JOBS) -m slow

golden: $(VENV)/.dev
	$(BIN)/python -m pytest -q tests/golden tests/docs/test_errors.py --update-golden

coverage: $(VENV)/.dev
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage report

clean:
	rm -rf $(VENV) build dist *.egg-info demo-output bench.json bench.html .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage

# ---- the environment: made once, and again where pyproject.toml changed
$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or later found; give one: make PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV) 2>/dev/null || { $(PYTHON) -m venv --clear --without-pip $(VENV) \
		&& $(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }
	touch $@

$(VENV)/.%: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "setuptools>=77"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --editable ".[$*]"
	touch $@
