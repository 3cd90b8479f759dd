# The portal's commands. `make demo` and `make test` need Python 3.11 or newer and nothing else.
PYTHON ?= python3
PORT ?= 8000
BIN = .venv/bin
MANAGE = $(BIN)/python manage.py
PYTEST = $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help demo test test-sqlite test-postgresql lint bench pictures shell messages lock clean

help: ## what the commands are
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile | expand -t 26

.venv/installed: requirements.lock
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("The portal needs Python 3.11 or newer.")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/installed-tests: .venv/installed tests/requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.lock
	@touch $@

demo: export PORTAL_ENV = demo
demo: export PORTAL_SITE_URL = http://127.0.0.1:$(PORT)
demo: .venv/installed ## the portal with sample content on http://127.0.0.1:8000 (PORT= changes it)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_sample
	@$(MANAGE) worker --once
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@$(MANAGE) demo_accounts
	@exec $(BIN)/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --blocking-threads 8 --log-level error portal.wsgi:application

test: test-sqlite test-postgresql ## the whole suite on SQLite and on PostgreSQL

test-sqlite: .venv/installed-tests ## the suite on SQLite alone
	$(PYTEST) --numprocesses 2

test-postgresql: .venv/installed-tests ## the suite on PostgreSQL alone; starts a server of its own
	$(BIN)/python -m tests.postgresql pytest --numprocesses 2 -m "not browser and not one_database"

lint: .venv/installed-tests ## style, types, layers, templates, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djade --target-version 5.2 --check $$(git ls-files 'templates/*.html' 'tests/*.html')
	$(MANAGE) makemigrations --check --dry-run

bench: .venv/installed-tests ## how fast search, indexing and files are, against their parts bare (BENCH_RECORDS= changes sizes)
	$(BIN)/python -m tests.bench

pictures: .venv/installed-tests ## the README's pictures, of a demo that is running
	$(BIN)/python -m tests.browser.pictures http://127.0.0.1:$(PORT)

shell: .venv/installed ## a Python shell with all models
	$(MANAGE) shell

messages: .venv/installed ## new strings into the catalogues, and the catalogues compiled (maintainers; needs gettext)
	$(MANAGE) makemessages --all --no-obsolete --no-wrap --add-location file --ignore .venv --ignore var --ignore tests --verbosity 0
	@# No dates and no addresses: a catalogue changes only where its words do.
	@sed -i.bak -e '/^"POT-Creation-Date:/d' -e '/^"Report-Msgid-Bugs-To:/d' portal/locale/*/LC_MESSAGES/django.po
	@rm portal/locale/*/LC_MESSAGES/django.po.bak
	$(MANAGE) compilemessages --ignore .venv --verbosity 0

lock: .venv/installed ## newest releases into the two lock files (maintainers)
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra test -c requirements.lock pyproject.toml -o tests/requirements.lock

clean: ## throws the environment and all local data away
	rm -rf .venv var
