# `make help` lists what can be asked. Needs Python 3.11 or later and make, nothing else.
.DEFAULT_GOAL := help
.PHONY: help run setup test test-setup bench bench-statistics pictures clean
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

help: ## say what can be asked
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 12

run: setup ## everything from nothing: set up, fill the demo shop, serve it on 127.0.0.1:8000, print its link
	@$(BIN)/netiv demo

setup: ## environment, dependencies, browser bundles, translations
	@$(PYTHON) tools/setup.py run

test: test-setup ## every test, in real browsers too
	@$(BIN)/pytest $(ARGS)

test-setup:
	@$(PYTHON) tools/setup.py test

bench: test-setup ## measure speed, write bench/results.json and the tables of docs/performance.md
	@$(BIN)/python -m bench

bench-statistics: test-setup ## simulate thousands of experiments, judge them, write the tables of docs/statistics.md; some minutes
	@$(BIN)/python -m bench.statistics $(ARGS)

pictures: test-setup ## photograph every page in both languages into docs/pictures
	@$(BIN)/python tools/pictures.py

clean: ## delete what was built, and the demo's data
	rm -rf .venv .netiv tracker/node_modules tracker/dist templates/static/dist netiv.egg-info .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find templates -name '*.mo' -delete
