# Python 3.11 or newer and make are all that is needed; the rest goes into .venv.
# Paths are relative, so the folder may have any name.

SHELL = /bin/sh
PYTHON =
ARGS =
RUN = .venv/bin/python -m
export DETENTE_PYTHON = $(PYTHON)

# Any Python can run tools/setup.py; it looks for one that is new enough.
define SETUP
@for python in $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11 python); do \
  if "$$python" -c "" >/dev/null 2>&1; then exec "$$python" tools/setup.py $(1); fi; \
done; \
echo "setup: detente needs Python 3.11 or newer, and none was found$(if $(PYTHON), at $(PYTHON))." >&2; exit 1
endef

.PHONY: all help setup setup-dev demo test test-all check docs lock clean

all: check test

help:
	@echo "make            lint and tests (what make check and make test do)"
	@echo "make demo       the brief on examples/kabul: out/kabul.html and a summary here"
	@echo "make test       the tests but the slow ones; make test ARGS='-k dates' for some of them"
	@echo "make test-all   the slow ones too, and more random inputs"
	@echo "make check      ruff and mypy"
	@echo "make docs       write docs/cli.md anew from the commands' own help, and the notebook's outputs"
	@echo "make lock       compile the pinned requirements anew; ARGS=--upgrade for newer versions"
	@echo "make clean      remove .venv, out/ and caches"
	@echo "Each of them sets up .venv first, once. make PYTHON=python3.12 names the Python to use."

setup:
	$(call SETUP)

setup-dev:
	$(call SETUP,--dev)

demo: setup
	@echo "demo: the brief on examples/kabul"
	@mkdir -p out
	@$(RUN) detente brief examples/kabul -o out/kabul.html

test: setup-dev
	@echo "test: running the tests"
	@$(RUN) pytest -n 2 -m "not slow" $(ARGS)

test-all: setup-dev
	@echo "test-all: running all the tests"
	@$(RUN) pytest -n 2 --hypothesis-profile=thorough $(ARGS)

check: setup-dev
	@echo "check: ruff and mypy"
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy

docs: setup-dev
	@$(RUN) tools.cli_docs
	@$(RUN) tools.notebook

lock: setup
	@$(RUN) tools.lock $(ARGS)

clean:
	rm -rf .venv .venv.lock out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
