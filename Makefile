# Everything runs in .venv, made from the hashed lock. PYTHON may name another interpreter, 3.11 or newer.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# The tests wait as much as they compute: one worker more than there are cores.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
SANDBOX := $(BIN)/python -m sandbox

.PHONY: demo story play chaos flood bench screenshots devices setup run test check lint locks catalogues

demo: $(READY)
	$(SANDBOX) demo

story: $(READY)
	$(SANDBOX) story

play: $(READY)
	$(SANDBOX) play $(FILE)

# Random people, trouble at every call, kills and clock jumps. SEED=… plays the same again; MINUTES=, ACTIONS= or
# KILLS= say how much, EPISODE= plays one of them alone.
chaos: $(READY)
	@$(SANDBOX) chaos $(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES)) \
		$(if $(ACTIONS),--actions $(ACTIONS)) $(if $(KILLS),--kills $(KILLS)) \
		$(if $(EPISODE),--episode $(EPISODE)) $(ARGS)

# 10,000 messages of strangers and 200 orders at once.
flood: $(READY)
	FLOOD=full $(BIN)/python -m pytest -s tests/e2e/test_e2e_rush.py tests/e2e/test_e2e_flood.py

# The pictures of the tour in docs/images (needs Chromium, and a font that has emoji: else they show boxes).
screenshots: $(READY)
	$(BIN)/python -m sandbox.page.screenshots

# The tables in docs/devices.md: which programs and browsers open the bot's files.
devices: $(READY)
	$(BIN)/python -m sandbox.devices

# Brings the catalogues of the languages up to date with the texts in the code.
catalogues: $(READY)
	$(BIN)/python -m tests.catalogues

# How fast it is, beside what it cannot be faster than. On a machine that does nothing else.
bench: $(READY)
	$(SANDBOX) bench

setup: $(READY)
	@$(BIN)/python -m bot setup

run: $(READY)
	$(BIN)/python -m bot run

test: $(READY)
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	mkdir -p .cache && rm -f .cache/schema.sqlite3
	PYTHONPATH=. $(BIN)/alembic -q upgrade head
	PYTHONPATH=. $(BIN)/alembic -q check

# Rewrites the locks from pyproject.toml (needs uv); they name no registry.
LOCK := uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11
locks:
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --group build -o requirements-build.lock
	$(LOCK) pyproject.toml --group dev -o requirements-dev.lock

$(READY): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Latchkey needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv is not complete here. Install it with:  sudo apt-get install -y python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
