# `make` lists what there is.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: help example test slow lint types docs check audit wheel clean

help:
	@echo "make example  set up and make notes of the example talk, into out/"
	@echo "make test     set up and run the tests"
	@echo "make slow     the tests that take longer: kill -9, printing, whole decks"
	@echo "make check    lint, types and tests: what a change must pass"
	@echo "make audit    compare installed with tested versions; ask for known holes, where that can be asked"
	@echo "make docs     write the generated pages of docs/"
	@echo "make wheel    build the wheel, install it elsewhere and run it"
	@echo "make clean    remove what was made here"

$(BIN)/studykit: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt --editable .
	@touch $@

$(BIN)/pytest: $(BIN)/studykit pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt --editable '.[dev]'
	@touch $@

example: $(BIN)/studykit
	$(BIN)/studykit notes examples/lecture.en.vtt --translation examples/lecture.zh.txt \
	  --chapters examples/lecture.chapters.txt --out out --db out/study.db

# Each process begins with its own stretch of the tests, so that few of them make the same fixtures.
PYTEST = $(BIN)/pytest -n auto --dist worksteal

test: $(BIN)/pytest
	$(PYTEST) -m "not slow"

slow: $(BIN)/pytest
	$(PYTEST) -m slow

lint: $(BIN)/pytest
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(BIN)/pytest
	$(BIN)/mypy

docs: $(BIN)/studykit
	$(BIN)/python docs/generate.py

check: lint types test

# pip-audit has an environment of its own, with studykit as users install it.
audit:
	$(PYTHON) -m venv build/audit
	build/audit/bin/pip install --quiet --disable-pip-version-check -c constraints.txt . pip-audit
	build/audit/bin/python .ci/audit.py

# The wheel must carry templates, glossaries and the example, and work without the checkout.
wheel: $(BIN)/pytest
	rm -rf build/wheel
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir build/wheel .
	$(PYTHON) -m venv build/wheel/venv
	build/wheel/venv/bin/pip install --quiet --disable-pip-version-check build/wheel/studykit-*.whl
	cd build/wheel && venv/bin/studykit doctor
	cd build/wheel && data=$$(venv/bin/python -c 'from studykit.resources import data_dir; print(data_dir("examples"))') \
	  && case $$data in $$PWD/venv/*) ;; *) echo "not from the wheel: $$data"; exit 1;; esac \
	  && venv/bin/studykit notes $$data/lecture.en.vtt --translation $$data/lecture.zh.txt \
	  && test -s lecture.notes.md -a -s lecture.notes.html

clean:
	rm -rf $(VENV) out build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
