# make demo          install, fill a believable world, serve it (DEMO_PORT=8000)
# make test          the whole suite on SQLite and, where there is one, all but the browser on PostgreSQL
# make check         lint, types, floors, settings, migrations
# make lighthouse    measure the landing page and pages of the portal in a running demo; needs npx and Chromium
# make messages      gather the words customers read into the catalogues of locale/, and compile them
# make requirements  compile the locked requirements again
# make clean         remove what the others made, but not your data in var/

SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
PIP_INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes
APPS := config analytics rewards referrals notices campaigns equipment customers audit desk

.PHONY: demo test check lighthouse messages requirements clean

DEMO_PORT ?= 8000
demo: export DEMO := 1
demo: export SITE_URL ?= http://localhost:$(DEMO_PORT)
demo: .venv/installed
	@.ci/system-packages pango
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) sync_schedules
	$(MANAGE) sync_roles
	$(MANAGE) demo
	$(MANAGE) serve --port $(DEMO_PORT)

test: .venv/installed-for-development
	@.ci/system-packages pango chromium zbar poppler
	.ci/run-tests

check: export DJANGO_SETTINGS_MODULE := config.settings.test
check: .venv/installed-for-development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(APPS)
	$(BIN)/lint-imports
	$(MANAGE) check --fail-level WARNING
	$(MANAGE) makemigrations --check --dry-run
	@echo "Settings of production"
	@DJANGO_SETTINGS_MODULE=config.settings.prod $(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

# Made-up values, enough for the settings of production to be read.
PRODUCTION := SECRET_KEY=$(shell printf 'abcdefghij%.0s' 1 2 3 4 5 6) SEAL_KEY=$(shell printf 'klmnopqrst%.0s' 1 2 3 4 5 6) \
	ALLOWED_HOSTS=lendwell.example.org SITE_URL=https://lendwell.example.org \
	DATABASE_URL=postgres://lendwell@localhost/lendwell EMAIL_URL=smtp+tls://user:word@mail.example.org:587

.venv/installed: requirements.txt
	@PYTHON=$(PYTHON) .ci/system-packages venv
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP_INSTALL) -r requirements.txt
	@touch $@

.venv/installed-for-development: requirements-dev.txt
	@PYTHON=$(PYTHON) .ci/system-packages venv
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

lighthouse: export DEMO := 1
lighthouse: .venv/installed
	$(MANAGE) shell --verbosity 0 < .ci/lighthouse-pages | SITE_URL=http://localhost:$(DEMO_PORT) xargs -L1 .ci/lighthouse

# The public words in their languages: what is new is added to the catalogues, then they are compiled. Needs gettext.
messages: export DJANGO_SETTINGS_MODULE := config.settings.test
messages: .venv/installed-for-development
	$(MANAGE) makemessages --all --no-wrap --add-location file $(foreach folder,.venv tests staticfiles var,--ignore $(folder))
	$(MANAGE) compilemessages --ignore .venv

requirements:
	@command -v uv >/dev/null || { echo "This needs uv. Run: pip install uv" >&2; exit 1; }
	uv pip compile --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url requirements.in -o requirements.txt
	uv pip compile --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf .venv staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
