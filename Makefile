PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: demo test published lint bench docs gallery lock clean

demo: $(VENV)/.installed
	$(RUN) -m bot demo

# `make test ONLY=fairness` judges one room, in under a minute.
ifdef ONLY
test: $(VENV)/.test-installed
	$(RUN) -m tests.one_room $(ONLY)
else
test: $(VENV)/.test-installed lint
	$(RUN) -m pytest -n 2 --dist loadfile --durations=15
endif

published: $(VENV)/.published-installed

lint: $(VENV)/.test-installed
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports --no-cache

bench: $(VENV)/.test-installed
	$(RUN) -m bench

docs: $(VENV)/.test-installed
	$(RUN) -m docs.generate

gallery: $(VENV)/.test-installed
	$(RUN) -m docs.gallery

lock: $(VENV)/.test-installed
	$(RUN) -m pip install --quiet pip-tools
	$(RUN) -m piptools compile -q --strip-extras --generate-hashes --allow-unsafe \
	  --no-emit-options --no-annotate --no-header \
	  -o requirements/run.lock pyproject.toml requirements/build.in
	$(RUN) -m piptools compile -q --strip-extras --generate-hashes --allow-unsafe \
	  --no-emit-options --no-annotate --no-header \
	  --extra test -c requirements/run.lock -o requirements/test.lock \
	  pyproject.toml requirements/build.in

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements/run.lock pyproject.toml | $(VENV)/bin/python
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.test-installed: requirements/test.lock pyproject.toml | $(VENV)/bin/python
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.lock
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ $(VENV)/.installed

# Without dependencies, and on a Python that it doesn't name: only its data files are read.
$(VENV)/.published-installed: requirements/published.lock | $(VENV)/.test-installed
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	  --ignore-requires-python -r $<
	touch $@

clean:
	rm -rf $(VENV) .demo
