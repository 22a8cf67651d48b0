# Two commands: `make run` starts the dashboard and opens it, `make test` tests everything.

VENV := .venv
BIN := $(VENV)/bin
# A Python that the pinned packages have wheels for; `make run PYTHON=...` names another.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python3.14; do \
	if $$p -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; \
	then echo $$p; break; fi; done)

.PHONY: run test audit browser clean

run: $(VENV)/.installed
	$(BIN)/streamlit run app.py

test: $(VENV)/.installed-dev browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2

# Known holes in what is installed; where nobody can be asked, it says so.
audit: $(VENV)/.installed-dev
	@$(BIN)/python .ci/audit.py

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

$(VENV)/.installed: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) .venv-audit .venv-bench .pytest_cache .mypy_cache .ruff_cache .hypothesis
