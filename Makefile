# Everything a reader or author needs: `make serve` and `make test`. Needs Python 3.11+, make and git.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
SAMPLE ?= 400
VENV := .venv
BIN := $(VENV)/bin
export NO_MKDOCS_2_WARNING := 1
export PYTHONUTF8 := 1

.PHONY: help setup serve build editions check dated fmt figures test test-full mutants bench lock clean

help: ## what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F '\t' '{printf "  make %-10s %s\n", $$1, $$2}'

# The stamp makes a second run skip what is done; it is as old as the locks it was made from.
$(VENV)/.installed: requirements/lock.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq >/dev/null && \
	  apt-get install -y -qq --no-install-recommends python3-venv >/dev/null && $(PYTHON) -m venv --clear $(VENV); } || { \
	  echo "Python's venv module is missing: install it (Debian, Ubuntu: sudo apt-get install python3-venv) and run make again"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@

setup: $(VENV)/.installed
	@$(BIN)/python -m handbook.node

serve: setup ## build the book and serve it with live reload (PORT=8000, the next free one when taken)
	@$(BIN)/python -m handbook serve --port $(PORT)

build: setup ## the site, strictly, in site/, with its PDF files
	@$(BIN)/python -m handbook build

editions: setup ## the site with all editions in site/editions/: book, question sheets, answer key, EPUB, Anki deck, offline copy
	@$(BIN)/python -m handbook editions

figures: setup ## draw figures, capture outputs and speak formulas again
	@$(BIN)/python -m handbook figures

check: setup ## bring generated files up to date and run every linter; fails when something had to be written
	@$(BIN)/python -m handbook check
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/rumdl check .
	@$(BIN)/python -m handbook.node cspell --no-progress --quiet

dated: setup ## the facts whose date to be checked again has passed; fails when there are any
	@$(BIN)/python -m handbook dated

fmt: setup ## format code and Markdown
	$(BIN)/ruff format --quiet .
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/rumdl fmt --silent .

$(VENV)/.browser: $(VENV)/.installed tests/browser.sh
	@bash tests/browser.sh $(BIN)/python
	@touch $@

test: setup $(VENV)/.browser ## everything that must hold, browser included
	@$(BIN)/python -m pytest --cov --cov-report=term

test-full: test ## and what takes longer: the server with its edits, every lab again
	@$(BIN)/python -m pytest -m slow

mutants: setup ## mutation testing: the exhibit of the page on testing, then a sample of all mutants (SAMPLE=400, an hour; 0 for none)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/mutants.txt
	@$(BIN)/python -m handbook mutants --sample $(SAMPLE)

bench: setup $(VENV)/.browser ## speed, weight, Lighthouse and search, beside stock Material built from the same pages
	@$(BIN)/python -m handbook bench

lock: ## pin all requirements again, with hashes (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --no-header --upgrade \
	  --group test --group lint --group labs --group build pyproject.toml --output-file requirements/lock.txt
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --no-header --upgrade \
	  --constraint requirements/lock.txt requirements/mutants.in --output-file requirements/mutants.txt

clean: ## remove what was built, not what was installed
	rm -rf site .build .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
