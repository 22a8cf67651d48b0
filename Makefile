# Two commands: `make run` starts the dashboard and opens it, `make test` tests everything.

VENV := .venv
BIN := $(VENV)/bin
# A Python that the pinned packages have wheels for; `make run PYTHON=...` names another.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python3.14; do \
	if $$p -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; \
	then echo $$p; break; fi; done)

.PHONY: run room test audit lock sbom browser clean

# A hand on Ctrl-C ends it; that is no error.
run: $(VENV)/.installed
	@trap 'exit 0' INT; $(BIN)/python -m view

# A class room for phones in the same network; it says where.
room: $(VENV)/.installed
	@trap 'exit 0' INT; $(BIN)/python -m deploy.room

test: $(VENV)/.installed-dev browser
	@echo "Every test, in a real browser too: about 20 minutes on two cores. Stop it with Ctrl-C."
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist worksteal

# Known holes in what is installed; where nobody can be asked, it says so (MUST=--must: and fails).
audit: $(VENV)/.installed-dev
	@$(BIN)/python .ci/audit.py $(MUST)

# Every package with its hashes, after a change of requirements*.txt; UPGRADE=--upgrade for newer ones.
lock: | $(BIN)/python
	@$(BIN)/python .ci/lock.py $(UPGRADE)

# What the dashboard is made of, as sbom.json (CycloneDX).
sbom: $(VENV)/.installed
	@$(BIN)/python .ci/sbom.py

# The browser tests need a Chromium; they are never skipped.
browser: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.chromium || $(BIN)/playwright install chromium || true
	@$(BIN)/python -m tests.chromium || { echo "No Chromium found: install one \
	(apt-get install chromium), or set CHROMIUM to its path." >&2; exit 1; }

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.14 is needed and none was found: \
	install one, or name it with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual \
	environment: on Debian or Ubuntu, apt-get install python3-venv." >&2; exit 1; }

# pip says what it fetches: for a minute or two nothing else would show that anything happens.
$(VENV)/.installed: requirements.lock | $(BIN)/python
	@echo "Installing what the dashboard needs into $(VENV), once (about 600 MB):"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock requirements.lock | $(BIN)/python
	@echo "Installing what the dashboard and its tests need into $(VENV), once (about 900 MB):"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) .venv-audit .venv-bench .venv-faults .pytest_cache .mypy_cache .ruff_cache .hypothesis
