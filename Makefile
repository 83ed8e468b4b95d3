# make help lists what can be asked.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

help: ## say what can be asked
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 16

setup: .venv/ready ## environment, dependencies, browser bundles

.venv/ready: setup.cfg tracker/package-lock.json
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable '.[test]'
	cd tracker && npm ci --no-audit --no-fund && npm run build
	touch $@

test: setup ## run every test, the real browser too
	$(BIN)/pytest
