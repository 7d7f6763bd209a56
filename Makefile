# Thin wrappers around the console command `lake`; every target is documented by its own comment.
.DEFAULT_GOAL := help
PYTHON ?= python3.11
BIN := .venv/bin
LAKE := $(BIN)/lake
# Tests run side by side in so many lanes (tests/support/lanes.py).
LANES ?= 3
PYTEST := $(BIN)/pytest --durations=20 --durations-min=5
IN_LANES := -n $(LANES)
# Where it is set, as in many images, each of the many processes would compile what it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup up deploy down status demo replay run check check-types check-rest audit parity format test \
        test-unit test-spark test-integration test-browser test-compose bench requirements clean

help: ## show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.installed .venv/.compiled .venv-clients/.installed .lake/jars/.fetched ## install Python packages, a Java 17 where there is none, and jars

.venv/.installed: requirements/dev.txt requirements/build.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.compiled: .venv/.installed lake/bytecode.py
	$(BIN)/python -m lake.bytecode
	@touch $@

# emr-cli and pip-audit need other releases of some packages than LocalStack does.
.venv-clients/.installed: requirements/clients.txt | .venv/.installed
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-clients
	$(BIN)/uv pip install --quiet --python .venv-clients/bin/python --require-hashes -r requirements/clients.txt
	@touch $@

.lake/jars/.fetched: pom.xml | .venv/.installed
	$(BIN)/python -m lake.jars
	@touch $@ && chmod 600 $@

up: setup ## start the stack, wait until it is healthy, deploy the pipeline
	$(LAKE) up
	$(LAKE) deploy

deploy: ## plan and apply the template, upload code and jars
	$(LAKE) deploy

down: ## stop the stack
	$(LAKE) down

status: ## show each part of the stack and its address
	$(LAKE) status

demo: setup ## start, deploy, replay seven days of webhooks, run the pipeline, print gold
	$(LAKE) demo

replay: ## replay the recorded webhooks
	$(LAKE) replay

run: ## run the state machine and show each state
	$(LAKE) run

check: check-types check-rest ## format, lint, types, template, docs/parity.md

# Half of the time is mypy's: `make -j2` has the rest checked beside it.
check-types: setup
	$(BIN)/mypy

check-rest: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/cfn-lint aws_bootstrap/template.yaml
	$(BIN)/python -m services.edge.parity --check

audit: setup ## ask for known faults of the pinned packages; UNAUDITED where the index tells none
	$(BIN)/python requirements/audit.py .venv-clients/bin/pip-audit

parity: setup ## write docs/parity.md from the code
	$(BIN)/python -m services.edge.parity

format: ## let ruff format and mend the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: setup ## all tests, those of the containers where a Docker engine answers
	$(PYTEST) tests $(IN_LANES)

test-unit: setup ## no JVM, no network
	$(PYTEST) tests/unit $(IN_LANES)

test-spark: setup ## Spark with local Delta tables
	$(PYTEST) tests/spark

test-integration: setup ## the embedded stack
	$(PYTEST) tests/integration $(IN_LANES)

test-browser: setup ## the dashboard in headless Chromium
	$(PYTEST) tests/browser

test-compose: setup ## the containers, where a Docker engine answers; the first time builds their images
	$(PYTEST) tests/compose

bench: setup ## time work against rivals and limits; ROWS="s3 webhook" for some (docs/benchmarks.md)
	$(BIN)/python -m benchmarks $(ROWS)

requirements: ## resolve requirements/*.in anew, with hashes; what runs in an image is what is tested
	for name in dev clients build edge spark dashboard; do \
	  case $$name in dev) bound=localstack;; clients) bound=build;; *) bound=dev;; esac; \
	  $(BIN)/uv pip compile --quiet --no-strip-extras --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-annotate --no-header --constraint requirements/$$bound.txt \
	    requirements/$$name.in --output-file requirements/$$name.txt; done

clean: setup ## stop the stack and remove its data, after asking
	$(LAKE) down
	$(LAKE) reset
