# Needs nothing but make and Python 3.11 or newer; everything else goes into .venv.
PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3.14 python3,$(shell \
	command -v $(p) >/dev/null && $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
UV ?= $(shell command -v uv)
BACKEND ?= embedded
REPORTS ?= reports
BIN := .venv/bin
STAMP := .venv/.setup

.DEFAULT_GOAL := help
.PHONY: help setup up down test test-cluster lint bench docs pictures night pins soak torture scan coverage advisories evidence

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(STAMP) ## make .venv with the pinned dependencies

$(STAMP): requirements/dev.txt requirements/scans.txt requirements/data.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or say make PYTHON=/path/to/python3.11" >&2; exit 1; }
ifneq ($(UV),)
	test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt -r requirements/scans.txt
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements/data.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r requirements/dev.txt -r requirements/scans.txt
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check --require-hashes --no-deps -r requirements/data.txt
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check --no-deps --no-build-isolation -e .
endif
	@touch $@

up: setup ## start the whole platform on this machine and prove it with one order
	$(BIN)/tradectl up --backend $(BACKEND)
	$(BIN)/tradectl smoke

down: setup ## stop the platform and leave nothing behind
	$(BIN)/tradectl down

test: setup lint ## lint, then every test, those of the services on real servers too where an engine answers
	$(BIN)/pytest --again -n auto --dist loadfile --no-loadscope-reorder --durations 25 --junitxml $(REPORTS)/test.xml
	$(BIN)/pytest tests/integration --again --junitxml $(REPORTS)/test-containers.xml --parts containers -n auto --dist loadfile --no-loadscope-reorder --durations 25

test-cluster: setup ## what needs a cluster, on the one that ../shared/lab/kubernetes builds; CLUSTER names a test of them
	tests/cluster/run $(CLUSTER)

lint: setup ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

scan: setup ## code, dependencies, secrets, Dockerfiles and charts; reports in REPORTS
	$(BIN)/tradectl release scan --into $(REPORTS)

coverage: setup ## unit tests, with JUnit's and Cobertura's reports in REPORTS
	$(BIN)/pytest tests/unit tests/architecture -n auto --junitxml $(REPORTS)/junit.xml \
		--cov tradectl --cov services --cov sim --cov-report xml:$(REPORTS)/coverage.xml --cov-report term:skip-covered

advisories: setup ## write security/advisories.json anew from CLONE, a clone of PyPA's advisory database
	$(BIN)/python -m tradectl.release.scans.advisories $(CLONE)

# What is seen of a release in an environment, for `make evidence KIND=load ENVIRONMENT=stage RELEASE=1.4.0`.
TARGET ?= https://localhost:8443
KIND ?= scenarios
SEEN_scenarios = scenario run scenarios --target $(TARGET) --skip-local --json
SEEN_load = load run mixed --users 20 --rate 20 --duration 120 --threshold 'p99<500ms' --threshold 'errors<1%' --target $(TARGET) --json
SEEN_soak = load run mixed --users 20 --rate 10 --shape soak --duration 1800 --target $(TARGET) --json
evidence: setup ## look at RELEASE in ENVIRONMENT (KIND: scenarios, load or soak), and sign what came of it, good or bad
	@mkdir -p $(REPORTS)
	-$(BIN)/tradectl deploy reach $(ENVIRONMENT) -- $(BIN)/tradectl $(SEEN_$(KIND)) > $(REPORTS)/$(KIND)-$(ENVIRONMENT).json
	$(BIN)/tradectl release evidence $(RELEASE) --kind $(KIND) --env $(ENVIRONMENT) --report $(REPORTS)/$(KIND)-$(ENVIRONMENT).json

bench: setup ## measure the figures of docs/reference/benchmarks.md
	$(BIN)/python -m tests.bench

N ?= 1000
SEED ?= 1
SANDBOXES ?= 1
torture: setup ## N rounds of orders on containers, in each a part is killed or paused; goes on where it stopped
	$(BIN)/python -m tests.torture $(N) --seed $(SEED) --sandboxes $(SANDBOXES)

MINUTES ?= 30
soak: setup ## half of what the platform bears, for MINUTES: no error, memory stays
	$(BIN)/python -m tests.bench.soak $(MINUTES)

docs: setup ## write docs/reference anew
	$(BIN)/python -m tradectl.cli.reference

pictures: setup ## draw the README's terminal anew, from a sandbox of its own
	$(BIN)/python -m tradectl.cli.pictures

night: test bench torture soak ## what takes long: every test, figures, torture, the soak, the tests of minutes
	$(BIN)/pytest -m night

pins: setup ## pin the newest versions that pyproject.toml admits
	requirements/pin
